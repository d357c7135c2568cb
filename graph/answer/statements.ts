import { QuestionError } from '../errors.ts'
import { statable, statedWords, type Statable, type Statement } from '../estate/overrides.ts'
import type { Estate } from '../estate/estate.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { StateManyReply } from '../wire-overrides.ts'
import { inventoryOf } from './inventory.ts'
import { numberProp, ownerOf, textProp, thingOf } from './things.ts'

/** What is to be stated of one thing, and what that changes. */
export interface StatementPlan {
  readonly index: number
  readonly set: Statement
  readonly changes: StateManyReply['changes']
}

/**
 * What stating this of these credentials comes to: a tier is stated of the systems that they serve, everything else of
 * themselves.
 * @throws QuestionError where an id is none of a credential, nothing is stated, or a tier finds no system.
 */
export function statementPlans(
  estate: Estate,
  ids: readonly string[],
  set: Statement,
  now: string,
): readonly StatementPlan[] {
  const credentials = ids.map((id) => credentialOf(estate, id))
  const { tier, ...own } = set
  if (tier === undefined && Object.values(own).every((value) => value === undefined))
    throw new QuestionError('bad-change', 'nothing is stated', `state at least one of ${statable.join(', ')}`)
  const plans = Object.values(own).some((value) => value !== undefined)
    ? credentials.map((index) => planOf(estate, index, own))
    : []
  if (tier === undefined) return plans
  const chosen = new Set(credentials)
  const systems = new Set(inventoryOf(estate, now).flatMap((line) => (chosen.has(line.credential) ? line.systems : [])))
  if (systems.size === 0)
    throw new QuestionError(
      'bad-change',
      'no business system is known behind these credentials',
      'a tier is stated of a system: import the service catalogue, or state the system in a bundle',
    )
  return [...plans, ...[...systems].map((index) => planOf(estate, index, { tier }))]
}

function credentialOf(estate: Estate, id: string): number {
  const index = estate.indexOf.get(id)
  if (index === undefined || entityKinds[estate.entities[index]!.kind].role !== 'credential')
    throw new QuestionError('not-found', `no credential has the id ${id}`, 'GET /api/estate lists them')
  return index
}

function planOf(estate: Estate, index: number, set: Statement): StatementPlan {
  const changes = statable.flatMap((name) => {
    if (set[name] === undefined) return []
    const before = wordsNow(estate, index, name)
    const after = wordsOf(set[name])
    return before === after ? [] : [{ thing: thingOf(estate, index), what: statedWords[name], before, after }]
  })
  return { index, set, changes }
}

/** An empty text takes a statement back: what sources say counts again, and that is not known here. */
const wordsOf = (value: string | number | boolean): string | null =>
  typeof value === 'string'
    ? value === ''
      ? null
      : value
    : typeof value === 'number'
      ? String(value)
      : value
        ? 'yes'
        : 'no'

function wordsNow(estate: Estate, index: number, name: Statable): string | null {
  const entity = estate.entities[index]!
  if (name === 'owner') return ownerOf(estate, index)
  if (name === 'tier') return numberProp(entity, 'tier')?.toString() ?? null
  if (name === 'breakGlass') {
    const flag = entity.props?.['breakGlass']
    return flag === true || flag === 'true' ? 'yes' : flag === undefined ? null : 'no'
  }
  return textProp(entity, name) ?? null
}

/** Earlier statements with newer ones over them; undefined where nothing is left. */
export function joinedStatement(before: Statement | undefined, set: Statement): Statement | undefined {
  const entries = Object.entries({ ...before, ...set }).filter(([, value]) => value !== undefined && value !== '')
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Statement)
}
