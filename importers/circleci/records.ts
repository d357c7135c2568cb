import type { YamlMap, YamlValue } from '../read/parse-yaml.ts'

/** A job as it is defined, or as an orb brings it along. */
export interface Job {
  readonly name: string
  readonly where: string
  /** Variables that its text reads and nothing in the file sets. Names only. */
  readonly reads: readonly string[]
  /** Ids of access keys that stand in the file. */
  readonly accessKeys: readonly string[]
  /** ARNs of roles that a step assumes. */
  readonly roles: readonly string[]
  /** Its text takes the token that CircleCI vouches with. */
  readonly oidc: boolean
}

/** A job in a workflow. */
export interface Run {
  readonly workflow: string
  readonly job: string
  /** What others of the workflow call it. */
  readonly name: string
  readonly where: string
  readonly contexts: readonly string[]
  readonly requires: readonly string[]
}

export interface Workflow {
  readonly name: string
  readonly where: string
  readonly crons: readonly string[]
}

/** What is taken of `.circleci/config.yml`. Values of `environment` are dropped. */
export interface Config {
  readonly jobs: readonly Job[]
  readonly workflows: readonly Workflow[]
  readonly runs: readonly Run[]
  readonly orbs: readonly string[]
  /** `setup: true`: what runs is made while the pipeline runs, from this one. */
  readonly isSetup: boolean
  readonly approvals: readonly string[]
  /** Pointers to what has not the form of a job or of its use. */
  readonly unreadable: readonly string[]
}

const isMap = (value: YamlValue | undefined): value is YamlMap => value instanceof Map
const textOf = (value: YamlValue | undefined): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
const listOf = (value: YamlValue | undefined): readonly YamlValue[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value as YamlValue]
const textsOf = (value: YamlValue | undefined): string[] => listOf(value).flatMap((one) => textOf(one) ?? [])
const pointer = (...names: readonly string[]): string =>
  names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** A field, also where an anchor is merged in with `<<`. */
function field(value: YamlValue | undefined, name: string): YamlValue | undefined {
  if (!isMap(value)) return undefined
  if (value.has(name)) return value.get(name)
  for (const merged of listOf(value.get('<<'))) if (isMap(merged) && merged.has(name)) return merged.get(name)
  return undefined
}

const entriesOf = (value: YamlValue | undefined): (readonly [string, YamlValue])[] =>
  isMap(value) ? [...value].map(([name, inner]) => [String(name), inner] as const) : []

/** A configuration out of its YAML; undefined: it has no jobs, and so is none. */
export function readConfig(root: YamlValue): Config | undefined {
  const jobs = field(root, 'jobs')
  const workflows = field(root, 'workflows')
  if (!isMap(jobs) && !isMap(workflows)) return undefined
  const commands = new Map(entriesOf(field(root, 'commands')))
  const defined = entriesOf(jobs)
  const bad = defined.filter(([, job]) => !isMap(job)).map(([name]) => pointer('jobs', name))
  const uses = entriesOf(workflows)
    .filter(([, workflow]) => isMap(workflow))
    .map(([name, workflow]) => ({ name, ...readWorkflow(name, workflow) }))
  return {
    jobs: defined.flatMap(([name, job]) => (isMap(job) ? [readJob(name, job, commands)] : [])),
    workflows: uses.map(({ name, crons }) => ({ name, where: pointer('workflows', name), crons })),
    runs: uses.flatMap(({ runs }) => runs),
    orbs: entriesOf(field(root, 'orbs')).map(([name, orb]) => textOf(orb) ?? name),
    isSetup: field(root, 'setup') === true,
    approvals: uses.flatMap(({ approvals }) => approvals),
    unreadable: [...bad, ...uses.flatMap(({ unreadable }) => unreadable)],
  }
}

function readWorkflow(workflow: string, value: YamlValue) {
  const runs: Run[] = []
  const approvals: string[] = []
  const unreadable: string[] = []
  for (const [index, use] of listOf(field(value, 'jobs')).entries()) {
    const where = pointer('workflows', workflow, 'jobs', String(index))
    const [job, settings] = typeof use === 'string' ? [use, null] : (entriesOf(use)[0] ?? [])
    if (job === undefined) unreadable.push(where)
    else if (field(settings, 'type') === 'approval') approvals.push(where)
    else
      runs.push({
        workflow,
        job,
        name: textOf(field(settings, 'name')) ?? job,
        where,
        contexts: textsOf(field(settings, 'context')),
        requires: textsOf(field(settings, 'requires')),
      })
  }
  const crons = listOf(field(value, 'triggers')).flatMap(
    (trigger) => textOf(field(field(trigger, 'schedule'), 'cron')) ?? [],
  )
  return { runs, approvals, unreadable, crons }
}

/** Set by CircleCI, by the shell or by the tools of its images. */
const ownVariables = new Set(['HOME', 'PATH', 'PWD', 'USER', 'BASH_ENV', 'TMPDIR', 'SHELL', 'HOSTNAME', 'TERM'])

function readJob(name: string, job: YamlMap, commands: ReadonlyMap<string, YamlValue>): Job {
  const reads = new Set<string>()
  const set = new Set<string>(ownVariables)
  const accessKeys = new Set<string>()
  const roles = new Set<string>()
  const called = new Set<string>()
  let oidc = false
  const waiting: { value: YamlValue; under: string }[] = [{ value: job, under: '' }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, under } = next
    if (typeof value === 'string') {
      if (value.includes('CIRCLE_OIDC_TOKEN')) oidc = true
      for (const variable of variablesIn(value, set)) reads.add(variable)
      for (const id of value.match(/\bAKIA[A-Z0-9]{16}\b/g) ?? []) accessKeys.add(id)
      if ((under === 'role_arn' || under === 'role-arn') && value.startsWith('arn:') && !value.includes('<<')) {
        roles.add(value)
      }
      callCommand(value, under)
    } else if (Array.isArray(value)) {
      // A list of settings or steps stands under the name of the list.
      for (const inner of value as readonly YamlValue[]) waiting.push({ value: inner, under })
    } else if (isMap(value)) {
      for (const [key, inner] of value) {
        const inside = String(key)
        if (under === 'environment' && inside !== '<<') set.add(inside)
        if (under === 'steps') callCommand(inside, under)
        waiting.push({ value: inner, under: inside === '<<' ? under : inside })
      }
    }
  }
  function callCommand(step: string, under: string) {
    const command = commands.get(step)
    if (under !== 'steps' || command === undefined || called.has(step)) return
    called.add(step)
    waiting.push({ value: command, under: '' })
  }
  const where = pointer('jobs', name)
  return {
    name,
    where,
    reads: [...reads].filter((one) => !set.has(one)).sort(),
    accessKeys: [...accessKeys],
    roles: [...roles],
    oidc,
  }
}

const isStart = (code: number): boolean => (code >= 65 && code <= 90) || code === 95
const isPart = (code: number): boolean => isStart(code) || (code >= 48 && code <= 57)

/** `$NAME` and `${NAME…}` in capitals. `NAME=…` at the start of a line sets one, and so does `export NAME=…`. */
function variablesIn(text: string, set: Set<string>): string[] {
  for (const line of text.split('\n')) {
    const start = line.trimStart()
    const assignment = start.startsWith('export ') ? start.slice('export '.length) : start
    const end = assignment.indexOf('=')
    const name = end > 0 && end < 128 ? assignment.slice(0, end) : ''
    if (name !== '' && [...name].every((character) => isPart(character.charCodeAt(0)))) set.add(name)
  }
  const found: string[] = []
  for (let at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at + 1)) {
    const from = text[at + 1] === '{' ? at + 2 : at + 1
    let to = from
    while (to < text.length && isPart(text.charCodeAt(to))) to++
    const name = text.slice(from, to)
    // `$1`, `$?` and what CircleCI itself sets are no secrets.
    if (name.length >= 3 && name.length <= 128 && isStart(name.charCodeAt(0)) && !name.startsWith('CIRCLE_'))
      found.push(name)
  }
  return found
}
