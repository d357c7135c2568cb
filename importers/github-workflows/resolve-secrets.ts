import { isToken } from './count-references.ts'
import type { Found, Job, Workflow } from './records.ts'

/** Workflows of one repository by their path in it. */
export type Workflows = ReadonlyMap<string, { readonly workflow: Workflow; readonly file: string }>

/** What a name of `secrets` stands for in the end. */
export interface Target {
  /** Name in the repository's own `secrets`, in capitals. */
  readonly name: string
  /** False: whoever calls the workflow decides, and is not in this export. */
  readonly certain: boolean
}

interface Caller {
  readonly path: string
  readonly job: Job
}

/** The path of a workflow of the same repository that a job calls. */
export function localCallee(calls: string | undefined): string | undefined {
  return calls?.startsWith('./') ? calls.slice(2) : undefined
}

/** Callers of every workflow, by its path. */
export function callersIn(workflows: Workflows): Map<string, Caller[]> {
  const callers = new Map<string, Caller[]>()
  for (const [path, { workflow }] of workflows) {
    for (const job of workflow.jobs) {
      const callee = localCallee(job.calls)
      if (callee !== undefined) callers.set(callee, [...(callers.get(callee) ?? []), { path, job }])
    }
  }
  return callers
}

/**
 * A called workflow sees what its callers pass, under the names it gives them: followed back to names of the
 * repository. Without recursion; a ring of calls ends.
 */
export function targetsOf(
  name: string,
  path: string,
  workflows: Workflows,
  callers: ReadonlyMap<string, readonly Caller[]>,
): Target[] {
  const targets = new Map<string, Target>()
  const add = (name: string, certain: boolean) => {
    if (!targets.get(name)?.certain) targets.set(name, { name, certain })
  }
  const seen = new Set<string>()
  const waiting = [{ name, path }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const key = `${next.path}\n${next.name}`
    if (seen.has(key)) continue
    seen.add(key)
    const triggers = workflows.get(next.path)?.workflow.triggers ?? []
    const callable = triggers.includes('workflow_call')
    if (!callable || triggers.some((trigger) => trigger !== 'workflow_call') || isToken(next.name)) add(next.name, true)
    if (!callable || isToken(next.name)) continue
    const before = waiting.length
    for (const { path, job } of callers.get(next.path) ?? []) waiting.push(...passed(next.name, job, path))
    if (waiting.length === before) add(next.name, false)
  }
  // A ring of calls that nobody starts here.
  if (targets.size === 0) add(name, false)
  return [...targets.values()]
}

function passed(name: string, job: Job, path: string): { name: string; path: string }[] {
  if (job.inherits) return [{ name, path }]
  return (job.passes.get(name) ?? [])
    .flat()
    .flatMap(({ secret }) => (typeof secret === 'object' ? [{ name: secret.name, path }] : []))
}

/**
 * What a job that says `secrets: inherit` lets a workflow of its repository take, and what that one lets others take.
 * `beyond`: some of it goes to a workflow that is not in this export.
 */
export function inheritedBy(job: Job, workflows: Workflows): { references: Found[]; beyond: boolean } {
  const references: Found[] = []
  let beyond = false
  const seen = new Set<string>()
  const waiting = job.inherits ? [localCallee(job.calls)] : []
  while (waiting.length > 0) {
    const path = waiting.pop()
    const called = path === undefined ? undefined : workflows.get(path)?.workflow
    if (!called) beyond = true
    if (!called || path === undefined || seen.has(path)) continue
    seen.add(path)
    references.push(...called.references, ...called.jobs.flatMap((inner) => inner.references))
    for (const inner of called.jobs) if (inner.inherits) waiting.push(localCallee(inner.calls))
  }
  return { references, beyond }
}
