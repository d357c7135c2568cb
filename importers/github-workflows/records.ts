import type { YamlMap, YamlValue } from '../read/parse-yaml.ts'
import { referencesIn, referencesInCondition, type Alternatives } from './secret-references.ts'

/** References at one place of a file. */
export interface Found {
  readonly alternatives: Alternatives
  /** JSON pointer in the workflow. */
  readonly where: string
}

export interface RoleStep {
  /** What `role-to-assume` says: an ARN, or an expression. */
  readonly role: string
  readonly where: string
}

/** A step that signs the job in somewhere, or has something fetched with that sign-in. */
export interface Login {
  readonly at: 'azure' | 'gcp' | 'vault' | 'elsewhere'
  readonly where: string
  /** What `with:` says, by name: literals and expressions. */
  readonly given: ReadonlyMap<string, string>
}

export interface Job {
  readonly id: string
  readonly name?: string | undefined
  readonly environment?: string | undefined
  readonly needs: readonly string[]
  /** `./.github/workflows/x.yml`, `owner/name/.github/workflows/x.yml@ref`. */
  readonly calls?: string | undefined
  /** `secrets: inherit` to what it calls. */
  readonly inherits: boolean
  /** `secrets:` to what it calls: its name there, and what is given. */
  readonly passes: ReadonlyMap<string, readonly Alternatives[]>
  readonly oidc: boolean
  readonly roles: readonly RoleStep[]
  readonly logins: readonly Login[]
  readonly references: readonly Found[]
}

/** What we take of a workflow file. */
export interface Workflow {
  readonly name?: string | undefined
  readonly triggers: readonly string[]
  readonly crons: readonly string[]
  readonly jobs: readonly Job[]
  /** Pointers to what stands under `jobs` and is none. */
  readonly unreadable: readonly string[]
  /** Outside the jobs: every job has them. */
  readonly references: readonly Found[]
}

export const isMap = (value: YamlValue | undefined): value is YamlMap => value instanceof Map
export const textOf = (value: YamlValue | undefined): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
const listOf = (value: YamlValue | undefined): readonly YamlValue[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
const field = (value: YamlValue | undefined, name: string): YamlValue | undefined =>
  isMap(value) ? value.get(name) : undefined

/** A workflow out of its YAML; undefined: it has no jobs, and so is none. */
export function readWorkflow(root: YamlValue): Workflow | undefined {
  const jobs = field(root, 'jobs')
  if (!isMap(root) || !isMap(jobs)) return undefined
  const on = root.get('on')
  const outside = new Map(root)
  outside.delete('jobs')
  const token = permitsToken(root.get('permissions'))
  return {
    name: textOf(root.get('name')),
    triggers: isMap(on) ? [...on.keys()].map(String) : listOf(on).map(String),
    crons: listOf(field(on, 'schedule')).flatMap((entry) => textOf(field(entry, 'cron')) ?? []),
    jobs: [...jobs].flatMap(([id, job]) => (isMap(job) ? [readJob(String(id), job, token)] : [])),
    unreadable: [...jobs].flatMap(([id, job]) => (isMap(job) ? [] : [`/jobs/${escape(String(id))}`])),
    references: findReferences(outside, ''),
  }
}

function readJob(id: string, job: YamlMap, tokenByDefault: boolean): Job {
  const at = `/jobs/${escape(id)}`
  const environment = job.get('environment')
  const secrets = job.get('secrets')
  const permissions = job.get('permissions')
  return {
    id,
    name: textOf(job.get('name')),
    environment: textOf(isMap(environment) ? environment.get('name') : environment),
    needs: listOf(job.get('needs')).flatMap((need) => textOf(need) ?? []),
    calls: textOf(job.get('uses')),
    inherits: secrets === 'inherit',
    passes: new Map(
      isMap(secrets)
        ? [...secrets].map(([name, value]) => [String(name).toUpperCase(), referencesIn(textOf(value) ?? '')])
        : [],
    ),
    oidc: permissions === undefined ? tokenByDefault : permitsToken(permissions),
    roles: roleSteps(job, at),
    logins: loginSteps(job, at),
    references: findReferences(job, at),
  }
}

/** May it ask for an OIDC token? */
function permitsToken(permissions: YamlValue | undefined): boolean {
  return permissions === 'write-all' || field(permissions, 'id-token') === 'write'
}

const awsLogin = 'aws-actions/configure-aws-credentials@'

function roleSteps(job: YamlMap, at: string): RoleStep[] {
  return listOf(job.get('steps')).flatMap((step, index) => {
    const uses = textOf(field(step, 'uses'))
    const role = textOf(field(field(step, 'with'), 'role-to-assume'))
    if (!uses?.toLowerCase().startsWith(awsLogin) || role === undefined) return []
    return [{ role, where: `${at}/steps/${index}/with/role-to-assume` }]
  })
}

const logins = new Map<string, Login['at']>([
  ['azure/login', 'azure'],
  ['google-github-actions/auth', 'gcp'],
  ['hashicorp/vault-action', 'vault'],
])
/** How a script asks for the job's OIDC token itself. */
const tokenRequest = 'ACTIONS_ID_TOKEN_REQUEST'

function loginSteps(job: YamlMap, at: string): Login[] {
  return listOf(job.get('steps')).flatMap((step, index): Login[] => {
    const where = `${at}/steps/${index}`
    const action = textOf(field(step, 'uses'))?.toLowerCase().split('@')[0]
    const kind = action === undefined ? undefined : logins.get(action)
    const inputs = field(step, 'with')
    if (kind !== undefined) {
      const given = isMap(inputs) ? [...inputs].flatMap(([name, value]) => pairOf(name, value)) : []
      return [{ at: kind, where, given: new Map(given) }]
    }
    const script = [textOf(field(step, 'run')), textOf(field(inputs, 'script'))]
    return script.some((text) => text?.includes(tokenRequest) || text?.includes('getIDToken'))
      ? [{ at: 'elsewhere', where, given: new Map() }]
      : []
  })
}

function pairOf(name: YamlValue, value: YamlValue): (readonly [string, string])[] {
  const text = textOf(value)
  return text === undefined ? [] : [[String(name).toLowerCase(), text]]
}

/** Every expression below a value; without recursion, in order of the file. */
function findReferences(root: YamlValue, at: string): Found[] {
  const found: Found[] = []
  const waiting: { value: YamlValue; at: string; condition: boolean }[] = [{ value: root, at, condition: false }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, at, condition } = next
    if (typeof value === 'string') {
      const references = condition ? referencesInCondition(value) : referencesIn(value)
      for (const alternatives of references) found.push({ alternatives, where: at })
    } else if (Array.isArray(value)) {
      for (let i = value.length - 1; i >= 0; i--) {
        waiting.push({ value: value[i] as YamlValue, at: `${at}/${i}`, condition: false })
      }
    } else if (isMap(value)) {
      for (const [key, inner] of [...value].reverse()) {
        const name = String(key)
        waiting.push({ value: inner, at: `${at}/${escape(name)}`, condition: name === 'if' })
        if (typeof key === 'string' && key.includes('${{')) waiting.push({ value: key, at, condition: false })
      }
    }
  }
  return found
}

/** RFC 6901. */
const escape = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')
