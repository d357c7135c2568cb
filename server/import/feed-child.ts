import type { Writable } from 'node:stream'
import type { ToChild } from './child-words.ts'
import { bytesFrame, jsonFrame } from './frames.ts'
import type { ReadableFile } from './reading.ts'

/** Files up to this size are sent at once, so that a hundred thousand of them need no answers in between. */
const HELD_BYTES = 1 << 20

export type Request = 'open' | 'close' | 'release'

export interface Feeder {
  /** What the child asked for, of the large file it is at. */
  request(word: Request): void
  /** Label of the file with this number. */
  nameOf(index: number): string
  /** True while a source lets us wait: then the child can't be blamed for its silence. */
  waiting(): boolean
  /** Why the sources could not be walked. */
  failure(): unknown
  stop(): void
}

class Gone extends Error {}

/** Sends files to the child at the pace at which it takes them. */
export function feedChild(pipe: Writable, files: AsyncIterable<ReadableFile>, start: ToChild): Feeder {
  const names: string[] = []
  const requests: Request[] = []
  let wake = () => {}
  let stopped = false
  let waiting = false
  let failure: unknown
  // A pipe that breaks means that the child has died; its exit tells why.
  pipe.on('error', () => {})
  pipe.on('close', () => wake())

  const write = async (bytes: Buffer): Promise<void> => {
    if (stopped || pipe.destroyed) throw new Gone()
    if (pipe.write(bytes)) return
    await new Promise<void>((resolve) => {
      const go = () => {
        pipe.off('drain', go).off('close', go)
        resolve()
      }
      pipe.once('drain', go).once('close', go)
    })
  }
  const say = (word: ToChild) => write(jsonFrame(word))
  const nextRequest = async (): Promise<Request> => {
    for (;;) {
      const request = requests.shift()
      if (request) return request
      if (stopped || pipe.destroyed) throw new Gone()
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  const fromSource = async <T>(wait: Promise<T>): Promise<T> => {
    waiting = true
    try {
      return await wait
    } finally {
      waiting = false
    }
  }

  async function sendAsked(file: ReadableFile): Promise<void> {
    const bytes = file.open()[Symbol.asyncIterator]()
    let error: string | undefined
    try {
      for (;;) {
        const next = await fromSource(bytes.next())
        if (next.done || requests[0] === 'close') break
        await write(bytesFrame(next.value))
      }
    } catch (caught) {
      if (caught instanceof Gone) throw caught
      error = cannotRead(caught)
    } finally {
      await bytes.return?.()
    }
    await say({ say: 'eof', error })
  }

  async function send(file: ReadableFile, index: number): Promise<void> {
    const { name, size, repository, importer } = file
    const word = { say: 'file', index, name, size, repository, importer } as const
    if (file.error !== undefined) {
      await write(Buffer.concat([jsonFrame({ ...word, held: true, error: file.error }), bytesFrame(new Uint8Array())]))
    } else if (size !== undefined && size <= HELD_BYTES) {
      const held = await fromSource(hold(file))
      const error = typeof held === 'string' ? held : undefined
      const bytes = typeof held === 'string' ? new Uint8Array() : held
      await write(Buffer.concat([jsonFrame({ ...word, held: true, error }), bytesFrame(bytes)]))
    } else {
      await say({ ...word, held: false })
      for (let request = await nextRequest(); request !== 'release'; request = await nextRequest()) {
        if (request === 'open') await sendAsked(file)
      }
    }
  }

  async function feed(): Promise<void> {
    await say(start)
    for await (const file of files) {
      names.push(file.name)
      await send(file, names.length - 1)
    }
    await say({ say: 'finish' })
  }
  feed().catch((error: unknown) => {
    if (!(error instanceof Gone)) failure = error
    pipe.destroy()
  })
  return {
    request(word) {
      requests.push(word)
      wake()
    },
    nameOf: (index) => names[index] ?? '',
    waiting: () => waiting,
    failure: () => failure,
    stop() {
      stopped = true
      pipe.destroy()
      wake()
    },
  }
}

/** The bytes of a small file, or why it can't be read. */
async function hold(file: ReadableFile): Promise<Buffer | string> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of file.open()) chunks.push(chunk)
    return Buffer.concat(chunks)
  } catch (error) {
    return cannotRead(error)
  }
}

function cannotRead(error: unknown): string {
  const code = (error as { code?: unknown }).code
  return `It can't be read to its end (${typeof code === 'string' ? code : 'the source failed'}): try again.`
}
