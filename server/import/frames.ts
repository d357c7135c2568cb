/** Frames between the server and the child that reads files: 4 bytes length, 1 byte type, payload. */
export const frameType = { json: 0, bytes: 1 } as const
export type FrameType = (typeof frameType)[keyof typeof frameType]

export interface Frame {
  readonly type: number
  readonly payload: Buffer
}

const HEADER = 5

export function jsonFrame(value: unknown): Buffer {
  return frame(frameType.json, Buffer.from(JSON.stringify(value), 'utf8'))
}

export function bytesFrame(bytes: Uint8Array): Buffer {
  return frame(frameType.bytes, bytes)
}

function frame(type: FrameType, payload: Uint8Array): Buffer {
  const header = Buffer.allocUnsafe(HEADER)
  header.writeUInt32BE(payload.length, 0)
  header[4] = type
  return Buffer.concat([header, payload])
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
