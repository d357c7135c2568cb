import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ItemsQuery } from '../../graph/wire.ts'
import { startClock, type Clock } from './files.ts'
import { measured, outside, words, type Measured, type Predicted } from './judge.ts'
import { predict, type Facts } from './predict.ts'
import { startWorkload, type Work, type Workload } from './workload.ts'

/** A workload under its key in the facts, and what is done to it after the watching, to see that the step helps. */
export interface Watched {
  readonly id: string
  readonly work: Work
  /** "restart" is the step that the answer names: with this in its environment it has to work again. */
  readonly restartWith?: object
  /** Hidden by an open connection: it has to fail after a restart with what it has. */
  readonly failsAfterRestart?: true
}

/** One situation made in reality, and the same told to the product as facts. */
export interface Run {
  readonly name: string
  readonly facts: Facts
  readonly subject: string
  readonly query: ItemsQuery
  readonly workloads: readonly Watched[]
  /** Makes the change, what is published with it included. */
  act(): Promise<void>
  /** When the change begins, where it is a date: an expiry. */
  readonly begins?: Date
  /** Seconds to watch after the change. */
  readonly watch: number
  /** Ends what the run started beside its workloads. */
  readonly end?: () => void
}

/** Makes the situation when its turn has come; what is done by the clock tells the clock when it was. */
export type Make = (clock: Clock) => Promise<Run>

export interface Judged {
  readonly run: string
  readonly workload: string
  readonly certain: Predicted
  readonly possible: Predicted
  readonly seen: Measured
  /** How late what was done by the clock was at most, seconds. */
  readonly late: number
  readonly wrong: readonly string[]
}

/** Half of what lies between what the workloads do and what the facts say of them: polls each 1.6 s of at most 2. */
const BUSY_S = 0.2
const TRIES = 3

/**
 * Makes it, watches, and compares with what was predicted before. While the machine was too busy to do anything when it
 * was due, nothing was measured, whatever was seen: then it is made again, at most twice.
 */
export async function perform(make: Make): Promise<Judged[]> {
  for (let left = TRIES - 1; ; left--) {
    const clock = startClock()
    const run = await make(clock)
    const judged = await performed(run, clock)
    const late = Math.max(...judged.map((one) => one.late))
    if (late <= BUSY_S) return judged
    console.warn(`${run.name}: the machine was ${late.toFixed(2)} s late${left > 0 ? ', made again' : ''}`)
    if (left === 0) return judged
  }
}

async function performed(run: Run, clock: Clock): Promise<Judged[]> {
  const predicted = predict(run.facts, run.subject, run.query, new Date().toISOString())
  const started = new Map<string, Workload>()
  try {
    for (const { id, work } of run.workloads) started.set(id, await startWorkload(work))
    if (run.begins) clock.was(run.begins.getTime() - READY_MS)
    const from = Date.now()
    await run.act()
    const change = run.begins ? { from: run.begins.getTime(), to: run.begins.getTime() } : { from, to: Date.now() }
    await until(change.to + run.watch * 1000)
    const judged: Judged[] = []
    for (const one of run.workloads) {
      const workload = started.get(one.id)!
      const { certain, possible } = predicted.get(one.id) ?? { certain: null, possible: null }
      const seen = measured([...workload.attempts], change)
      const late = Math.max(TICK_MS, clock.late, ...workload.attempts.map((attempt) => attempt.late ?? 0)) / 1000
      const wrong = [...outside(seen, certain, possible, late), ...(await afterwards(one, workload))]
      judged.push({ run: run.name, workload: one.id, certain, possible, seen, late, wrong })
    }
    return judged
  } finally {
    await Promise.all([...started.values()].map((one) => one.stop()))
    run.end?.()
  }
}

/** Servers ask time(2) whether something has ended; it lags by a tick of the kernel, 10 ms at HZ=100. */
const TICK_MS = 10
/** Workloads work that long before their credential ends. */
const READY_MS = 500
const SETTLES_WITHIN_MS = 15_000

/** What the answer says of a restart is done, too. */
async function afterwards(one: Watched, workload: Workload): Promise<string[]> {
  if (one.restartWith === undefined && !one.failsAfterRestart) return []
  const before = workload.attempts.length
  await workload.restart(one.restartWith)
  const since = Date.now()
  while (workload.attempts.length < before + 2 && Date.now() - since < SETTLES_WITHIN_MS) await until(Date.now() + 20)
  const last = workload.attempts.at(-1)
  if (workload.attempts.length < before + 2) return ['did not come back from its restart']
  if (one.failsAfterRestart) return last!.ok ? ['predicted to fail at its next restart, and works'] : []
  return last!.ok ? [] : ['predicted to work after a restart, and does not']
}

function until(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, Math.max(0, ms - Date.now())))
}

const span = (predicted: Predicted): string =>
  predicted === null ? 'never' : `${predicted[0]} to ${predicted[1] ?? 'the end'}`

/** One line a workload, for people. */
export function lineOf({ run, workload, certain, possible, seen, late, wrong }: Judged): string {
  const failed = seen.failed ? `failed ${words(seen.failed)}` : 'never failed'
  const clock = `${Math.round(late * 1000)} ms late`
  const back = seen.recovered ? `, worked again ${words(seen.recovered)}` : seen.failed ? ', not again' : ''
  const judgement = wrong.length ? `OUTSIDE: ${wrong.join('; ')}` : 'inside'
  return `${run}: ${workload}: certain ${span(certain)}, possible ${span(possible)}; ${failed}${back}; ${clock}: ${judgement}`
}

/** Keeps what was measured for whoever looks later. */
export function keep(judged: readonly Judged[]): void {
  const folder = join(import.meta.dirname, '../../artifacts')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'lab.json'), JSON.stringify(judged, null, 2))
}
