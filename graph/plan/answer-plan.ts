import { DEFAULT_OVERLAP } from '../answer/change.ts'
import { momentOfAnswer, snapshotOf } from '../answer/blast.ts'
import { plural } from '../answer/durations.ts'
import { chosenLines } from '../answer/estate.ts'
import { fallRanking } from '../answer/fall-ranking.ts'
import { inventoryOf, type InventoryLine } from '../answer/inventory.ts'
import { textProp, thingOf } from '../answer/things.ts'
import { priceOfStopping } from '../answer/reach.ts'
import { QuestionError } from '../errors.ts'
import type { Estate } from '../estate/estate.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { canReach } from '../reach/reach.ts'
import { rotationOrder } from '../reach/rotation-order.ts'
import type { Conflict, Gate, PlanItem, PlanQuery, PlanReply, Wave } from '../wire-plan.ts'
import { DAY, dayOf, isoOf, readFreezes, windowsFrom, type Window } from './calendar.ts'
import { gateTitles, readinessOf, type Readiness } from './gates.ts'
import { jobsIn } from './jobs.ts'
import { moveOf } from './move.ts'
import { dutyWords, missingOf } from './raci.ts'
import { preparedOf, unpreparedOf, wordsOf } from './together.ts'
import { upstreamOf, type Upstream } from './upstream.ts'
import { watchingTime } from './watching.ts'
import { MOST_OF_A_WAVE, MOST_OF_AN_OWNER, wavesOf, type Candidate, type OrderConflict } from './waves.ts'

/** So many credentials are planned at once; each is asked the whole question. */
const MOST = 200
const CONSUMERS_SHOWN = 50

const RULES = [
  'Order: what another one certainly needs goes first, what it may need is named; then small blasts before large (by powers of ten of what falls), and among them the riskiest first. The pilot is the three readiest that wait for nobody.',
  `At most ${MOST_OF_A_WAVE} in a wave and ${MOST_OF_AN_OWNER} of one owner, one wave a week, 09:00 to 13:00 UTC, no weekends, no freeze.`,
  'A wave’s outage is one question to the engine with all its old values refused at once: not the sum of its members.',
  'A name that nobody states is missing, however likely; a plan with a missing name is not ready.',
]

const levels = { high: 3, medium: 2, low: 1 } as const

interface Planned {
  readonly line: InventoryLine
  readonly readiness: Readiness
  readonly risk: number
  readonly after: readonly number[]
}

/**
 * A cutover of these credentials: readiness of each, who answers for it, waves with dates and their combined outage, every
 * conflict. Same estate, question and day give the same bytes; the order of ids does not matter.
 * @throws QuestionError for an id that is no credential, a day that is none, an operation that one of them does not have.
 */
export function answerPlan(estate: Estate, query: PlanQuery, now: string): PlanReply {
  const at = momentOfAnswer(estate, now)
  const freezes = readFreezes(query.freeze)
  const { lines, problem, left } = linesOf(estate, query, at)
  const day = query.from === undefined ? dayOf(at)! + DAY : dayOf(query.from)
  if (day === undefined) throw new QuestionError('bad-change', 'from is no day', 'write it like 2026-12-01')
  const upstream = upstreamOf(
    estate,
    lines.map(({ credential }) => credential),
  )
  const planned = new Map(
    lines.map((line): [number, Planned] => [
      line.credential,
      {
        line,
        readiness: readinessOf(estate, estate.entities[line.credential]!.id, query.op, at),
        risk: line.found.reduce((sum, { finding }) => sum + levels[finding.level], 0),
        after: [...upstream.get(line.credential)!.certain].sort((a, b) => a - b),
      },
    ]),
  )
  const exposure = exposureOrder(estate, query.exposed)
  const { waves: order, conflicts } = wavesOf(
    [...planned.values()].map((one) => candidateOf(estate, one, exposure)),
    query.waves,
  )
  const numbers = new Map([...planned.keys()].map((index) => [estate.entities[index]!.key, index]))
  const members = order.map((keys) => keys.map((key) => planned.get(numbers.get(key)!)!))
  const windows = windowsFrom(day, members.length, freezes)
  const named = conflicts.map((one) => ({ one, conflict: conflictWords(estate, one, numbers, planned) }))
  const waves = members.map((wave, number): Wave => {
    const keys = new Set(order[number])
    const own = named.filter(({ one }) => one.kind !== 'ring' && one.keys.some((key) => keys.has(key)))
    return waveOf(
      estate,
      wave,
      windows[number]!,
      number,
      own.map(({ conflict }) => conflict),
      members.length,
      at,
    )
  })
  const items = waves.flatMap((wave) => wave.items)
  const whole = [
    ...named.filter(({ one }) => one.kind === 'ring').map(({ conflict }) => conflict),
    ...mayNeed(
      estate,
      members.map((wave) => wave.map(({ line }) => line.credential)),
      upstream,
    ),
  ]
  const ready = items.length > 0 && items.every((one) => one.ready)
  const readyCount = items.filter((one) => one.ready).length
  const conflictCount = whole.length + waves.reduce((sum, wave) => sum + wave.conflicts.length, 0)
  return {
    snapshot: snapshotOf(estate),
    ...wordsOfPlan(items, waves.length, conflictCount, ready),
    ready,
    from: isoOf(day),
    waves,
    conflicts: whole,
    totals: { credentials: items.length, ready: readyCount, waves: waves.length, conflicts: conflictCount },
    gates: gateTotals(items),
    missing: missingNames(items),
    problem,
    left,
    rules: RULES,
  }
}

function linesOf(
  estate: Estate,
  query: PlanQuery,
  at: string,
): { lines: readonly InventoryLine[]; problem: PlanReply['problem']; left: number } {
  const { kept, problem } = chosenLines(estate, query, at)
  if (query.credentials === undefined)
    return { lines: kept.slice(0, MOST), problem, left: Math.max(0, kept.length - MOST) }
  const ids = new Set(query.credentials.split(',').filter(Boolean))
  const chosen = new Set([...ids].map((id) => credentialOf(estate, id)))
  const known = inventoryOf(estate, at).filter(({ credential }) => chosen.has(credential))
  if (known.length < chosen.size) {
    const listed = new Set(known.map(({ credential }) => credential))
    const other = [...chosen].find((index) => !listed.has(index))!
    throw new QuestionError(
      'wrong-kind',
      `${estate.entities[other]!.name} is given anew to each job: nobody plans its change`,
      'leave it out, and plan what issues it',
    )
  }
  const both = query.f === undefined && query.gap === undefined ? known : known.filter((line) => kept.includes(line))
  return { lines: both.slice(0, MOST), problem, left: Math.max(0, both.length - MOST) }
}

function credentialOf(estate: Estate, id: string): number {
  const index = estate.indexOf.get(id)
  if (index === undefined)
    throw new QuestionError('not-found', `nothing with the id ${id} is known`, 'look it up by name: GET /api/find?q=…')
  const { kind, name } = estate.entities[index]!
  if (entityKinds[kind].role !== 'credential')
    throw new QuestionError('wrong-kind', `${name} is no credential`, 'name credentials by their ids')
  return index
}

function candidateOf(
  estate: Estate,
  { line, readiness, risk, after }: Planned,
  exposure: ReadonlyMap<number, number>,
): Candidate {
  const { credential, owner, weight } = line
  const open = readiness.gates.reduce((sum, { state }) => sum + (state === 'met' ? 0 : state === 'unknown' ? 1 : 2), 0)
  const keyOf = (index: number): string => estate.entities[index]!.key
  return {
    ...{ key: keyOf(credential), owner, weight, risk, open, after: after.map(keyOf) },
    ...(exposure.size > 0 && { exposed: exposure.get(credential) ?? exposure.size }),
  }
}

/** In an incident: the order in which the intruder cannot read a new value with an old one. */
function exposureOrder(estate: Estate, exposed: string | undefined): Map<number, number> {
  if (exposed === undefined) return new Map()
  const source = estate.indexOf.get(exposed)
  if (source === undefined)
    throw new QuestionError(
      'not-found',
      `nothing with the id ${exposed} is known`,
      'exposed: the id of what is in foreign hands',
    )
  const { steps } = rotationOrder(estate, canReach(estate, source), (index) => priceOfStopping(estate, index))
  const order = new Map<number, number>()
  for (const { thing } of steps) if (!order.has(thing)) order.set(thing, order.size)
  return order
}

function waveOf(
  estate: Estate,
  members: readonly Planned[],
  window: Window,
  number: number,
  own: readonly Conflict[],
  count: number,
  at: string,
): Wave {
  const credentials = members.map(({ line }) => line.credential)
  const falls = new Map(fallRanking(estate).falls.map((fall) => [fall.credential, fall]))
  const items = members.map((one) => itemOf(estate, one, falls.get(one.line.credential)!))
  return {
    number: number + 1,
    pilot: number === 0 && count > 1,
    start: isoOf(window.start),
    end: isoOf(window.end),
    items,
    unprepared: wordsOf(estate, unpreparedOf(estate, credentials)),
    prepared: wordsOf(estate, preparedOf(estate, credentials)),
    sum: {
      breaks: items.reduce((sum, { breaks }) => sum + breaks, 0),
      unknown: items.reduce((sum, { unknown }) => sum + unknown, 0),
    },
    conflicts: [...own, ...windowConflicts(estate, members, window), ...tooSoon(estate, members, window, at)],
  }
}

function itemOf(
  estate: Estate,
  { line, readiness, risk, after }: Planned,
  fall: { breaks: number; unknown: number },
): PlanItem {
  const { op, verdict, ready, gates, consumers, named, raci, rollback } = readiness
  return {
    ...{ credential: thingOf(estate, line.credential), op, owner: line.owner, verdict, ready, rollback, risk },
    gates: [...gates],
    consumers: consumers.slice(0, CONSUMERS_SHOWN),
    consumersCount: consumers.length,
    named: [...named],
    raci: [...raci],
    ...{ weight: line.weight, breaks: fall.breaks, unknown: fall.unknown },
    findings: line.found.map(({ finding }) => finding.id),
    after: after.map((index) => estate.entities[index]!.id),
  }
}

function conflictWords(
  estate: Estate,
  { kind, keys }: OrderConflict,
  numbers: ReadonlyMap<string, number>,
  planned: ReadonlyMap<number, Planned>,
): Conflict {
  const things = keys.map((key) => estate.entities[numbers.get(key)!]!)
  const names = things.map(({ name }) => name)
  const credentials = things.map(({ id }) => id)
  if (kind === 'ring')
    return {
      ...{ kind, credentials },
      words: `each of ${names.join(', ')} needs another of them for its own change to arrive`,
      todo: 'break the ring: give one of them another way for the time of the change',
    }
  if (kind === 'order')
    return {
      ...{ kind, credentials },
      words: `${names[1]} needs ${names[0]}, which goes later`,
      todo: `move ${names[0]} to an earlier wave`,
    }
  const { owner } = planned.get(numbers.get(keys[0]!)!)!.line
  return {
    ...{ kind, credentials },
    words: `${owner} has ${keys.length} items in this wave, more than ${MOST_OF_AN_OWNER}`,
    todo: 'allow more waves, or name somebody else for some of them',
  }
}

/** What only may be needed orders nothing; where it goes later than who may need it, that is said, once for each. */
function mayNeed(
  estate: Estate,
  waves: readonly (readonly number[])[],
  upstream: ReadonlyMap<number, Upstream>,
): Conflict[] {
  const place = new Map(waves.flat().map((credential, at) => [credential, at]))
  const waiting = new Map<number, number[]>()
  for (const credential of place.keys())
    for (const other of upstream.get(credential)!.possible)
      if (place.get(other)! > place.get(credential)!) waiting.set(other, [...(waiting.get(other) ?? []), credential])
  return [...waiting]
    .sort(([a], [b]) => place.get(a)! - place.get(b)!)
    .map(([other, earlier]) => ({
      kind: 'order',
      credentials: [other, ...earlier].map((index) => estate.entities[index]!.id),
      words: `${listed(earlier.map((index) => estate.entities[index]!.name))} may need ${estate.entities[other]!.name}, which goes later: possible, not certain`,
      todo: `settle what is not known of ${estate.entities[other]!.name}, or plan it first`,
    }))
}

function windowConflicts(estate: Estate, members: readonly Planned[], window: Window): Conflict[] {
  const found: Conflict[] = []
  const undated: { id: string; names: readonly string[] }[] = []
  for (const { line, readiness } of members) {
    const { id, name } = estate.entities[line.credential]!
    const about = (kind: Conflict['kind'], words: string, todo: string): void =>
      void found.push({ kind, credentials: [id], words, todo })
    const { during, unsure } = jobsIn(estate, readiness, window)
    if (during.length > 0)
      about(
        'job',
        `${name}: ${listed(during)} ${during.length === 1 ? 'runs' : 'run'} within the window`,
        'move the window or the run, or pause it',
      )
    if (unsure.length > 0) undated.push({ id, names: unsure })
    for (const words of statedFreezes(estate, readiness))
      about(
        'freeze',
        `${name}: a source states the freeze “${words}”`,
        'compare it with the window; --freeze A..B keeps it clear',
      )
    const slot = readiness.gates.find((gate) => gate.id === 'overlap')!
    if (slot.state === 'not-met' && slot.why.startsWith('all ')) about('no-slot', `${name}: ${slot.why}`, slot.todo)
  }
  const jobs = [...new Set(undated.flatMap(({ names }) => names))]
  if (jobs.length > 0)
    found.push({
      ...{ kind: 'job', credentials: undated.map(({ id }) => id) },
      words: `when ${listed(jobs)} ${jobs.length === 1 ? 'runs' : 'run'} is not known; it may be within the window`,
      todo: 'look up the schedule',
    })
  return found
}

/** Preparing takes an overlap and a full period of use: whoever should have begun by now is named. */
function tooSoon(estate: Estate, members: readonly Planned[], { start }: Window, at: string): Conflict[] {
  const late = members.filter(({ line, readiness }) => {
    if (moveOf(estate, line.credential, readiness.op).second === 'none') return false
    const lead = DEFAULT_OVERLAP + watchingTime(readiness.assessment).lasts
    return start - lead * 1000 < Date.parse(at)
  })
  if (late.length === 0) return []
  const things = late.map(({ line }) => estate.entities[line.credential]!)
  return [
    {
      ...{ kind: 'lead', credentials: things.map(({ id }) => id) },
      words: `the preparation of ${listed(things.map(({ name }) => name))} should have begun already`,
      todo: 'start later (--from), or accept that a rare use is not seen before the cut',
    },
  ]
}

/** Freezes that imports state as text, of the credential, what it proves, its places, its systems. */
function statedFreezes(estate: Estate, { scene }: Readiness): string[] {
  const near = [...scene.around, ...scene.systems.map((index) => estate.entities[index]!)]
  return [...new Set(near.flatMap((entity) => textProp(entity, 'freezeWindows') ?? []))].sort()
}

const listed = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')

function wordsOfPlan(
  items: readonly PlanItem[],
  waves: number,
  conflicts: number,
  ready: boolean,
): { title: string; sentence: string } {
  if (items.length === 0) return { title: 'Nothing to plan', sentence: 'No credential fits.' }
  const open = items.filter((one) => !one.ready).length
  const [worst] = gateTotals(items)
  return {
    title: ready
      ? `Ready: ${plural(items.length, 'credential')} in ${plural(waves, 'wave')}`
      : `Not ready: ${open} of ${plural(items.length, 'credential')} ${open === 1 ? 'has' : 'have'} open gates`,
    sentence: [
      `${plural(waves, 'wave')}, ${plural(conflicts, 'conflict')}.`,
      ...(ready || worst === undefined
        ? []
        : [`Most are held up by “${worst.title}”: ${worst.notMet} not met, ${worst.unknown} not known.`]),
    ].join(' '),
  }
}

function gateTotals(items: readonly PlanItem[]): PlanReply['gates'] {
  const ids = Object.keys(gateTitles) as Gate['id'][]
  const totals = ids.map((id) => {
    const gates = items.map((one) => one.gates.find((gate) => gate.id === id)!)
    const of = (state: Gate['state']): number => gates.filter((gate) => gate.state === state).length
    return {
      ...{ id, title: gateTitles[id], met: of('met'), notMet: of('not-met'), unknown: of('unknown') },
      todo: mostCommon(gates.map(({ todo }) => todo).filter((todo) => todo !== '')),
    }
  })
  return totals.sort((a, b) => b.notMet + b.unknown - (a.notMet + a.unknown) || ids.indexOf(a.id) - ids.indexOf(b.id))
}

function mostCommon(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const one of words) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? ''
}

function missingNames(items: readonly PlanItem[]): PlanReply['missing'] {
  const duties = Object.keys(dutyWords) as (keyof typeof dutyWords)[]
  return duties
    .map((duty) => {
      const without = items.filter((one) => missingOf(one.named).some((name) => name.duty === duty))
      return {
        duty,
        credentials: without.length,
        words: `${dutyWords[duty]}: no name for ${plural(without.length, 'credential')}`,
      }
    })
    .filter(({ credentials }) => credentials > 0)
    .sort((a, b) => b.credentials - a.credentials || duties.indexOf(a.duty) - duties.indexOf(b.duty))
}
