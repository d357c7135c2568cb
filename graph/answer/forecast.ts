import { along, type Estate } from '../estate/estate.ts'
import { entityKinds, type EntityKind } from '../kinds/entity-kinds.ts'
import { deliveryModes } from '../kinds/delivery.ts'
import type { ForecastItem, ForecastQuery, ForecastReply } from '../wire-acts.ts'
import type { Overall } from '../wire.ts'
import { assess } from './assess.ts'
import { momentOfAnswer, snapshotOf } from './blast.ts'
import { coverageOf } from './coverage.ts'
import { duration, plural } from './durations.ts'
import { fallRanking, type CredentialFall } from './fall-ranking.ts'
import { countsOf, overallOf } from './headline.ts'
import { changeRow, effectOf } from './operations.ts'
import { heaviest } from './rank.ts'
import { ownerOf, textProp, thingOf } from './things.ts'

const DAYS = 90
const LISTED = 500
const OVER_LISTED = 100
/** So many are asked the whole question; of the others it is only said what falls. */
const ASSESSED = 200
const DAY = 86_400_000

/** Properties that name a moment at which a value ends, or is replaced by whoever rotates it. */
const moments = [
  ['expiresAt', 'expires'],
  ['notAfter', 'expires'],
  ['nextRotationAt', 'rotates'],
] as const

interface Due {
  readonly index: number
  readonly at: number
  readonly what: ForecastItem['what']
}

/** What runs out when, and what each breaks if nobody acts. What has no known end is counted, not forgotten. */
export function answerForecast(estate: Estate, { days = DAYS }: ForecastQuery, now: string): ForecastReply {
  const moment = momentOfAnswer(estate, now)
  const from = Date.parse(moment)
  const until = from + days * DAY
  const all = duesOf(estate)
  const due = all.filter(({ at }) => at >= from && at < until)
  const over = all.filter(({ at, index }) => at < from && isStillThere(estate, index))
  const falls = new Map(fallRanking(estate).falls.map((fall) => [fall.credential, fall]))
  const worded = (list: readonly Due[], most: number): ForecastItem[] =>
    list.slice(0, most).map((one, at) => itemOf(estate, one, falls.get(one.index), from, moment, at < ASSESSED))
  const items = worded(due, LISTED)
  const dated = new Set(all.map(({ index }) => index))
  const unknown = undated(estate, dated)
  return {
    snapshot: snapshotOf(estate),
    from: moment,
    until: iso(until),
    sentence: sentenceOf(items, due.length, over.length, unknown.count, days),
    items,
    itemsCount: due.length,
    over: worded(over.reverse(), OVER_LISTED),
    overCount: over.length,
    later: all.filter(({ at }) => at >= until).length,
    unknown,
    endless: credentialsIn(estate).filter((index) => !dated.has(index) && !canExpire(estate.entities[index]!.kind))
      .length,
  }
}

function iso(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Every dated end or rotation, soonest first; ties by entity number. */
function duesOf(estate: Estate): Due[] {
  const dues: Due[] = []
  estate.entities.forEach((entity, index) => {
    const { role } = entityKinds[entity.kind]
    if (role !== 'credential' && role !== 'secret' && role !== 'resource') return
    for (const [prop, what] of moments) {
      const at = Date.parse(textProp(entity, prop) ?? '')
      if (Number.isFinite(at)) dues.push({ index, at, what })
    }
  })
  return dues.sort((a, b) => a.at - b.at || a.index - b.index)
}

function credentialsIn(estate: Estate): number[] {
  return Array.from(estate.entities.keys()).filter(
    (index) => entityKinds[estate.entities[index]!.kind].role === 'credential',
  )
}

function canExpire(kind: EntityKind): boolean {
  const ttl = changeRow(kind)?.defaultTtl
  return effectOf(kind, 'expire').codes[0] !== 'na' && ttl !== 'none' && ttl !== 'job'
}

/** Something over is worth a line only while somebody still reads or uses it. */
function isStillThere(estate: Estate, index: number): boolean {
  for (const number of along(estate.in, index)) {
    const { kind, confidence } = estate.relationships[number]!
    if (confidence !== 'none' && (kind === 'HOLDS' || kind === 'USES_CREDENTIAL' || kind === 'USES_SECRET')) return true
  }
  return false
}

function itemOf(
  estate: Estate,
  { index, at, what }: Due,
  fall: CredentialFall | undefined,
  from: number,
  moment: string,
  whole: boolean,
): ForecastItem {
  const days = Math.round(((at - from) / DAY) * 10) / 10
  const base = {
    thing: thingOf(estate, index),
    what,
    at: iso(at),
    days,
    owner: ownerOf(estate, index),
    systems: fall?.systems ?? 0,
    tier1: fall?.tier1 ?? 0,
    weight: fall?.weight ?? 0,
    first: fall !== undefined && fall.breaks + fall.unknown > 0 ? heaviest(estate, index) : [],
  }
  const asked = whole ? askedOf(estate, index, what) : []
  if (asked.length > 0) {
    const answers = asked.map(({ credential, op }) => {
      const assessment = assess(estate, credential, op, undefined, { now: moment })
      const counts = countsOf(assessment)
      return { counts, verdict: overallOf(assessment, counts, coverageOf(estate, credential, moment), moment) }
    })
    const sum = (of: (one: (typeof answers)[number]['counts']) => number): number =>
      answers.reduce((total, one) => total + of(one.counts), 0)
    const verdict = worst.find((one) => answers.some((answer) => answer.verdict === one))!
    return {
      ...base,
      verdict,
      breaks: sum(({ breaks, steps }) => breaks + steps),
      unknown: sum(({ unknown }) => unknown),
      words: wordsOf(estate, index, what, verdict),
    }
  }
  const verdict: Overall = what === 'expires' && fall && fall.breaks > 0 ? 'not-safe' : 'cannot-say'
  return {
    ...base,
    verdict,
    breaks: what === 'expires' ? (fall?.breaks ?? 0) : 0,
    unknown: what === 'expires' ? (fall?.unknown ?? 0) : (fall?.breaks ?? 0) + (fall?.unknown ?? 0),
    words: wordsOf(estate, index, what, verdict),
  }
}

const worst: readonly Overall[] = ['not-safe', 'cannot-say', 'safe-after-steps', 'safe']

/** The questions that a date asks: the end of a credential, or for a place what becomes of the values that stand in it. */
function askedOf(
  estate: Estate,
  index: number,
  what: ForecastItem['what'],
): { readonly credential: number; readonly op: 'expire' | 'rotate' | 'lose' }[] {
  const { kind } = estate.entities[index]!
  const { role } = entityKinds[kind]
  if (role === 'credential') {
    const op = what === 'expires' ? ('expire' as const) : ('rotate' as const)
    return effectOf(kind, op).codes[0] === 'na' ? [] : [{ credential: index, op }]
  }
  if (what === 'expires') return role === 'secret' ? [{ credential: index, op: 'lose' }] : []
  const held: { credential: number; op: 'rotate' }[] = []
  for (const number of along(estate.out, index)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === 'HOLDS') held.push({ credential: estate.heads[number]!, op: 'rotate' })
  }
  return held
}

/** What renews it, or that nobody known does. */
function wordsOf(estate: Estate, index: number, what: ForecastItem['what'], verdict: Overall): string {
  if (what === 'rotates') return 'gets a new value by itself then; who reads it only at the start keeps the old one'
  const renewing = renewedBy(estate, index)
  const renewal =
    renewing === undefined ? 'nothing known here renews it' : `${renewing}: it may be renewed before by itself`
  return verdict === 'safe' ? 'nothing known to use it needs it then' : renewal
}

/** Delivery in which a platform or an SDK makes the next one in time. */
function renewedBy(estate: Estate, index: number): string | undefined {
  for (const number of along(estate.in, index)) {
    const { delivery } = estate.relationships[number]!
    if (delivery === 'sdk_refresh' || delivery === 'platform_attached' || delivery === 'workload_api_stream')
      return deliveryModes[delivery].words
  }
  return undefined
}

function undated(estate: Estate, dated: ReadonlySet<number>): ForecastReply['unknown'] {
  const kinds = new Map<EntityKind, number>()
  for (const index of credentialsIn(estate)) {
    const { kind } = estate.entities[index]!
    if (!dated.has(index) && canExpire(kind)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  const listed = [...kinds].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return {
    count: listed.reduce((sum, [, count]) => sum + count, 0),
    kinds: listed.map(([kind, count]) => ({ title: entityKinds[kind].title, count, settles: settlesOf(kind) })),
  }
}

function settlesOf(kind: EntityKind): string {
  const ttl = changeRow(kind)?.defaultTtl
  return typeof ttl === 'number'
    ? `an export that says when each was made; they last ${duration(ttl)} unless set otherwise`
    : 'an export with the end of each, or a word in a bundle (expiresAt)'
}

function sentenceOf(items: readonly ForecastItem[], due: number, over: number, unknown: number, days: number): string {
  const breaking = items.filter(({ breaks }) => breaks > 0).length
  const parts = [
    due === 0
      ? `Nothing with a known end runs out within ${days} days.`
      : `${plural(due, 'thing')} ${due === 1 ? 'runs out or rotates' : 'run out or rotate'} within ${days} days; ${breaking} of them ${breaking === 1 ? 'breaks' : 'break'} something if nobody acts.`,
  ]
  if (over > 0)
    parts.push(`${plural(over, 'thing')} ran out already and ${over === 1 ? 'is' : 'are'} still in use or stored.`)
  if (unknown > 0) parts.push(`Of ${plural(unknown, 'more credential')} that can run out no source says when.`)
  return parts.join(' ')
}
