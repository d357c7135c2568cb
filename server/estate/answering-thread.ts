import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort, receiveMessageOnPort } from 'node:worker_threads'
import { isRanked } from '../../graph/answer/fall-ranking.ts'
import { QuestionError } from '../../graph/errors.ts'
import { useWay } from '../../graph/give-way.ts'
import type { Estate } from '../../graph/estate/build.ts'
import { askedOfEstate } from '../http/asked-of-estate.ts'
import type { House } from '../http/house.ts'
import type { Asked } from '../http/route.ts'
import { useBuiltKernels } from '../import/kernels.ts'
import { lowerPriority } from '../import/lower-priority.ts'
import { isStoreError } from '../store/errors.ts'
import type { Awaited, FromAnswering, Question, ToAnswering } from './answering.ts'
import { openEstateFile, writeEstateFileInTurns, type EstateFile } from './estate-file.ts'
import { buildFrom, snapshotOf } from './estate-inputs.ts'
import { rankTogether, startFallHelpers } from './fall-helpers.ts'
import { givingWay } from './give-way.ts'
import { answerInside, isInsideQuestion } from './inside-questions.ts'
import { lowWhileBuilding } from './low-while-building.ts'
import { replyBytes } from './reply-bytes.ts'
import { tellRanking, type RankingSoFar } from './tell-ranking.ts'
import { makeTomorrow } from './tomorrow.ts'
import { warm } from './warm.ts'

/** Program of the thread that holds one estate: builds it, makes what every question needs, then answers. */
useBuiltKernels()
const port = parentPort!
const say = (word: FromAnswering): void => port.postMessage(word)
let estate: Estate

port.on('message', take)

function take(word: ToAnswering): void {
  if (word.say === 'open') open(word.file, word)
  else if (word.say === 'build') void make(() => buildFrom(word.inputs), word, word.file)
  else if (word.say === 'stand back') lowerPriority()
  else answer(word.number, word)
}

/** Another question than the one that is being answered. */
function takeOne(): boolean {
  const next = receiveMessageOnPort(port) as { readonly message: ToAnswering } | undefined
  if (next) take(next.message)
  return next !== undefined
}

function open(file: EstateFile, awaited: Awaited): void {
  const kept = openEstateFile(file)
  if (typeof kept === 'string') say({ say: 'needs inputs' })
  else void make(() => kept, awaited)
}

/** `file`: where it is to be kept. */
async function make(estateNow: () => Estate, { isAwaited }: Awaited, file?: EstateFile): Promise<void> {
  const raise = lowWhileBuilding()
  // They load what they need while this thread builds, and have its priority; who only opens seldom needs them.
  let helpers = file && startFallHelpers()
  try {
    estate = estateNow()
    if (!isRanked(estate)) await rankTogether(estate, (helpers ??= startFallHelpers()), tellRanking(told))
  } catch (error) {
    if (!isStoreError(error)) throw error
    return say({ say: 'damaged', words: error.message })
  } finally {
    helpers?.end()
  }
  const warmed = (): void => warm(estate, new Date().toISOString())
  if (!isAwaited) warmed()
  collectGarbage()
  raise()
  useWay(givingWay({ takeOne, clock: () => performance.now() }))
  say({ say: 'ready', snapshot: snapshotOf(estate) })
  // Who asks meanwhile is answered in between.
  if (isAwaited) warmed()
  makeTomorrow(estate)
  if (file) await writeEstateFileInTurns(file, estate)
}

const told = (soFar: RankingSoFar): void => say({ say: 'ranking', ...soFar })

/** What the build left is taken away before anybody waits for an answer, not while somebody does. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}

function answer(number: number, question: Question): void {
  try {
    say({ say: 'reply', number, bytes: replyBytes(estate, replyTo(question)) })
  } catch (error) {
    if (error instanceof Elsewhere) say({ say: 'reply', number, bytes: undefined })
    else if (error instanceof QuestionError)
      say({ say: 'refused', number, code: error.code, words: error.message, hint: error.hint, details: error.details })
    else say({ say: 'failed', number, error: error as Error })
  }
}

const loop = monitorEventLoopDelay({ resolution: 5 })

/** How late this thread was since it was asked the last time; ms. From the first time on. */
function lateness(): { readonly p99: number; readonly max: number } {
  loop.enable()
  const late = { p99: loop.percentile(99) / 1e6, max: loop.max / 1e6 }
  loop.reset()
  return late
}

function replyTo({ route, params, query, body, now }: Question): unknown {
  if (route === 'lateness') return lateness()
  if (isInsideQuestion(route)) return answerInside(estate, route, body, now)
  const house = only<House>({ keeper: only({ estate: () => estate }), now: () => now })
  const asked = only<Asked<never, never>>({ params, query, body })
  return askedOfEstate.get(route)!.answer(house, asked)
}

/** A route asked for something that is not in this thread. */
class Elsewhere extends Error {}

function only<T extends object>(there: object): T {
  return new Proxy(there, {
    get(target, name) {
      if (!Object.hasOwn(target, name)) throw new Elsewhere()
      return (target as Record<PropertyKey, unknown>)[name]
    },
  }) as T
}
