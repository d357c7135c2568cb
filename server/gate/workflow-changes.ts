import { readFile } from 'node:fs/promises'
import type { Overall } from '../../graph/wire.ts'
import { isToken } from '../../importers/github-workflows/count-references.ts'
import { readWorkflow, type Job, type Workflow } from '../../importers/github-workflows/records.ts'
import { referencesIn } from '../../importers/github-workflows/secret-references.ts'
import { parseYaml } from '../../importers/read/parse-yaml.ts'
import { walkFiles } from '../import/walk-files.ts'

/** One difference between two states of a repository’s workflows that somebody’s access may hang on. */
export interface WorkflowChange {
  /** `.github/workflows/x.yml#job`, or the file. */
  readonly where: string
  readonly change: string
  /** A secret that is now asked for and was not before: whether it exists, the estate says. */
  readonly secret?: { readonly name: string; readonly environment?: string | undefined }
  /** A role that is now signed in to and was not before. */
  readonly role?: string
  /** Where the files alone decide. */
  readonly verdict?: Overall
  readonly words?: string
}

export interface Side {
  readonly workflows: ReadonlyMap<string, Workflow>
  readonly unreadable: readonly string[]
  readonly repository: string | undefined
}

const MOST_BYTES = 1 << 20

/** The workflows of a checkout, by path in it. */
export async function workflowsOf(folder: string): Promise<Side> {
  const workflows = new Map<string, Workflow>()
  const unreadable: string[] = []
  let repository: string | undefined
  for await (const { path, name, size, error, repository: of } of walkFiles(folder)) {
    const at = name.indexOf('.github/workflows/')
    if (at < 0 || !/\.ya?ml$/.test(name)) continue
    const place = name.slice(at)
    repository ??= of
    const parsed = error !== undefined || size > MOST_BYTES ? undefined : parseYaml(await readFile(path, 'utf8'))
    const workflow = parsed && 'value' in parsed ? readWorkflow(parsed.value) : undefined
    if (workflow) workflows.set(place, workflow)
    else unreadable.push(place)
  }
  return { workflows, unreadable, repository }
}

/** What the head would change: which secrets and roles are asked for anew, and which sign-ins lose what they stand on. */
export function compareWorkflows(base: Side, head: Side): WorkflowChange[] {
  const found: WorkflowChange[] = head.unreadable.map((where) => ({
    ...{
      where,
      change: 'cannot be read',
      verdict: 'cannot-say' as const,
      words: 'no workflow as far as this reader knows',
    },
  }))
  const before = new Set([...base.workflows.values()].flatMap(secretsOfWorkflow))
  const asked = new Set<string>()
  for (const [path, workflow] of head.workflows) {
    const old = base.workflows.get(path)
    for (const job of workflow.jobs) {
      const was = old?.jobs.find(({ id }) => id === job.id)
      const where = `${path}#${job.id}`
      found.push(...compareJobs(where, was, job))
      for (const name of new Set([...secretsOf(job.references), ...secretsOf(workflow.references)])) {
        if (before.has(name) && was?.environment === job.environment) continue
        const key = `${name} ${job.environment ?? ''}`
        if (asked.has(key)) continue
        asked.add(key)
        found.push({ where, change: `asks for the secret ${name}`, secret: { name, environment: job.environment } })
      }
    }
  }
  const after = new Set([...head.workflows.values()].flatMap(secretsOfWorkflow))
  for (const name of before)
    if (!after.has(name))
      found.push({ where: '.github/workflows', change: `no longer asks for the secret ${name}`, verdict: 'safe', words: 'nothing here needs it any more; whether it can go, keyfall impact says' }) // prettier-ignore
  return found
}

function compareJobs(where: string, was: Job | undefined, job: Job): WorkflowChange[] {
  const found: WorkflowChange[] = []
  const signsIn = job.roles.length > 0 || job.logins.length > 0
  if (signsIn && !job.oidc && was?.oidc === true)
    found.push({ where, change: 'id-token: write is gone', verdict: 'not-safe', words: 'the job still signs in with its token, and gets none' }) // prettier-ignore
  if (signsIn && was && was.environment !== job.environment)
    found.push({ where, change: `its environment is ${job.environment ?? 'none'}, was ${was.environment ?? 'none'}`, verdict: 'cannot-say', words: 'the subject of its token changes with it: whoever trusts the old one may not let the new one in' }) // prettier-ignore
  const known = new Set(was?.roles.map(({ role }) => role))
  for (const { role } of job.roles)
    if (!known.has(role)) found.push({ where, change: 'signs in to another role', role })
  if (was && job.logins.length > 0 && JSON.stringify(loginsOf(was)) !== JSON.stringify(loginsOf(job)))
    found.push({ where, change: 'signs in elsewhere or otherwise', verdict: 'cannot-say', words: 'whether it is let in there, no source here shows' }) // prettier-ignore
  return found
}

const loginsOf = ({ logins }: Job): object[] => logins.map(({ at, given }) => ({ at, given: [...given] }))
const secretsOfWorkflow = ({ references, jobs }: Workflow): string[] => [
  ...secretsOf(references),
  ...jobs.flatMap((job) => secretsOf(job.references)),
]
const secretsOf = (references: Job['references']): string[] =>
  references.flatMap(({ alternatives }) =>
    alternatives.flatMap(({ secret }) =>
      typeof secret === 'object' && !isToken(secret.name)
        ? [secret.name]
        : secret === 'unknown'
          ? ['(decided at run time)']
          : [],
    ),
  )

/**
 * The same of a unified diff (`git diff BASE HEAD`), where the folders are not at hand. It shows lines and no jobs, so
 * what hangs on a job as a whole stays unknown, and is said to.
 */
export function changesOfDiff(diff: string): WorkflowChange[] {
  const [gone, come] = [new Map<string, string>(), new Map<string, string>()]
  const found = new Map<string, WorkflowChange>()
  let [file, old] = ['', '']
  for (const line of diff.split('\n')) {
    if (line.startsWith('--- ')) old = pathOf(line)
    else if (line.startsWith('+++ ')) file = pathOf(line) || old
    if (!file.startsWith('.github/workflows/') || !/^[+-]/.test(line) || /^(\+\+\+|---) /.test(line)) continue
    const side = line.startsWith('+') ? come : gone
    for (const name of secretsIn(line)) side.set(name, file)
    if (/id-token|role-to-assume|environment\s*:|secrets\s*:\s*inherit/.test(line))
      found.set(file, { where: file, change: 'how its jobs sign in', verdict: 'cannot-say', words: 'a diff shows no whole job: name the two checkouts' }) // prettier-ignore
  }
  const asked = [...come].filter(([name]) => !gone.has(name)).map(([name, where]): WorkflowChange => ({ where, change: `asks for the secret ${name}`, secret: { name } })) // prettier-ignore
  const left = [...gone].filter(([name]) => !come.has(name)).map(([name, where]): WorkflowChange => ({ where, change: `asks for the secret ${name} in one place less`, verdict: 'safe', words: 'nothing is taken from a job that still needs it, as far as these lines show' })) // prettier-ignore
  return [...found.values(), ...asked, ...left]
}

const secretsIn = (line: string): string[] =>
  referencesIn(line).flatMap((one) => one.flatMap(({ secret }) => (typeof secret === 'object' && !isToken(secret.name) ? [secret.name] : []))) // prettier-ignore

function pathOf(line: string): string {
  const path = line.slice(4).split('\t')[0]!.trim()
  return path === '/dev/null' ? '' : path.replace(/^[ab]\//, '')
}
