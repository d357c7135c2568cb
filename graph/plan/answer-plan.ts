import { momentOfAnswer, snapshotOf } from '../answer/blast.ts'
import { plural } from '../answer/durations.ts'
import { chosenLines } from '../answer/estate.ts'
import { fallRanking } from '../answer/fall-ranking.ts'
import { inventoryOf, type InventoryLine } from '../answer/inventory.ts'
import { priceOfStopping } from '../answer/reach.ts'
import { QuestionError } from '../errors.ts'
import type { Estate } from '../estate/estate.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { canReach } from '../reach/reach.ts'
import { rotationOrder } from '../reach/rotation-order.ts'
import type { Conflict, PlanItem, PlanQuery, PlanReply, Wave } from '../wire-plan.ts'
import { allTaken } from './all-taken.ts'
import { DAY, dayOf, isoOf, readFreezes, windowsFrom, type Window } from './calendar.ts'
import { readinessOf } from './gates.ts'
import { candidateOf, gateTotals, itemOf, missingNames, riskOf, type Planned } from './planned.ts'
import { preparedOf, unpreparedOf, wordsOf } from './together.ts'
import { upstreamOf } from './upstream.ts'
import { conflictWords, mayNeed, tooSoon, windowConflicts } from './wave-conflicts.ts'
import { MOST_OF_A_WAVE, MOST_OF_AN_OWNER, wavesOf } from './waves.ts'

/** So many credentials are planned at once; each is asked the whole question. */
export const MOST = 200

export const RULES = [
  'Order: what another one certainly needs goes first, what it may need is named; then small blasts before large (by powers of ten of what falls), and among them the riskiest first. The pilot is the three readiest that wait for nobody.',
  `At most ${MOST_OF_A_WAVE} in a wave and ${MOST_OF_AN_OWNER} of one owner, one wave a week, 09:00 to 13:00 UTC, no weekends, no freeze.`,
  'A wave’s outage is one question to the engine with all its old values refused at once: not the sum of its members.',
  'A name that nobody states is missing, however likely; a plan with a missing name is not ready.',
]

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
        risk: riskOf(line),
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
  const taken = allTaken(
    estate,
    members.map((wave) => wave.map(({ line, readiness }) => ({ credential: line.credential, op: readiness.op }))),
  )
  const waves = members.map((wave, number): Wave => {
    const together = taken[number]
    const keys = new Set(order[number])
    const own = named.filter(({ one }) => one.kind !== 'ring' && one.keys.some((key) => keys.has(key)))
    return waveOf(
      estate,
      wave,
      windows[number]!,
      number,
      [...(together ? [together] : []), ...own.map(({ conflict }) => conflict)],
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
  const ready = items.length > 0 && items.every((one) => one.ready) && taken.every((one) => one === undefined)
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
      : open === 0
        ? 'Not ready: something breaks that no single change breaks'
        : `Not ready: ${open} of ${plural(items.length, 'credential')} ${open === 1 ? 'has' : 'have'} open gates`,
    sentence: [
      `${plural(waves, 'wave')}, ${plural(conflicts, 'conflict')}.`,
      ...(ready || worst === undefined
        ? []
        : [`Most are held up by “${worst.title}”: ${worst.notMet} not met, ${worst.unknown} not known.`]),
    ].join(' '),
  }
}
