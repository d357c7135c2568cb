import type { Evidence, Props } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { Sink } from '../importer.ts'
import { cadenceOf } from '../read/cadence.ts'
import type { Config, Job, Run } from './records.ts'

const source = 'circleci'

export interface Project {
  /** `owner/name`. */
  readonly repository: string
  readonly file: string
  readonly config: Config
}

function evidenceOf({ file }: Project, record: string, note?: string, kind: Evidence['kind'] = 'declared'): Evidence {
  return {
    source,
    kind,
    file,
    record: record.slice(0, 256),
    ...(note === undefined ? {} : { note: note.slice(0, 400) }),
  }
}

/** Says everything of one project. */
export function mapProject(project: Project, sink: Sink): void {
  const { repository, config } = project
  const [owner = '', short = repository] = repository.split('/')
  const place = keys.githubRepository(repository)
  sink.entity({ id: keys.githubOrganization(owner), kind: 'github.organization', name: owner })
  sink.entity({ id: place, kind: 'github.repository', name: repository })
  sink.relationship({ kind: 'CONTAINED_IN', from: place, to: keys.githubOrganization(owner) })
  sink.entity({ id: keys.system(short), kind: 'business.system', name: short })
  for (const { name, where, crons } of config.workflows) {
    const props: Props = crons.length > 0 ? { schedule: crons.slice(0, 200) } : {}
    const id = keys.circleciWorkflow(repository, name)
    sink.entity({ id, kind: 'circleci.workflow', name, props, evidence: [evidenceOf(project, where)] })
    sink.relationship({ kind: 'DEFINED_IN', from: id, to: place, evidence: [evidenceOf(project, where)] })
  }
  const defined = new Set(config.jobs.map(({ name }) => name))
  for (const job of config.jobs) mapJob(project, job, sink)
  for (const run of config.runs) {
    if (!defined.has(run.job)) mapForeignJob(project, run, sink)
    mapRun(project, run, sink)
  }
}

function mapJob(project: Project, job: Job, sink: Sink): void {
  const { repository, config } = project
  const id = describe(
    project,
    job.name,
    job.where,
    {
      ...(job.reads.length > 0 && { variables: job.reads.slice(0, 200) }),
      ...(job.oidc && { idToken: true }),
    },
    sink,
  )
  const cadence = cadenceOfJob(config, job.name)
  const timed = cadence === undefined ? {} : { cadence }
  for (const accessKey of job.accessKeys) {
    const to = keys.awsAccessKey(accessKey)
    sink.entity({ id: to, kind: 'aws.iam_access_key', name: accessKey, aliases: [accessKey] })
    const evidence = [evidenceOf(project, job.where, 'its id stands in the configuration')]
    sink.relationship({ kind: 'USES_CREDENTIAL', from: id, to, delivery: 'hardcoded', ...timed, evidence })
  }
  for (const role of job.roles) {
    sink.entity({ id: keys.awsArn(role), kind: 'aws.iam_role', name: role.slice(role.lastIndexOf('/') + 1) })
    const evidence = [evidenceOf(project, job.where, 'role_arn of a step')]
    sink.relationship({ kind: 'RUNS_AS', from: id, to: keys.awsArn(role), ...timed, evidence })
  }
  if (job.reads.length === 0) return
  const to = keys.circleciProjectVariables(repository)
  sink.entity({ id: to, kind: 'circleci.project_variables', name: `variables of ${repository}` })
  const words = `reads ${job.reads.slice(0, 10).join(', ')}, set by nothing in the file: a context or the project does`
  sink.relationship({
    kind: 'USES_SECRET',
    from: id,
    to,
    confidence: 'possible',
    delivery: 'ci_job_start',
    ...timed,
    evidence: [evidenceOf(project, job.where, words, 'inferred')],
  })
}

/** A job of an orb: what it does stands elsewhere, what it is given stands here. */
function mapForeignJob(project: Project, { job, where }: Run, sink: Sink): void {
  const orb = job.split('/')[0]!
  describe(project, job, where, job.includes('/') ? { orb } : { undefinedHere: true }, sink)
}

function describe(project: Project, job: string, where: string, props: Props, sink: Sink): string {
  const { repository } = project
  const id = keys.circleciJob(repository, job)
  const short = repository.slice(repository.indexOf('/') + 1)
  const evidence = [evidenceOf(project, where)]
  sink.entity({ id, kind: 'circleci.job', name: `${short}: ${job}`, props, evidence })
  sink.relationship({ kind: 'DEFINED_IN', from: id, to: keys.githubRepository(repository), evidence })
  sink.relationship({
    kind: 'DEPENDS_ON',
    from: keys.system(short),
    to: id,
    // Without its pipeline a system still runs, but can't be changed.
    strength: 'soft',
    confidence: 'possible',
    evidence: [evidenceOf(project, where, 'the system named as the repository', 'inferred')],
  })
  return id
}

function mapRun(project: Project, run: Run, sink: Sink): void {
  const { repository, config } = project
  const owner = repository.split('/')[0]!
  const from = keys.circleciJob(repository, run.job)
  const evidence = [evidenceOf(project, run.where)]
  sink.relationship({ kind: 'CONTAINED_IN', from, to: keys.circleciWorkflow(repository, run.workflow), evidence })
  const cadence = cadenceOfJob(config, run.job)
  for (const context of run.contexts.filter(isLiteral)) {
    const to = keys.circleciContext(owner, context)
    sink.entity({ id: to, kind: 'circleci.context', name: context, aliases: [`${owner} ${context}`] })
    sink.relationship({
      kind: 'USES_SECRET',
      from,
      to,
      delivery: 'ci_job_start',
      ...(cadence === undefined ? {} : { cadence }),
      props: { valuesKnown: false },
      evidence: [
        evidenceOf(project, run.where, `workflow ${run.workflow}: a context names no value, the job gets all of it`),
      ],
    })
  }
  for (const need of run.requires) {
    const other = config.runs.find(({ workflow, name }) => workflow === run.workflow && name === need)
    if (!other || other.job === run.job) continue
    sink.relationship({ kind: 'DEPENDS_ON', from, to: keys.circleciJob(repository, other.job), evidence })
  }
}

/** `<< pipeline.parameters.x >>` is known only when it runs. */
export const isLiteral = (context: string): boolean => !context.includes('<<') && !context.includes('${')

/** Seconds between runs, where nothing but the clock starts the job. */
function cadenceOfJob({ runs, workflows }: Config, job: string): number | undefined {
  const crons = new Map(workflows.map(({ name, crons: lines }) => [name, lines]))
  const ofJob = runs.filter((run) => run.job === job).map(({ workflow }) => crons.get(workflow) ?? [])
  if (ofJob.length === 0 || ofJob.some((lines) => lines.length === 0)) return undefined
  const spans = ofJob.flat().flatMap((line) => cadenceOf(line) ?? [])
  return spans.length === 0 ? undefined : Math.round(Math.min(...spans))
}
