import { isToken } from './count-references.ts'
import type { Found, Job, Workflow } from './records.ts'

/** Workflows of one repository by their path in it. */
export type Workflows = ReadonlyMap<string, { readonly workflow: Workflow; readonly file: string }>

/** Every repository of an import, and which jobs call which workflow. */
export interface World {
  workflow(repository: string, path: string): Workflow | undefined
  callers(repository: string, path: string): readonly Caller[]
}

/** What a name of `secrets` stands for in the end. */
export interface Target {
  /** Name in the `secrets` of a repository, in capitals. */
  readonly name: string
  /** Whose secrets: a called workflow has those of whoever calls it. */
  readonly repository: string
  /** False: whoever calls the workflow decides, and is not in this export. */
  readonly certain: boolean
}

interface Caller {
  readonly repository: string
  readonly path: string
  readonly job: Job
}

interface Callee {
  readonly repository: string
  readonly path: string
}

/** The workflow that a job calls: `./.github/workflows/x.yml`, `owner/name/.github/workflows/x.yml@ref`. */
export function calleeOf(calls: string | undefined, repository: string): Callee | undefined {
  if (calls === undefined || calls.includes('${{')) return undefined
  if (calls.startsWith('./')) return { repository, path: calls.slice(2) }
  const [owner, name, ...rest] = calls.split('@')[0]!.split('/')
  return owner && name && rest.length > 0 ? { repository: `${owner}/${name}`, path: rest.join('/') } : undefined
}

const keyOf = (repository: string, path: string): string => `${repository.toLowerCase()}\n${path}`

/** Which version of a workflow a caller means (`@v1`) is not compared: the one that was imported is taken. */
export function worldOf(
  repositories: ReadonlyMap<string, { readonly name: string; readonly workflows: Workflows }>,
): World {
  const workflows = new Map<string, Workflow>()
  const callers = new Map<string, Caller[]>()
  for (const { name: repository, workflows: own } of repositories.values())
    for (const [path, { workflow }] of own) {
      workflows.set(keyOf(repository, path), workflow)
      for (const job of workflow.jobs) {
        const callee = calleeOf(job.calls, repository)
        if (callee === undefined) continue
        const key = keyOf(callee.repository, callee.path)
        callers.set(key, [...(callers.get(key) ?? []), { repository, path, job }])
      }
    }
  return {
    workflow: (repository, path) => workflows.get(keyOf(repository, path)),
    callers: (repository, path) => callers.get(keyOf(repository, path)) ?? [],
  }
}

interface Named {
  readonly name: string
  readonly repository: string
  readonly path: string
}

/**
 * A called workflow sees what its callers pass, under the names it gives them: followed back to names of the
 * repositories that call. Without recursion; a ring of calls ends.
 */
export function targetsOf(name: string, repository: string, path: string, world: World): Target[] {
  const targets = new Map<string, Target>()
  const add = (target: Target) => {
    const key = keyOf(target.repository, target.name)
    if (!targets.get(key)?.certain) targets.set(key, target)
  }
  const seen = new Set<string>()
  const waiting: Named[] = [{ name, repository, path }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const key = `${keyOf(next.repository, next.path)}\n${next.name}`
    if (seen.has(key)) continue
    seen.add(key)
    const triggers = world.workflow(next.repository, next.path)?.triggers ?? []
    const callable = triggers.includes('workflow_call')
    const isStarted = !callable || triggers.some((trigger) => trigger !== 'workflow_call')
    if (isStarted || isToken(next.name)) add({ name: next.name, repository: next.repository, certain: true })
    if (!callable || isToken(next.name)) continue
    const before = waiting.length
    for (const caller of world.callers(next.repository, next.path)) waiting.push(...passed(next.name, caller))
    if (waiting.length === before) add({ name: next.name, repository: next.repository, certain: false })
  }
  // A ring of calls that nobody starts here.
  if (targets.size === 0) add({ name, repository, certain: false })
  return [...targets.values()]
}

function passed(name: string, { job, repository, path }: Caller): Named[] {
  if (job.inherits) return [{ name, repository, path }]
  return (job.passes.get(name) ?? [])
    .flat()
    .flatMap(({ secret }) => (typeof secret === 'object' ? [{ name: secret.name, repository, path }] : []))
}

/**
 * What a job that says `secrets: inherit` lets the called workflow take, and what that one lets others take.
 * `beyond`: some of it goes to a workflow that is not in this export.
 */
export function inheritedBy(job: Job, repository: string, world: World): { references: Found[]; beyond: boolean } {
  const references: Found[] = []
  let beyond = false
  const seen = new Set<string>()
  const waiting: (Callee | undefined)[] = job.inherits ? [calleeOf(job.calls, repository)] : []
  while (waiting.length > 0) {
    const callee = waiting.pop()
    const called = callee && world.workflow(callee.repository, callee.path)
    if (!called) beyond = true
    if (!called || seen.has(keyOf(callee.repository, callee.path))) continue
    seen.add(keyOf(callee.repository, callee.path))
    references.push(...called.references, ...called.jobs.flatMap((inner) => inner.references))
    for (const inner of called.jobs) if (inner.inherits) waiting.push(calleeOf(inner.calls, callee.repository))
  }
  return { references, beyond }
}
