import { QuestionError } from '../../graph/errors.ts'
import { idOf } from '../../graph/ids.ts'
import { keys } from '../../graph/keys.ts'
import type { BlastReply, Operation, Overall } from '../../graph/wire.ts'
import type { Desk } from '../cli/desk.ts'
import { UsageProblem } from '../cli/usage-problem.ts'
import { gateOf, type GateReply, type GateRow } from './gate-answer.ts'
import type { Change, TerraformChanges } from './terraform-changes.ts'
import type { WorkflowChange } from './workflow-changes.ts'

export interface GateAsked {
  readonly terraform?: TerraformChanges
  readonly workflows?: readonly WorkflowChange[]
  /** `owner/name` of the workflows. */
  readonly repository?: string | undefined
}

type Asks = Pick<Desk, 'blast' | 'thing' | 'sources'>

/** Judges changes that nobody has made yet by what the estate knows now. What it does not know is never safe. */
export async function gate(desk: Asks, { terraform, workflows = [], repository }: GateAsked): Promise<GateReply> {
  const sources = await desk.sources()
  const rows: GateRow[] = []
  for (const change of terraform?.changes ?? []) rows.push(await rowOfChange(desk, change))
  const isListed = repository !== undefined && sources.sources.some(({ scope, complete }) => complete && isSecretList(scope, repository)) // prettier-ignore
  for (const change of workflows) rows.push(await rowOfWorkflow(desk, change, repository, isListed))
  const stale = sources.sources.filter((one) => one.stale).length
  const unreadable = terraform?.unreadable ?? 0
  if (unreadable > 0)
    rows.push(rowWith('cannot-say', 'the plan', `${unreadable} of its changes could not be read`, 'nothing is known of them')) // prettier-ignore
  return gateOf(rows, {
    others: terraform?.others ?? 0,
    notes: [
      ...(sources.sources.length === 0 ? ['Nothing was imported yet: nothing can be judged.'] : []),
      ...(stale > 0 ? [`${stale} of ${sources.sources.length} sources are old: import them again.`] : []),
      ...(workflows.length > 0 && repository === undefined ? ['Of which repository the workflows are is not known: --repository owner/name.'] : []), // prettier-ignore
      'Only what is imported is known: who uses a credential unseen is in no answer.',
    ],
    snapshot: sources.snapshot,
  })
}

const rowWith = (
  verdict: Overall,
  what: string,
  change: string,
  words: string,
  thing: string | null = null,
): GateRow => ({
  ...{ verdict, what, change, words, thing, systems: [] },
})

/** Undefined: the estate does not know it, or the operation is none for it. */
async function asked(desk: Asks, key: string, op: Operation): Promise<{ reply: BlastReply } | { why: string }> {
  try {
    return { reply: await desk.blast(idOf(key), { op, ...(op === 'rotate' && { overlap: 0 }) }) }
  } catch (error) {
    if (!(error instanceof QuestionError) && !(error instanceof UsageProblem)) throw error
    const isUnknown = error instanceof QuestionError && error.code === 'not-found'
    return {
      why:
        isUnknown || error instanceof UsageProblem
          ? 'nothing imported here shows it: import its source'
          : error.message,
    }
  }
}

async function rowOfChange(desk: Asks, { address, key, change, op, isAtOnce, why }: Change): Promise<GateRow> {
  if (why === 'idle') return rowWith('safe', address, change, 'only tags, labels or descriptions change')
  if (key === null || op === null)
    return rowWith('cannot-say', address, change, why ?? 'what that does is not known here')
  const found = await asked(desk, key, op)
  if ('why' in found) return rowWith('cannot-say', address, change, found.why)
  const { reply } = found
  const { verdict, headline, subject, systems, cells, counts } = reply
  const hit = new Set(cells.filter((cell) => cell.breaks + cell.unknown + cell.steps > 0).map(({ sys }) => sys))
  // What takes steps has no time for them, whatever else is not known.
  const needsBoth = isAtOnce && verdict !== 'not-safe' && counts.steps > 0
  return {
    verdict: needsBoth ? 'not-safe' : verdict,
    ...{ what: `${subject.name} (${address})`, change, thing: subject.id },
    words: needsBoth
      ? `${headline.sentence} Those steps take a time in which old and new are both accepted, and one apply leaves none: make the second one first, move, then destroy the old one in an apply of its own.`
      : headline.sentence,
    systems: systems.flatMap(({ name, owner }, at) =>
      hit.has(at) ? [owner === null ? name : `${name} (${owner})`] : [],
    ),
  }
}

/** The list of the secrets of a repository, as an administrator sees it. */
function isSecretList(scope: string, repository: string): boolean {
  const [owner] = repository.toLowerCase().split('/')
  const id = scope.toLowerCase()
  return id.startsWith('github-api:') && (id.endsWith(`/${repository.toLowerCase()}`) || id.endsWith(`/${owner}`))
}

async function isKnown(desk: Asks, key: string): Promise<boolean> {
  try {
    await desk.thing(idOf(key))
    return true
  } catch (error) {
    if (error instanceof QuestionError || error instanceof UsageProblem) return false
    throw error
  }
}

async function rowOfWorkflow(
  desk: Asks,
  { where, change, secret, role, verdict, words }: WorkflowChange,
  repository: string | undefined,
  isListed: boolean,
): Promise<GateRow> {
  if (verdict !== undefined) return rowWith(verdict, where, change, words ?? '')
  if (role !== undefined) {
    const isArn = role.startsWith('arn:')
    if (!isArn) return rowWith('cannot-say', where, change, 'which role that is, an expression decides')
    const known = await isKnown(desk, keys.awsArn(role))
    return rowWith('cannot-say', where, `signs in to ${role}`, known ? 'the role is known; whether its trust lets this job in has to be looked at' : 'nothing imported shows that role') // prettier-ignore
  }
  if (!secret || repository === undefined) return rowWith('cannot-say', where, change, 'whether it exists is not known')
  const [owner = ''] = repository.split('/')
  const places = [
    keys.githubRepositorySecret(repository, secret.name),
    keys.githubOrganizationSecret(owner, secret.name),
    ...(secret.environment === undefined
      ? []
      : [keys.githubEnvironmentSecret(repository, secret.environment, secret.name)]),
  ]
  for (const key of places)
    if (await isKnown(desk, key)) return rowWith('safe', where, change, 'a secret of that name is known', idOf(key))
  return isListed
    ? rowWith(
        'not-safe',
        where,
        change,
        'there is no secret of that name in the list of the repository: it will be empty',
      )
    : rowWith('cannot-say', where, change, 'no list of the secrets there are was imported (github-api)')
}
