import { QuestionError } from '../errors.ts'
import { issueWords } from '../issue-words.ts'
import { Change, type ChangeInput } from './change.ts'
import { relationshipsNamed, type CompiledEstate } from './compile.ts'

/** A change in numbers of one estate. Times are seconds. */
export interface ResolvedChange {
  readonly change: Change
  readonly at: number
  /** Revoked or disabled entities. */
  readonly struck: ReadonlySet<number>
  readonly rotated: ReadonlySet<number>
  readonly published: ReadonlySet<number>
  /** Cut relationships: the targets, and those that run over one of them (not transitive). */
  readonly cut: ReadonlySet<number>
  /** The targets among `cut`. */
  readonly cutTargets: ReadonlySet<number>
}

const nobody: ReadonlySet<number> = new Set()

/**
 * Looks up what a change names.
 * @throws QuestionError `bad-change` for a change of the wrong shape, `not-found` for a target or a place of
 * publication that the estate does not have.
 */
export function resolveChange(estate: CompiledEstate, input: ChangeInput): ResolvedChange {
  const parsed = Change.safeParse(input)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new QuestionError(
      'bad-change',
      `the change is not well formed: ${issue.path.join('.') || 'the whole'}: ${issueWords(issue)}`,
      shape,
    )
  }
  const change = parsed.data
  const isCut = change.action === 'cut'
  const targets = isCut ? nobody : entitiesNamed(estate, change.targets, 'target')
  const cutTargets = isCut ? cutRelationships(estate, change.targets) : nobody
  return {
    change,
    at: change.at,
    struck: change.action === 'rotate' ? nobody : targets,
    rotated: change.action === 'rotate' ? targets : nobody,
    published:
      change.action === 'rotate' ? entitiesNamed(estate, change.publish ?? [], 'place of publication') : nobody,
    cut: withCarried(estate, cutTargets),
    cutTargets,
  }
}

const shape = 'action is revoke, disable, rotate or cut; targets is a list of ids; times are seconds'

function entitiesNamed(estate: CompiledEstate, ids: readonly string[], what: string): Set<number> {
  const numbers = new Set<number>()
  for (const id of ids) {
    const number = estate.entityNumbers.get(id)
    if (number === undefined)
      throw new QuestionError(
        'not-found',
        `the ${what} '${id}' is no entity of this estate`,
        'name an entity by its id',
      )
    numbers.add(number)
  }
  return numbers
}

function cutRelationships(estate: CompiledEstate, names: readonly string[]): Set<number> {
  const numbers = new Set<number>()
  for (const [name, found] of relationshipsNamed(estate, names)) {
    if (found.length === 0)
      throw new QuestionError(
        'not-found',
        `the target '${name}' is no relationship of this estate`,
        "cut takes ids of relationships; one without an id of its own is 'KIND from > to'",
      )
    for (const number of found) numbers.add(number)
  }
  return numbers
}

function withCarried(estate: CompiledEstate, targets: ReadonlySet<number>): ReadonlySet<number> {
  const cut = new Set(targets)
  for (const target of targets) for (const carried of estate.carriedBy.get(target) ?? []) cut.add(carried)
  return cut
}
