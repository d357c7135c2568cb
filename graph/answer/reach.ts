import { QuestionError } from '../errors.ts'
import { giveWay } from '../give-way.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { Estate } from '../estate/estate.ts'
import { crownJewelsOf } from '../reach/crown-jewels.ts'
import { stoppingOp } from '../reach/cut-actions.ts'
import { exposedBy, exposures, type Exposed } from '../reach/exposure.ts'
import { lowerBoundOf } from '../reach/lower-bound.ts'
import { canReach, wasUsed, type Reach } from '../reach/reach.ts'
import type { Price } from '../reach/price.ts'
import { rotationOrder, type RotationStep } from '../reach/rotation-order.ts'
import { callersOf, networksOf, networksOfCallers, type UseWindow } from '../reach/seen-use.ts'
import { survivorsOf } from '../reach/survivors.ts'
import type { Coverage, ReachedThing, ReachQuery, ReachReply, Thing } from '../wire.ts'
import { momentOfAnswer, snapshotOf } from './blast.ts'
import { coverageOf, isStale } from './coverage.ts'
import { outageOfCuts } from './cut-price.ts'
import { exactly, plural } from './durations.ts'
import { rankedFall } from './fall-ranking.ts'
import { resolve } from './find.ts'
import { effectOf } from './operations.ts'
import { reachChain } from './reach-chain.ts'
import { containmentOf, targetsWithin } from './reach-containment.ts'
import { webOf } from './reach-web.ts'
import { textProp, thingOf } from './things.ts'

const LISTED = 500
const JEWELS = 50
/** Rings of more are stopped as a whole and not priced. */
const PRICED = 100

/** "What is within reach": the whole answer to whoever holds a thing. Same estate, question and `now`, same bytes. */
export function answerReach(estate: Estate, id: string, query: ReachQuery, now: string): ReachReply {
  const source = estate.indexOf.get(id)
  if (source === undefined)
    throw new QuestionError('not-found', `nothing with the id ${id} is known`, 'look it up by name: GET /api/find?q=…')
  const at = momentOfAnswer(estate, now)
  const listOf = (text: string | undefined): string[] => (text ?? '').split(',').flatMap((one) => one.trim() || [])
  const networks = [...new Set([...listOf(query.networks), ...networksOfCallers(estate, listOf(query.sources))])]
  const window: UseWindow = { ...(query.since && { since: query.since }), ...(networks.length && { networks }) }
  giveWay()
  const can = canReach(estate, source)
  giveWay()
  const used = wasUsed(estate, source, window)
  const exposed = exposedBy(estate, can, used)
  const jewels = can.things.filter((thing) => crownJewelsOf(estate).has(thing))
  const coverage = coverageWithin(estate, can, at)
  const reached = (thing: number): ReachedThing => reachedThing(estate, can, used, thing)
  const listed = can.things.slice(0, LISTED)
  giveWay()
  const { wanted: targets } = targetsWithin(estate, can)
  const web = webOf(estate, { can, used, window, targets, listed, reached })
  giveWay()
  return {
    snapshot: snapshotOf(estate),
    subject: thingOf(estate, source),
    since: query.since ?? null,
    networks,
    headline: headlineOf(estate, can, used, exposed, jewels, { since: query.since, networks: networks.join(', ') }),
    lowerBound: lowerBoundOf(
      estate,
      can,
      coverage.missing.map((one) => one.source),
      estate.sources.filter((one) => isStale(one, at)),
    ),
    counts: countsOf(estate, can, used, exposed, jewels),
    things: listed.map(reached),
    web: web.reply,
    jewels: jewels.slice(0, JEWELS).map((thing) => ({
      thing: reached(thing),
      shortest: reachChain(estate, can.shortest(thing)),
      strongest: reachChain(estate, can.strongest(thing)),
    })),
    seenFrom: networksOf(estate, source, window),
    seenBy: callersOf(estate, source, { ...(query.since && { since: query.since }) }),
    exposed: exposed.slice(0, LISTED).map((one) => ({
      credential: thingOf(estate, one.credential),
      why: exposures[one.why],
      used: one.used && one.why !== 'held',
      chain: reachChain(estate, can.shortest(one.credential)),
    })),
    rotation: rotationOf(estate, can, at),
    survivors: survivorsAfter(estate, exposed, at),
    containment: containmentOf(estate, can, at, web.edgeOf),
    coverage,
  }
}

/** The one thing a person means by a text, of any kind; a credential wins over what is called the same. */
export function oneThing(estate: Estate, text: string): Thing {
  const things = resolve(estate, text)
  if (things.length === 0)
    throw new QuestionError(
      'not-found',
      `nothing here is called ${JSON.stringify(text.slice(0, 80))}`,
      'try a part of its name, its ARN or its id: keyfall find TEXT',
    )
  const credentials = things.filter(({ role }) => role === 'credential')
  const meant = things.length === 1 ? things : credentials
  if (meant.length === 1) return meant[0]!
  const names = things.slice(0, 8).map((thing) => `${thing.id}  ${thing.name} (${thing.title})`)
  throw new QuestionError(
    'wrong-kind',
    `${exactly(things.length)} things match`,
    `name one by its id:\n  ${names.join('\n  ')}`,
  )
}

function reachedThing(estate: Estate, can: Reach, used: Reach, thing: number): ReachedThing {
  return {
    ...thingOf(estate, thing),
    way: can.way(thing),
    links: can.depth(thing),
    may: can.may(thing),
    strength: can.strongest(thing).weakest,
    used: used.has(thing),
    jewel: crownJewelsOf(estate).has(thing),
  }
}

function countsOf(
  estate: Estate,
  can: Reach,
  used: Reach,
  exposed: readonly Exposed[],
  jewels: readonly number[],
): ReachReply['counts'] {
  const byRole = new Map<string, number>()
  for (const thing of can.things) {
    const { role } = entityKinds[estate.entities[thing]!.kind]
    byRole.set(role, (byRole.get(role) ?? 0) + 1)
  }
  const of = (role: string): number => byRole.get(role) ?? 0
  return {
    things: can.things.length,
    credentials: exposed.length,
    identities: of('identity'),
    secrets: of('secret'),
    workloads: of('workload'),
    resources: of('resource'),
    jewels: jewels.length,
    used: used.things.length,
  }
}

function headlineOf(
  estate: Estate,
  can: Reach,
  used: Reach,
  exposed: readonly Exposed[],
  jewels: readonly number[],
  { since, networks }: { readonly since: string | undefined; readonly networks: string },
): ReachReply['headline'] {
  const deepest = jewels.reduce((most, thing) => Math.max(most, can.depth(thing)), 0)
  const title =
    can.things.length === 0
      ? 'Nothing is known to be within reach'
      : jewels.length > 0
        ? `Reaches at least ${plural(jewels.length, 'crown jewel')} in at most ${plural(deepest, 'link')}`
        : `Reaches at least ${plural(can.things.length, 'thing')}, none known as a crown jewel`
  const more = exposed.filter(({ credential }) => credential !== can.source).length
  const parts = [
    more === 0
      ? 'No further credential is known to be exposed.'
      : `${plural(more, 'further credential')} must be treated as exposed.`,
  ]
  const seen = used.things.slice(0, 2).map((thing) => estate.entities[thing]!.name)
  const where = `${since ? ` since ${since}` : ''}${networks ? ` from ${networks}` : ''}`
  parts.push(
    seen.length === 0
      ? `No log shows onward use${where}, which is not the same as none.`
      : `Logs show use${where} of ${used.things.length}: ${seen.join(', ')}${used.things.length > seen.length ? ' and more' : ''}.`,
  )
  return { title, sentence: parts.join(' ') }
}

/** What the answer lacks: of every control plane within reach, not of the subject's alone. */
export function coverageWithin(estate: Estate, can: Pick<Reach, 'source' | 'things'>, at: string): Coverage {
  const own = coverageOf(estate, can.source, at)
  const missing = new Map(own.missing.map((one) => [one.source, one]))
  const planes = new Set([entityKinds[estate.entities[can.source]!.kind].plane])
  for (const thing of can.things) {
    const { plane, role } = entityKinds[estate.entities[thing]!.kind]
    if ((role !== 'credential' && role !== 'identity') || planes.has(plane)) continue
    planes.add(plane)
    for (const one of coverageOf(estate, thing, at).missing) missing.set(one.source, one)
  }
  if (missing.size === own.missing.length) return own
  const names = [...missing.keys()].join('; ')
  return { ...own, state: 'partial', sentence: `Missing or stale: ${names}.`, missing: [...missing.values()] }
}

function rotationOf(estate: Estate, can: Reach, at: string): ReachReply['rotation'] {
  const price = (credential: number): Price => priceOfStopping(estate, credential)
  const { steps, cycles } = rotationOrder(estate, can, price)
  return {
    steps: steps.slice(0, LISTED).map((step) => ({
      ...stepWords(estate, step, at),
      thing: thingOf(estate, step.thing),
      cycle: step.cycle ?? null,
    })),
    cycles: cycles.map(({ credentials, stopped }) => ({
      credentials: credentials.slice(0, LISTED).map((one) => thingOf(estate, one)),
      stopped: stopped.slice(0, LISTED).map((one) => thingOf(estate, one)),
      price: stopped.length > PRICED ? null : sumOf(stopped.map(price)),
    })),
  }
}

/** What cannot be stopped has no price of its own: whoever it proves is denied instead. */
function sumOf(prices: readonly Price[]): Price {
  const known = prices.filter(({ breaks }) => breaks < Number.MAX_SAFE_INTEGER)
  return known.reduce((sum, one) => ({ breaks: sum.breaks + one.breaks, unknown: sum.unknown + one.unknown }), {
    breaks: 0,
    unknown: 0,
  })
}

export function priceOfStopping(estate: Estate, credential: number): Price {
  const op = stoppingOp(estate, credential)
  if (op === undefined) return { breaks: Number.MAX_SAFE_INTEGER, unknown: 0 }
  const ranked = rankedFall(estate, credential)
  if (ranked) return { breaks: ranked.breaks, unknown: ranked.unknown }
  const { breaks, unknown } = outageOfCuts(estate, [{ kind: 'credential', target: credential, op, removes: [] }])
  return { breaks: breaks.length, unknown: unknown.length }
}

type StepWords = Pick<ReachReply['rotation']['steps'][number], 'action' | 'words'>

function stepWords(estate: Estate, { action, thing }: RotationStep, at: string): StepWords {
  const entity = estate.entities[thing]!
  if (action === 'evict')
    return { action, words: `Take ${entity.name} back first: whoever has it reads every new value` }
  if (action === 'stop' && stoppingOp(estate, thing) === undefined)
    return { action, words: `Deny everything to whom ${entity.name} proves: it cannot be stopped itself` }
  if (action === 'stop') return { action, words: `Stop ${entity.name} now, without a new value yet` }
  if (action === 'renew') return { action, words: `Give ${entity.name} its new value` }
  if (effectOf(entity.kind, 'rotate').codes[0] !== 'na')
    return { action, words: `Rotate ${entity.name}, the old value refused at once` }
  const expires = textProp(entity, 'expiresAt')
  if (expires && Date.parse(expires) <= Date.parse(at))
    return { action: 'end', words: `Nothing to do for ${entity.name}: it ran out at ${expires}` }
  const ends = effectOf(entity.kind, 'revoke').codes[0] !== 'na'
  return {
    action: 'end',
    words: ends
      ? `End ${entity.name}: it can be cut, not rotated${expires ? ` (runs out ${expires})` : ''}`
      : `Wait for ${entity.name} to run out${expires ? ` at ${expires}` : ''}: it can be neither cut nor rotated`,
  }
}

function survivorsAfter(estate: Estate, exposed: readonly Exposed[], at: string): ReachReply['survivors'] {
  return exposed
    .slice(0, LISTED)
    .flatMap(({ credential }) => survivorsOf(estate, credential, stoppingOp(estate, credential) ?? 'revoke', at))
    .map(({ credential, what, session, until, exact, cut, mark }) => ({
      credential: thingOf(estate, credential),
      what,
      session: session === undefined ? null : thingOf(estate, session),
      until,
      exact,
      cut,
      mark,
    }))
}
