import { z } from 'zod'
import type { Props } from '../../graph/facts.ts'
import { shortened } from './cluster-facts.ts'
import { certificateFacts } from './certificate-facts.ts'
import { accessKeyIdsIn, flag, pairs, text } from './meta.ts'

/** `data` and `stringData` are looked at here, at once, and kept nowhere. */
export const Secret = z.object({
  type: text.nullish(),
  immutable: flag,
  data: z.unknown().optional().transform(pairs),
  stringData: z.unknown().optional().transform(pairs),
})
export type Secret = z.infer<typeof Secret>

/** What may be known of the values of a secret: names of keys, fingerprints, ids and hosts. Never a value. */
export interface ValueFacts {
  readonly names: readonly string[]
  /** `key=fingerprint`. */
  readonly fingerprints: readonly string[]
  readonly accessKeys: readonly string[]
  /** Hosts of a `.dockerconfigjson`. */
  readonly registries: readonly string[]
  /** Of the public certificate beside a key. */
  readonly certificate: Props | undefined
}

/** Keys that hold no secret: the same authority in every token would look like one value in many places. */
const publicKeys = new Set(['ca.crt', 'service-ca.crt', 'tls.crt', 'namespace'])
const dockerKeys = new Set(['.dockerconfigjson', '.dockercfg'])

export function valueFacts(
  { data, stringData }: Secret,
  fingerprint: (value: string, kind: string) => string | undefined,
): ValueFacts {
  const names: string[] = []
  const fingerprints: string[] = []
  const accessKeys = new Set<string>()
  let registries: readonly string[] = []
  let certificate: Props | undefined
  const print = (key: string, value: string) => {
    const found = value.trim() === '' ? undefined : fingerprint(value, 'secret')
    if (found !== undefined) fingerprints.push(`${shortened(key, 253)}=${found}`)
  }
  for (const [key, plain] of [...data.map(([k, v]) => [k, decoded(v)] as const), ...stringData]) {
    names.push(shortened(key, 253))
    if (plain.trim() === '') continue
    const ids = accessKeyIdsIn(plain)
    for (const id of ids) accessKeys.add(id)
    if (key === 'tls.crt') certificate = certificateFacts(plain)
    if (publicKeys.has(key)) continue
    const logins = dockerKeys.has(key) ? dockerLogins(plain) : undefined
    if (logins) {
      registries = [...logins.keys()]
      for (const [host, password] of logins) print(host, password)
    } else if (ids[0] !== plain.trim()) print(key, plain)
  }
  return { names, fingerprints, accessKeys: [...accessKeys], registries, certificate }
}

/** Values of `data` are base64; one that is not is looked at as it stands. */
function decoded(value: string): string {
  try {
    const bytes = Uint8Array.from(atob(value.trim()), (character) => character.charCodeAt(0))
    return new TextDecoder().decode(bytes)
  } catch {
    return value
  }
}

const Login = z.object({ password: z.string().optional(), auth: z.string().optional() }).catch({})
const DockerConfig = z.record(z.string(), z.unknown())

/** Registry hosts and the password to each; undefined where the text has another form. */
function dockerLogins(plain: string): ReadonlyMap<string, string> | undefined {
  try {
    const config = DockerConfig.parse(JSON.parse(plain))
    const auths = DockerConfig.parse(config['auths'] ?? config)
    const logins = new Map<string, string>()
    for (const [registry, value] of Object.entries(auths).slice(0, 200)) {
      const { password, auth } = Login.parse(value)
      const host = hostIn(registry)
      if (host) logins.set(host, password ?? passwordIn(auth ?? ''))
    }
    return logins
  } catch {
    return undefined
  }
}

/** `https://index.docker.io/v1/` and `registry.example.com:5000/team`: the host, and never what stands before an `@`. */
function hostIn(registry: string): string | undefined {
  const address = registry.includes('://') ? registry : `https://${registry}`
  return URL.canParse(address) ? new URL(address).host.slice(0, 253) || undefined : undefined
}

/** `auth` is `user:password` in base64. */
function passwordIn(auth: string): string {
  const plain = decoded(auth)
  return plain.slice(plain.indexOf(':') + 1)
}
