/** Frames between the server and the child that reads files: 4 bytes length, 1 byte type, payload. */
export const frameType = { json: 0, bytes: 1 } as const
export type FrameType = (typeof frameType)[keyof typeof frameType]

export interface Frame {
  readonly type: number
  readonly payload: Buffer
}

const HEADER = 5

export function jsonFrame(value: unknown): Buffer {
  const text = JSON.stringify(value)
  const payload = Buffer.byteLength(text)
  const whole = headed(frameType.json, payload)
  whole.write(text, HEADER)
  return whole
}

export function bytesFrame(bytes: Uint8Array): Buffer {
  const whole = headed(frameType.bytes, bytes.length)
  whole.set(bytes, HEADER)
  return whole
}

/** A frame with room for its payload. */
function headed(type: FrameType, payload: number): Buffer {
  const whole = Buffer.allocUnsafe(HEADER + payload)
  whole.writeUInt32BE(payload, 0)
  whole[4] = type
  return whole
}

export class FrameTooLarge extends Error {}

export interface FrameReader {
  push(chunk: Buffer): void
  /** The next whole frame. @throws FrameTooLarge as soon as its length is known. */
  next(): Frame | undefined
}

/** Cuts frames from the chunks of a pipe. */
export function frameReader(maxBytes: number): FrameReader {
  let chunks: Buffer[] = []
  let length = 0
  const gather = (): Buffer => {
    const all = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)
    chunks = [all]
    return all
  }
  let wanted = HEADER
  return {
    push(chunk) {
      chunks.push(chunk)
      length += chunk.length
    },
    next() {
      if (length < wanted) return undefined
      const all = gather()
      const size = all.readUInt32BE(0)
      if (size > maxBytes) throw new FrameTooLarge()
      wanted = HEADER + size
      if (length < wanted) return undefined
      const found = { type: all[4]!, payload: all.subarray(HEADER, wanted) }
      chunks = length > wanted ? [all.subarray(wanted)] : []
      length -= wanted
      wanted = HEADER
      return found
    },
  }
}
