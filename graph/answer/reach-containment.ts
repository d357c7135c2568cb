import { entityKinds } from '../kinds/entity-kinds.ts'
import { ends, type Estate } from '../estate/estate.ts'
import { contain, type Outage } from '../reach/containment.ts'
import { crownJewelsOf } from '../reach/crown-jewels.ts'
import type { CutAction } from '../reach/cut-actions.ts'
import type { Reach } from '../reach/reach.ts'
import type { CutOption, Operation, Overall, ReachReply } from '../wire.ts'
import { callFacts } from './actions.ts'
import { assess } from './assess.ts'
import { coverageOf } from './coverage.ts'
import { countsOf, overallOf } from './headline.ts'
import { changeRow, operations } from './operations.ts'
import { verbOf } from './reach-chain.ts'
import { outageOfCuts, pricingOf } from './cut-price.ts'
import { thingOf } from './things.ts'

const LISTED = 12
const NAMED = 3
const CUT_LISTED = 200

/** The cheapest cut between a thing and the crown jewels within its reach; without any, everything that it reaches. */
export function containmentOf(
  estate: Estate,
  reach: Reach,
  now: string,
  edgeOf: ReadonlyMap<number, number>,
): ReachReply['containment'] {
  const { jewels, wanted } = targetsWithin(estate, reach)
  const found = contain(estate, reach.source, wanted, pricingOf(estate))
  const chosen = new Set(found.cut.map((action) => actionId(estate, action)))
  const routesOf = new Map(found.options.map(({ action, routes }) => [actionId(estate, action), routes]))
  const shown = (action: CutAction): CutOption => {
    const id = actionId(estate, action)
    const outage = outageOfCuts(estate, [action])
    return {
      id,
      kind: action.kind,
      title: titleOf(estate, action),
      thing: thingOf(estate, actedOn(estate, action)),
      ...(action.op && { op: action.op }),
      routes: routesOf.get(id) ?? 0,
      verdict: verdictOf(estate, action, outage, now),
      price: { breaks: outage.breaks.length, unknown: outage.unknown.length },
      first: outage.breaks.slice(0, NAMED).map((index) => estate.entities[index]!.name),
      undo: undoOf(estate, action),
      chosen: chosen.has(id),
      removes: action.removes.flatMap((link) => edgeOf.get(link) ?? []),
      ...commandsOf(estate, action),
    }
  }
  return {
    targets: wanted.size === 0 ? 'nothing' : jewels.length > 0 ? 'jewels' : 'everything',
    count: found.targets.length,
    routes: found.routes,
    options: found.options
      .filter(({ action }, at) => at < LISTED || (action.kind === 'credential' && action.target === reach.source))
      .map(({ action }) => shown(action)),
    curve: found.curve.map(({ action, breaks, unknown, routes, targetsLeft }) => ({
      title: titleOf(estate, action),
      price: { breaks, unknown },
      routes,
      targetsLeft,
    })),
    cut: found.cut.slice(0, CUT_LISTED).map(shown),
    cutCount: found.cut.length,
    price: found.price,
    exact: found.exact,
    atLeast: found.atLeast,
    uncuttable: found.uncuttable.map((thing) => thingOf(estate, thing)),
  }
}

/** What containment is about: the crown jewels, where there are none whatever is worth keeping. */
export function targetsWithin(
  estate: Estate,
  reach: Reach,
): { readonly jewels: readonly number[]; readonly wanted: ReadonlySet<number> } {
  const jewels = reach.things.filter((thing) => crownJewelsOf(estate).has(thing))
  const holdings = reach.things.filter((thing) => worthKeeping.has(entityKinds[estate.entities[thing]!.kind].role))
  return { jewels, wanted: new Set(jewels.length > 0 ? jewels : holdings) }
}

/** What a responder wants out of reach where nobody marked a crown jewel. */
const worthKeeping: ReadonlySet<string> = new Set(['secret', 'workload', 'resource'])

/** What an action is called in replies and links: its kind and the id of what it acts on. */
export function actionId(estate: Estate, { kind, target }: CutAction): string {
  return `${kind}:${kind === 'grant' ? estate.relationships[target]!.id : estate.entities[target]!.id}`
}

function actedOn(estate: Estate, { kind, target }: CutAction): number {
  return kind === 'grant' ? ends(estate, estate.relationships[target]!).from : target
}

function titleOf(estate: Estate, action: CutAction): string {
  if (action.kind === 'credential') return `${operations[action.op!].title} ${estate.entities[action.target]!.name}`
  if (action.kind === 'identity') return `Deny everything to ${estate.entities[action.target]!.name}`
  const relationship = estate.relationships[action.target]!
  const { from, to } = ends(estate, relationship)
  return `Take away: ${estate.entities[from]!.name} ${verbOf(relationship.kind)} ${estate.entities[to]!.name}`
}

function undoOf(estate: Estate, { kind, target, op }: CutAction): string {
  if (kind === 'grant')
    return estate.relationships[target]!.kind === 'ASSUMES'
      ? 'Trust it again. Sessions that were made before live to their own end.'
      : 'Grant it again.'
  if (kind === 'identity') return 'Remove the denying policy. It ends the use of live sessions too.'
  const reversible = changeRow(estate.entities[target]!.kind)?.reversible
  return op === 'disable' && reversible !== 'false'
    ? 'Can be enabled again.'
    : 'Cannot be undone: a new one has to be made.'
}

/** What a person runs for it and to take it back; nothing where no call of the platform is known. */
function commandsOf(estate: Estate, { kind, target, op }: CutAction): Pick<CutOption, 'run' | 'undoRun'> {
  const asked = ((): { on: number; op: Operation } => {
    if (kind === 'credential') return { on: target, op: op! }
    if (kind === 'identity') return { on: target, op: 'disable' }
    const relationship = estate.relationships[target]!
    const [from, to] = [estate.tails[target]!, estate.heads[target]!]
    return relationship.kind === 'ASSUMES' ? { on: to, op: 'distrust' } : { on: from, op: 'reduce' }
  })()
  const { run, undo, reversible } = callFacts(estate, asked.on, asked.op)
  return { run: [...run], ...(run.length > 0 && reversible === 'yes' && { undoRun: undo }) }
}

/**
 * Of the action done now, when nobody has done any step; where it breaks nothing, as Blast words it: never safe for what
 * only the engine's runs were asked about and its sources are missing.
 */
export function verdictOf(estate: Estate, action: CutAction, { breaks, unknown }: Outage, now: string): Overall {
  if (breaks.length > 0) return 'not-safe'
  if (unknown.length > 0) return 'cannot-say'
  const coverage = coverageOf(estate, actedOn(estate, action), now)
  if (action.kind !== 'credential') return coverage.state === 'complete' ? 'safe' : 'cannot-say'
  const assessment = assess(estate, action.target, action.op!)
  return overallOf(assessment, countsOf(assessment), coverage, now)
}
