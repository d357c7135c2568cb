import { readSync, writeSync } from 'node:fs'
import type { Importer } from '../../importers/importer.ts'
import type { RawFile } from '../../importers/read/raw-file.ts'
import { ReadError } from '../../importers/read/read-error.ts'
import { runImporters } from '../../importers/read/run-importers.ts'
import type { FromChild, ToChild } from './child-words.ts'
import { frameReader, frameType, jsonFrame, type Frame } from './frames.ts'

const STDIN = 0
const STDOUT = 1
const MAX_FRAME_BYTES = 64 * 1024 * 1024
const CHUNK_BYTES = 256 * 1024
const PAUSE_MS = 1

/**
 * The child's whole life: takes files from the pipe, runs the importers over them, writes what they say. It reads and
 * writes the pipes synchronously: that is back-pressure for nothing, and what was said before a crash has arrived.
 */
export async function readForParent(importers: readonly Importer[]): Promise<void> {
  say({ type: 'here' })
  const start = hear(nextFrame())
  if (start.say !== 'start') throw new Error('the first word must be start')
  const options = {
    importers,
    scopeName: start.scopeName,
    ownershipRules: start.ownershipRules,
    limits: start.limits,
    lost: start.lost,
    fingerprintKey: start.fingerprintKey === undefined ? undefined : Buffer.from(start.fingerprintKey, 'base64'),
  }
  for await (const message of runImporters(files(), options)) say(message)
  say({ type: 'done' })
}

async function* files(): AsyncGenerator<RawFile> {
  for (;;) {
    const word = hear(nextFrame())
    if (word.say === 'finish') return say({ type: 'ending' })
    if (word.say !== 'file') throw new Error(`a file was expected, not ${word.say}`)
    const { index, name, size, repository, importer, error } = word
    const held = word.held ? nextFrame().payload : undefined
    say({ type: 'reading', index })
    yield {
      name,
      size,
      repository,
      importer,
      async *stream() {
        if (error !== undefined) throw new ReadError('unreadable-record', error)
        if (held) yield held
        else yield* asked(index)
      },
    }
    if (!held) say({ type: 'release', index })
  }
}

/** Bytes of a file too large to be sent along: from its beginning, each time they are asked for. */
async function* asked(index: number): AsyncGenerator<Uint8Array> {
  say({ type: 'open', index })
  let open = true
  try {
    for (;;) {
      const frame = nextFrame()
      if (frame.type === frameType.bytes) {
        yield frame.payload
        continue
      }
      open = false
      const word = hear(frame)
      if (word.say === 'eof' && word.error !== undefined) throw new ReadError('truncated', word.error)
      return
    }
  } finally {
    if (open) {
      say({ type: 'close', index })
      while (nextFrame().type === frameType.bytes);
    }
  }
}

const incoming = frameReader(MAX_FRAME_BYTES)

function nextFrame(): Frame {
  for (;;) {
    const frame = incoming.next()
    if (frame) return frame
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    const count = retry(() => readSync(STDIN, chunk, 0, chunk.length, null))
    // The server is gone, and with it every reason to go on.
    if (count === 0) process.exit(1)
    incoming.push(chunk.subarray(0, count))
  }
}

function hear(frame: Frame): ToChild {
  if (frame.type !== frameType.json) throw new Error('a word was expected, not bytes')
  return JSON.parse(frame.payload.toString('utf8')) as ToChild
}

function say(word: FromChild): void {
  const frame = jsonFrame(word)
  for (let at = 0; at < frame.length;) at += retry(() => writeSync(STDOUT, frame, at))
}

/** A pipe that does not block says EAGAIN instead of waiting. */
function retry(call: () => number): number {
  for (;;) {
    try {
      return call()
    } catch (error) {
      if ((error as { code?: string }).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
    }
  }
}
