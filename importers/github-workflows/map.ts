import type { Evidence, Props, RelationshipFact } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { Sink } from '../importer.ts'
import { cadenceOf } from '../read/cadence.ts'
import { ruleFor, type OwnerRule } from './codeowners.ts'
import { jobUses, type JobUses, type Use } from './job-uses.ts'
import type { Job, Workflow } from './records.ts'
import { mapLogins } from './map-logins.ts'
import { inheritedBy, targetsOf, type Target, type World } from './resolve-secrets.ts'

/** What was read of one repository. */
export interface Repository {
  /** `owner/name`. */
  readonly name: string
  /** By path in the repository. */
  readonly workflows: Map<string, { readonly workflow: Workflow; readonly file: string }>
  readonly owners: { readonly rule: OwnerRule; readonly file: string }[]
}

const source = 'github-workflows'
const expression = '${{'
/** What one file can show of one branch. */
const scopeNote = (environment: string | undefined): string =>
  environment === undefined
    ? 'scope not known: repository or organization'
    : `scope not known: environment ${environment}, repository or organization`

/** Says everything of one repository, when all files are read; `world`: it and the others, whose workflows it may call. */
export function mapRepository(repository: Repository, world: World, sink: Sink): void {
  const { name, workflows } = repository
  const [owner = '', short = name] = name.split('/')
  const key = keys.githubRepository(name)
  sink.entity({ id: keys.githubOrganization(owner), kind: 'github.organization', name: owner })
  sink.entity({ id: key, kind: 'github.repository', name })
  sink.relationship({ kind: 'CONTAINED_IN', from: key, to: keys.githubOrganization(owner) })
  sink.entity({ id: keys.system(short), kind: 'business.system', name: short })
  mapOwners(repository, sink)
  for (const [path, { workflow, file }] of workflows) {
    const place = { repository: name, path, file, fileName: path.slice(path.lastIndexOf('/') + 1) }
    mapWorkflow(place, workflow, sink)
    mapWorkflowOwners(repository, path, place.fileName, sink)
    const resolve = (secret: string): Target[] => targetsOf(secret, name, path, world)
    for (const job of workflow.jobs) {
      const uses = jobUses()
      gatherUses(uses, place, workflow, job, resolve)
      gatherInherited(uses, place, job, world, resolve)
      mapJob(place, workflow, job, uses.all(), sink)
    }
  }
}

interface PlaceOfWorkflow {
  readonly repository: string
  readonly path: string
  /** Label of the file. */
  readonly file: string
  readonly fileName: string
}

function declared({ file }: PlaceOfWorkflow, record: string, note?: string): Evidence {
  return { source, kind: 'declared', file, record: record.slice(0, 256), ...(note === undefined ? {} : { note }) }
}

function mapWorkflow(place: PlaceOfWorkflow, workflow: Workflow, sink: Sink): void {
  const id = keys.githubWorkflow(place.repository, place.fileName)
  const props: Props = { path: place.path, triggers: [...workflow.triggers] }
  if (workflow.crons.length > 0) props.schedule = [...workflow.crons]
  const name = workflow.name ?? place.fileName
  sink.entity({ id, kind: 'github.workflow', name, aliases: [`${place.repository}/${place.path}`], props })
  const evidence = [declared(place, '/')]
  sink.relationship({ kind: 'DEFINED_IN', from: id, to: keys.githubRepository(place.repository), evidence })
}

function gatherUses(
  uses: JobUses,
  place: PlaceOfWorkflow,
  workflow: Workflow,
  job: Job,
  resolve: (name: string) => Target[],
): void {
  for (const { alternatives, where } of [...workflow.references, ...job.references]) {
    uses.add(alternatives, declared(place, where), resolve)
  }
}

function gatherInherited(
  uses: JobUses,
  place: PlaceOfWorkflow,
  job: Job,
  world: World,
  resolve: (name: string) => Target[],
): void {
  if (!job.inherits) return
  const at = `/jobs/${job.id}/secrets`
  const { references, beyond } = inheritedBy(job, place.repository, world)
  for (const { alternatives } of references) {
    uses.add(alternatives, declared(place, at, `secrets: inherit, taken by ${job.calls}`), resolve)
  }
  if (beyond)
    uses.addAny(declared(place, at, 'secrets: inherit: what the called workflow takes is not known'), 'confirmed')
}

function mapJob(place: PlaceOfWorkflow, workflow: Workflow, job: Job, uses: readonly Use[], sink: Sink): void {
  const { repository, fileName } = place
  const id = keys.githubJob(repository, fileName, job.id)
  const props: Props = { triggers: [...workflow.triggers], idToken: job.oidc }
  if (job.environment !== undefined) props.environment = job.environment
  if (job.calls !== undefined) props.calls = job.calls
  const short = repository.slice(repository.indexOf('/') + 1)
  sink.entity({ id, kind: 'github.job', name: `${short}: ${fileName} / ${job.id}`, props })
  const evidence = [declared(place, `/jobs/${job.id}`)]
  sink.relationship({ kind: 'DEFINED_IN', from: id, to: keys.githubRepository(repository), evidence })
  sink.relationship({
    kind: 'CONTAINED_IN',
    from: id,
    to: keys.githubWorkflow(repository, fileName),
    evidence,
  })
  for (const need of job.needs) {
    const to = keys.githubJob(repository, fileName, need)
    sink.relationship({ kind: 'DEPENDS_ON', from: id, to, evidence: [declared(place, `/jobs/${job.id}/needs`)] })
  }
  sink.relationship({
    kind: 'DEPENDS_ON',
    from: keys.system(short),
    to: id,
    // Without its pipeline a system still runs, but can't be changed.
    strength: 'soft',
    confidence: 'possible',
    evidence: [{ source, kind: 'inferred', file: place.file, note: 'the system named as the repository' }],
  })
  const cadence = cadenceOfJob(workflow)
  for (const use of uses) mapUse(place, job, id, use, cadence, sink)
  mapRoles(place, job, id, cadence, sink)
  mapLogins(job, id, cadence, (where, note) => declared(place, where, note), sink)
  mapEnvironment(place, job, sink)
}

/** An environment is there as soon as a job names it; who approves and what it holds its listing says. */
function mapEnvironment(place: PlaceOfWorkflow, { id: name, environment }: Job, sink: Sink): void {
  if (environment === undefined || environment.includes(expression)) return
  const { repository } = place
  const id = keys.githubEnvironment(repository, environment)
  sink.entity({ id, kind: 'github.environment', name: environment })
  const evidence = [declared(place, `/jobs/${name}/environment`)]
  sink.relationship({ kind: 'CONTAINED_IN', from: id, to: keys.githubRepository(repository), evidence })
}

/** Seconds between runs, where nothing but the clock (and people, who may wait for it) starts the workflow. */
function cadenceOfJob({ triggers, crons }: Workflow): number | undefined {
  const onlyByClock = triggers.every((trigger) => trigger === 'schedule' || trigger === 'workflow_dispatch')
  const spans = crons.flatMap((cron) => cadenceOf(cron) ?? [])
  return onlyByClock && spans.length > 0 ? Math.round(Math.min(...spans)) : undefined
}

function mapUse(
  { repository }: PlaceOfWorkflow,
  job: Job,
  from: string,
  { taken, need, confidence, evidence }: Use,
  cadence: number | undefined,
  sink: Sink,
): void {
  const rest = {
    from,
    confidence,
    evidence,
    ...(need === undefined ? {} : { need }),
    ...(cadence === undefined ? {} : { cadence }),
  }
  const put = (kind: 'USES_SECRET' | 'USES_CREDENTIAL', to: string, more: Partial<RelationshipFact>) => {
    const id = need === undefined ? {} : { id: `${kind} ${from} > ${to} for ${need}` }
    sink.relationship({ kind, to, ...rest, ...more, ...id })
  }
  if (taken === 'token') {
    const to = keys.githubActionsToken(repository)
    sink.entity({ id: to, kind: 'github.actions_token', name: `GITHUB_TOKEN of ${repository}` })
    put('USES_CREDENTIAL', to, { delivery: 'ci_job_start' })
  } else if (taken === 'any') {
    const to = keys.githubSecretScope(repository)
    sink.entity({ id: to, kind: 'github.secret_scope', name: `all secrets of ${repository}` })
    put('USES_SECRET', to, { delivery: 'ci_run_start' })
  } else {
    const to = mapSecret(taken.repository ?? repository, taken.secret, sink)
    const environment = job.environment?.includes(expression) ? 'decided at run time' : job.environment
    const note = scopeNote(environment)
    const props: Props = environment === undefined ? { scopeKnown: false } : { scopeKnown: false, environment }
    put('USES_SECRET', to, {
      delivery: 'ci_run_start',
      props,
      evidence: evidence.map((item) => ({ ...item, note: item.note === undefined ? note : `${item.note}; ${note}` })),
    })
  }
}

function mapSecret(repository: string, name: string, sink: Sink): string {
  const id = keys.githubRepositorySecret(repository, name)
  sink.entity({ id, kind: 'github.actions_secret', name, aliases: [`${repository} ${name}`] })
  sink.relationship({ kind: 'CONTAINED_IN', from: id, to: keys.githubRepository(repository) })
  return id
}

function mapRoles(place: PlaceOfWorkflow, job: Job, from: string, cadence: number | undefined, sink: Sink): void {
  for (const { role, where } of job.roles) {
    if (!isRoleArn(role)) continue
    sink.entity({ id: keys.awsArn(role), kind: 'aws.iam_role', name: role.slice(role.lastIndexOf('/') + 1) })
    sink.relationship({
      kind: 'RUNS_AS',
      from,
      to: keys.awsArn(role),
      ...(cadence === undefined ? {} : { cadence }),
      evidence: [declared(place, where, job.oidc ? 'by OIDC' : 'role-to-assume')],
    })
  }
}

/** A literal ARN; what an expression makes of it no file says. */
export function isRoleArn(role: string): boolean {
  const parts = role.split(':')
  return parts[0] === 'arn' && parts[2] === 'iam' && !!parts[5]?.startsWith('role/') && !role.includes(expression)
}

/** Who has to agree to a change of the workflow itself: perhaps others than those who own the repository. */
function mapWorkflowOwners({ name, owners }: Repository, path: string, fileName: string, sink: Sink): void {
  const found = ruleFor(owners, path)
  if (found === undefined || found.rule.pattern === '*') return
  for (const team of found.rule.teams) {
    const note = `owns ${found.rule.pattern}`.slice(0, 400)
    const { file, rule } = found
    sink.entity({ id: keys.team(team), kind: 'business.team', name: team })
    sink.relationship({
      kind: 'OWNED_BY',
      from: keys.githubWorkflow(name, fileName),
      to: keys.team(team),
      evidence: [{ source, kind: 'declared', file, record: `line ${rule.line}`, note }],
    })
  }
}

/** The teams of the rule for everything own the repository; without one, whoever owns a part of it may. */
function mapOwners({ name, owners }: Repository, sink: Sink): void {
  const whole = owners.filter(({ rule }) => rule.pattern === '*').slice(-1)
  const isOwned = whole.some(({ rule }) => rule.teams.length > 0)
  for (const { rule, file } of isOwned ? whole : owners) {
    for (const team of rule.teams) {
      sink.entity({ id: keys.team(team), kind: 'business.team', name: team })
      sink.relationship({
        kind: 'OWNED_BY',
        from: keys.githubRepository(name),
        to: keys.team(team),
        confidence: isOwned ? 'confirmed' : 'possible',
        evidence: [
          { source, kind: 'declared', file, record: `line ${rule.line}`, note: `owns ${rule.pattern}`.slice(0, 400) },
        ],
      })
    }
  }
}
