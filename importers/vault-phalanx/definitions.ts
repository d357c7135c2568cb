import type { SkipReason } from '../../graph/facts.ts'
import { parseYaml, type YamlMap, type YamlValue } from '../read/parse-yaml.ts'

/** One value that an application needs, as `applications/APP/secrets.yaml` defines it. */
export interface SecretDefinition {
  readonly application: string
  readonly key: string
  /** Environment whose overlay (`secrets-ENV.yaml`) says so; absent for all. */
  readonly environment?: string | undefined
  /** Needed, copied or made only where a setting of the application says so. */
  readonly conditional: boolean
  readonly copyOf?: { readonly application: string; readonly key: string; readonly conditional: boolean } | undefined
  readonly generated?: { readonly type: string; readonly from?: string | undefined } | undefined
  readonly fromOnePassword: boolean
  /** A value that stands in the definition itself; it is fingerprinted and goes no further. */
  readonly fixed?: string | undefined
  readonly file: string
}

/** One deployment: which applications run, and under which path of which Vault their secrets are. */
export interface EnvironmentDefinition {
  readonly name: string
  readonly file: string
  readonly vaultHost?: string | undefined
  readonly prefix?: string | undefined
  readonly applications: readonly string[]
}

export type Place =
  | { readonly what: 'application'; readonly application: string; readonly environment?: string | undefined }
  | { readonly what: 'environment'; readonly environment?: string | undefined }

/** What a file of the repository defines, by its name alone; undefined for any other file. */
export function placeOf(name: string): Place | undefined {
  const parts = name.slice(name.lastIndexOf('!/') < 0 ? 0 : name.lastIndexOf('!/') + 2).split('/')
  const file = parts.at(-1)!
  const ending = file.endsWith('.yaml') ? '.yaml' : file.endsWith('.yml') ? '.yml' : undefined
  if (ending === undefined) return undefined
  const base = file.slice(0, -ending.length)
  const application = parts.at(-2)
  if (parts.at(-3) === 'applications' && application !== undefined) {
    if (base === 'secrets') return { what: 'application', application }
    if (base.startsWith('secrets-'))
      return { what: 'application', application, environment: base.slice('secrets-'.length) }
  }
  if (application === 'environments' && (base === 'values' || base.startsWith('values-')))
    return { what: 'environment', ...(base === 'values' ? {} : { environment: base.slice('values-'.length) }) }
  return undefined
}

export interface Unread {
  readonly reason: SkipReason
  readonly where: string
}

const isMap = (value: YamlValue | undefined): value is YamlMap => value instanceof Map
const textIn = (map: YamlMap | undefined, name: string): string | undefined => {
  const value = map?.get(name)
  return typeof value === 'string' && value !== '' && value.length <= 2048 ? value : undefined
}
const mapIn = (map: YamlMap, name: string): YamlMap | undefined => {
  const value = map.get(name)
  return isMap(value) ? value : undefined
}

export function readSecrets(
  text: string,
  place: Extract<Place, { what: 'application' }>,
  file: string,
): (SecretDefinition | Unread)[] {
  const parsed = parseYaml(text)
  if ('reason' in parsed) return [parsed]
  if (parsed.value === null) return []
  if (!isMap(parsed.value)) return [{ reason: 'unreadable-record', where: '/' }]
  return [...parsed.value].map(([key, value]) => {
    if (typeof key !== 'string' || key === '' || key.length > 253 || !(value === null || isMap(value)))
      return { reason: 'unreadable-record', where: `/${typeof key === 'string' ? key.slice(0, 100) : '?'}` }
    return definitionOf(key, isMap(value) ? value : new Map(), place, file)
  })
}

function definitionOf(
  key: string,
  body: YamlMap,
  { application, environment }: Extract<Place, { what: 'application' }>,
  file: string,
): SecretDefinition {
  const [copy, generate] = [mapIn(body, 'copy'), mapIn(body, 'generate')]
  const [from, name] = [textIn(copy, 'application'), textIn(copy, 'key')]
  return {
    application,
    key,
    environment,
    file,
    conditional: body.has('if'),
    copyOf:
      from !== undefined && name !== undefined
        ? { application: from, key: name, conditional: copy!.has('if') }
        : undefined,
    generated: generate && { type: textIn(generate, 'type') ?? 'password', from: textIn(generate, 'source') },
    fromOnePassword: body.has('onepassword'),
    fixed: textIn(body, 'value'),
  }
}

export function readEnvironment(text: string, name: string, file: string): EnvironmentDefinition | Unread {
  const parsed = parseYaml(text)
  if ('reason' in parsed) return parsed
  if (!isMap(parsed.value)) return { reason: 'unreadable-record', where: '/' }
  const url = textIn(parsed.value, 'vaultUrl')
  const applications = mapIn(parsed.value, 'applications') ?? new Map<YamlValue, YamlValue>()
  return {
    name,
    file,
    vaultHost: url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined,
    prefix: textIn(parsed.value, 'vaultPathPrefix'),
    applications: [...applications].flatMap(([key, value]) => (typeof key === 'string' && value === true ? [key] : [])),
  }
}
