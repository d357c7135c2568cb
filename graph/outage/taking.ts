import { channels } from './channels.ts'
import type { Run } from './run.ts'
import { TIMING_WIDTH } from './timings.ts'

/** Spans in which a relationship picks nothing up; `who` can end it, `otherwise` is when it ends without `who`. */
interface Downs {
  readonly start: number[]
  readonly end: number[]
  /** Entities that each end the span alone (a login that comes back); the first has the earliest end. */
  readonly who: number[][]
}

/** When a value is taken, and what decided it: the entities that were down last, or the place it came from. */
export interface Taken {
  readonly moment: number
  readonly waitedFor: readonly number[] | null
}

export function pickupOf(run: Run, relationship: number): number {
  return run.estate.timings[run.estate.timing[relationship]! * TIMING_WIDTH + run.pickupColumn]!
}

/** Engine.md rule 3: when a value that is good from `from` on is taken over a relationship, pickup included. */
export function taken(run: Run, relationship: number, from: number): number {
  return taking(run, relationship, from).moment
}

export function taking(run: Run, relationship: number, from: number): Taken {
  const pickup = pickupOf(run, relationship)
  if (from === Infinity || pickup === Infinity) return { moment: Infinity, waitedFor: null }
  const downs = downsOf(run, relationship)
  let begin = from
  let waitedFor: readonly number[] | null = null
  for (;;) {
    const block = blocking(downs, begin, pickup)
    if (block < 0) return { moment: begin + pickup, waitedFor }
    begin = downs.end[block]!
    waitedFor = downs.who[block]!
    if (begin === Infinity) return { moment: Infinity, waitedFor }
  }
}

/** A span that holds `begin` or interrupts `[begin, begin + pickup)`. */
function blocking({ start, end }: Downs, begin: number, pickup: number): number {
  for (let i = 0; i < start.length; i++)
    if (end[i]! > begin && (start[i]! <= begin || start[i]! < begin + pickup)) return i
  return -1
}

function downsOf(run: Run, relationship: number): Downs {
  const { estate } = run
  const downs: Downs = { start: [], end: [], who: [] }
  addOutage(run, downs, estate.to[relationship]!)
  if (estate.channel[relationship] === channels.syncs) addOutage(run, downs, estate.from[relationship]!)
  if (estate.agents === null) return downs
  const { start, list } = estate.agents
  for (let i = start[relationship]!; i < start[relationship + 1]!; i++) addAgent(run, downs, list[i]!)
  return downs
}

function addOutage(run: Run, downs: Downs, entity: number): void {
  if (run.outEnd[entity]! <= run.outStart[entity]!) return
  downs.start.push(run.outStart[entity]!)
  downs.end.push(run.outEnd[entity]!)
  downs.who.push([entity])
}

/** An agent is down while it is out; worst case also from when its rotated login is refused, for good: nobody said who hands it over. */
function addAgent(run: Run, downs: Downs, agent: number): void {
  addOutage(run, downs, agent)
  if (!run.worst) return
  if (run.resolved.rotated.has(agent)) {
    downs.start.push(run.inv)
    downs.end.push(Infinity)
    downs.who.push([])
  }
  addLogins(run, downs, agent)
}

/**
 * An identity is also down while all its logins are, from the latest start to the earliest end. A login whose
 * `AUTHENTICATES_AS` is cut stays one of them: it is out by that cut, so it counts as down rather than as absent.
 */
function addLogins(run: Run, downs: Downs, identity: number): void {
  const { start, list } = run.estate.logins
  if (start[identity] === start[identity + 1]) return
  let from = -Infinity
  let to = Infinity
  const who: number[] = []
  for (let i = start[identity]!; i < start[identity + 1]!; i++) {
    const credential = run.estate.from[list[i]!]!
    const rotated = run.resolved.rotated.has(credential)
    const loginStart = Math.min(run.outStart[credential]!, rotated ? run.inv : Infinity)
    const loginEnd = rotated ? Infinity : run.outEnd[credential]!
    if (loginEnd <= loginStart) return
    from = Math.max(from, loginStart)
    to = Math.min(to, loginEnd)
    if (!rotated) who.push(credential)
  }
  if (to <= from) return
  downs.start.push(from)
  downs.end.push(to)
  downs.who.push(who)
}
