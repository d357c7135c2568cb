import type { Reference } from './secret-references.ts'
import type { Workflow } from './records.ts'

/** `github.token` is no secret, and `GITHUB_TOKEN` is none that anybody has to keep. */
export const isToken = (name: string): boolean => name === 'GITHUB_TOKEN' || name === 'github.token'

export interface WorkflowCounts {
  jobs: number
  /** Places inside expressions that take something from `secrets`, however often a job has them. */
  references: number
  /** Names of secrets, `GITHUB_TOKEN` left out. */
  readonly secrets: Set<string>
  oidcJobs: number
  roleSteps: number
  inherits: number
  callable: number
  scheduled: number
  pullRequestTarget: number
}

export const noCounts = (): WorkflowCounts => ({
  jobs: 0,
  references: 0,
  secrets: new Set(),
  oidcJobs: 0,
  roleSteps: 0,
  inherits: 0,
  callable: 0,
  scheduled: 0,
  pullRequestTarget: 0,
})

/** Adds what one workflow has: the figures that are checked against independent counts. */
export function countWorkflow(counts: WorkflowCounts, workflow: Workflow): void {
  const places = [...workflow.references, ...workflow.jobs.flatMap(({ references }) => references)]
  const all: Reference[] = places.flatMap(({ alternatives }) => alternatives)
  for (const { secret } of all) {
    if (typeof secret !== 'object') counts.references++
    else if (secret.name !== 'github.token') counts.references++
    if (typeof secret === 'object' && !isToken(secret.name)) counts.secrets.add(secret.name)
  }
  counts.jobs += workflow.jobs.length
  counts.oidcJobs += workflow.jobs.filter(({ oidc }) => oidc).length
  counts.roleSteps += workflow.jobs.reduce((sum, { roles }) => sum + roles.length, 0)
  counts.inherits += workflow.jobs.filter(({ inherits }) => inherits).length
  counts.callable += Number(workflow.triggers.includes('workflow_call'))
  counts.scheduled += Number(workflow.crons.length > 0)
  counts.pullRequestTarget += Number(workflow.triggers.includes('pull_request_target'))
}
