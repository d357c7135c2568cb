import { once } from 'node:events'
import { Scope, type FactsMessage } from '../../importers/read/messages.ts'
import type { LostFile } from '../../importers/read/run-importers.ts'
import { safeLabel } from '../../importers/read/second-net.ts'
import { childProgram, startChild, type ReadingChild } from './child-process.ts'
import { FromChild, type ToChild } from './child-words.ts'
import { factGate } from './fact-gate.ts'
import { feedChild } from './feed-child.ts'
import { frameReader, type FrameReader } from './frames.ts'
import { killersOf, type Killers } from './killers.ts'
import {
  childLimits,
  ReadingFailed,
  type ChildLimits,
  type ReadableFile,
  type ReadingOptions,
  type ReadMessage,
} from './reading.ts'

/**
 * One child over all files. Returns nothing when it came to its end, else the file on which it died: then what it
 * said before is void.
 */
export async function* readOnce(
  files: AsyncIterable<ReadableFile>,
  lost: readonly LostFile[],
  options: ReadingOptions,
): AsyncGenerator<ReadMessage, LostFile | undefined> {
  options.signal?.throwIfAborted()
  const limits = { ...childLimits, ...options.limits }
  const child = startChild(options.program ?? childProgram())
  const exited = once(child, 'exit').catch(() => {})
  const feeder = feedChild(child.stdin, files, startWord(lost, options))
  const at = { index: -1, name: '', importer: null as string | null, ending: false }
  const kills = killersOf(child, feeder, limits, options.signal)
  const gate = factGate()
  let facts = 0
  let finished = false
  try {
    for await (const word of words(child, limits, kills)) {
      if (word.type === 'facts') {
        facts += word.facts.length
        if (facts > limits.facts) throw tooManyFacts(limits)
        yield gate.pass(word)
      } else if (word.type === 'scope') yield gate.close(word)
      else if (word.type === 'file') yield word
      else if (word.type === 'progress') {
        at.name = word.file
        at.importer = word.importer
        options.onProgress?.(word)
      } else if (word.type === 'reading') {
        at.index = word.index
        at.name = safeLabel(feeder.nameOf(word.index))
        at.importer = null
      } else if (word.type === 'here') kills.started()
      else if (word.type === 'ending') at.ending = true
      else if (word.type === 'done') finished = true
      else feeder.request(word.type)
    }
    await exited
    options.signal?.throwIfAborted()
    if (feeder.failure() !== undefined) throw feeder.failure()
    if (finished) return undefined
    const why = kills.why() ?? died(child)
    if (kills.fatal()) throw new ReadingFailed(why)
    if (at.ending) throw new ReadingFailed(`The parser died after the last file: ${why} Import in smaller parts.`)
    if (at.index < 0) throw new ReadingFailed(`The reader of files did not start: ${why}`)
    return { name: at.name, importer: at.importer, error: `The parser died while reading ${at.name}: ${why}` }
  } finally {
    kills.stop()
    feeder.stop()
    child.kill('SIGKILL')
    await exited
  }
}

function startWord(lost: readonly LostFile[], options: ReadingOptions): ToChild {
  const { fingerprintKey: key, scopeName, ownershipRules, limits } = options
  const fingerprintKey = key === undefined ? undefined : Buffer.from(key).toString('base64')
  return { say: 'start', fingerprintKey, scopeName, ownershipRules, limits, lost }
}

function tooManyFacts(limits: ChildLimits): ReadingFailed {
  return new ReadingFailed(`The files hold more than ${limits.facts} facts: import in parts.`)
}

function died(child: ReadingChild): string {
  const how = child.signalCode ?? `exit code ${child.exitCode}`
  return `the process ended (${how}), most often for want of memory.`
}

/** What the child says, checked; ends with the child. A wrong word ends it. */
async function* words(child: ReadingChild, limits: ChildLimits, kills: Killers): AsyncGenerator<FromChild> {
  const frames = frameReader(limits.messageBytes)
  const chunks = (child.stdout as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
  for (;;) {
    const next = await kills.await(chunks.next())
    if (next.done) return
    frames.push(next.value)
    for (;;) {
      const word = nextWord(frames)
      if (word === undefined) break
      if (word === 'garbage') return kills.kill('it sent what is no fact, or too much at once.')
      yield word
    }
  }
}

function nextWord(frames: FrameReader): FromChild | 'garbage' | undefined {
  try {
    const frame = frames.next()
    if (!frame) return undefined
    const word = JSON.parse(frame.payload.toString('utf8')) as { type?: unknown }
    return word.type === 'facts' ? checkFacts(word as FactsMessage) : FromChild.parse(word)
  } catch {
    return 'garbage'
  }
}

const checkFacts = (message: FactsMessage): FactsMessage => ({ ...message, scope: Scope.parse(message.scope) })
