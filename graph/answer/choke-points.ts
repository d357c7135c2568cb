import { QuestionError } from '../errors.ts'
import type { Estate } from '../estate/estate.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { chokePointsOf, leadingTo, type ChokePoints } from '../reach/choke-points.ts'
import { giveWay } from '../give-way.ts'
import { crownJewelsOf } from '../reach/crown-jewels.ts'
import { fallOf } from '../reach/fall.ts'
import { lowerBoundOf } from '../reach/lower-bound.ts'
import { canReach } from '../reach/reach.ts'
import type { ChokePointsQuery, ChokePointsReply } from '../wire-choke-points.ts'
import { momentOfAnswer, snapshotOf } from './blast.ts'
import { isStale } from './coverage.ts'
import { plural } from './durations.ts'
import { coverageWithin } from './reach.ts'
import { reachChain } from './reach-chain.ts'
import { thingOf } from './things.ts'
import { bareModel, victimsOf } from './victims.ts'

const LISTED = 25
const NAMED = 3

/**
 * Which one thing every known way to a crown jewel goes through: from whoever holds one thing, or any credential. Same
 * estate and question, same bytes but for the age of sources.
 *
 * @throws QuestionError `not-found` for a thing that is not known
 */
export function answerChokePoints(
  estate: Estate,
  id: string | undefined,
  { limit = LISTED }: ChokePointsQuery,
  now: string,
): ChokePointsReply {
  const source = id === undefined ? undefined : estate.indexOf.get(id)
  if (id !== undefined && source === undefined)
    throw new QuestionError('not-found', `nothing with the id ${id} is known`, 'look it up by name: GET /api/find?q=…')
  const at = momentOfAnswer(estate, now)
  const roots = source === undefined ? credentialsIn(estate) : Int32Array.of(source)
  if (roots.length === 0)
    throw new QuestionError(
      'not-found',
      'no credential is known here',
      'import what your platforms export: keyfall import PATH',
    )
  const { found, leading } = source === undefined ? ofAll(estate, roots) : ofOne(estate, roots)
  const listed = found.points.slice(0, limit)
  const can = source === undefined ? undefined : canReach(estate, source)
  const first = roots[0]!
  const within = { source: first, things: found.reached.filter((thing) => thing !== first) }
  giveWay()
  const coverage = coverageWithin(estate, within, at)
  giveWay()
  return {
    snapshot: snapshotOf(estate),
    subject: source === undefined ? null : thingOf(estate, source),
    headline: headlineOf(estate, source, roots.length, found),
    lowerBound: lowerBoundOf(
      estate,
      within,
      coverage.missing.map((one) => one.source),
      estate.sources.filter((one) => isStale(one, at)),
    ),
    credentials: roots.length,
    jewels: found.targets.length,
    open: found.open,
    points: listed.map(({ thing, targets, things }) => ({
      thing: thingOf(estate, thing),
      jewels: targets,
      things,
      first: found
        .behind(thing)
        .slice(0, NAMED)
        .map((jewel) => estate.entities[jewel]!.name),
      credentials: leading(thing),
      price: priceOf(estate, thing),
      way: can ? reachChain(estate, can.shortest(thing)) : null,
    })),
    total: found.points.length,
    coverage,
  }
}

interface FoundPoints {
  readonly found: ChokePoints
  /** How many of the roots lead to a thing. */
  leading(thing: number): number
}

const pointsOfAll = new WeakMap<Estate, FoundPoints>()

/** Of all credentials: once per snapshot. */
function ofAll(estate: Estate, roots: Int32Array): FoundPoints {
  const known = pointsOfAll.get(estate)
  if (known) return known
  const found = chokePointsOf(estate, roots, crownJewelsOf(estate))
  const made = { found, leading: leadingTo(estate, roots) }
  pointsOfAll.set(estate, made)
  return made
}

function ofOne(estate: Estate, root: Int32Array): FoundPoints {
  return { found: chokePointsOf(estate, root, crownJewelsOf(estate)), leading: () => 1 }
}

function credentialsIn(estate: Estate): Int32Array {
  const isCredential = (thing: number) => entityKinds[estate.entities[thing]!.kind].role === 'credential'
  return Int32Array.from([...estate.entities.keys()].filter(isCredential))
}

function priceOf(estate: Estate, thing: number): { breaks: number; unknown: number } {
  const { breaks, unknown } = victimsOf(estate, fallOf(bareModel(estate), { struck: [thing] }))
  giveWay()
  return { breaks: breaks.length, unknown: unknown.length }
}

function headlineOf(
  estate: Estate,
  source: number | undefined,
  credentials: number,
  { points, targets, open }: ChokePoints,
): ChokePointsReply['headline'] {
  const from = source === undefined ? `any of ${plural(credentials, 'credential')}` : estate.entities[source]!.name
  if (targets.length === 0)
    return {
      title: 'No crown jewel is known to be within reach',
      sentence: `No known way leads from ${from} to one, which is not the same as none: what matters may not be marked, and ways may not be imported.`,
    }
  const [best] = points
  const jewels = plural(targets.length, 'crown jewel')
  const title =
    best === undefined
      ? `No single thing is on every known way to ${targets.length === 1 ? `the crown jewel ${estate.entities[targets[0]!]!.name}` : `any of ${jewels}`}`
      : best.targets === targets.length
        ? `Every known way to ${targets.length === 1 ? 'the crown jewel' : `all ${jewels}`} goes through ${estate.entities[best.thing]!.name}`
        : `${estate.entities[best.thing]!.name} is on every known way to ${best.targets.toLocaleString('en')} of ${jewels}`
  const parts = [
    best === undefined
      ? `From ${from}, ${targets.length === 1 ? 'its known ways share nothing but itself' : 'the known ways to each share nothing but the jewel itself'}.`
      : `From ${from}, ${plural(points.length, 'single thing')} ${points.length === 1 ? 'stands' : 'stand'} before at least one.`,
    ...(best !== undefined && open > 0
      ? [`The ways to ${plural(open, 'crown jewel')} share nothing but the jewel itself.`]
      : []),
    'Only as whole as what was imported: a way that is not known here goes round it, and open sessions live on.',
  ]
  return { title, sentence: parts.join(' ') }
}
