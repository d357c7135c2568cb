import { readFileSync } from 'node:fs'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { roleNames, type Role } from '../graph/wire-people.ts'

/** How other machines get in, and who vouches for the people there (security-reliability.md 4.1). */
export interface Outside {
  /** Files of the certificate chain and its key, PEM. */
  readonly tls: { readonly cert: string; readonly key: string } | null
  /** Addresses or prefixes that end TLS for us and say so with `X-Forwarded-Proto: https`. */
  readonly proxies: readonly string[]
  /** `https://keyfall.example.org`: what people type. */
  readonly publicUrl: string | null
  readonly oidc: OidcSettings | null
}

export interface OidcSettings {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string | null
  /** Shown on the sign-in page. */
  readonly name: string
  readonly rolesClaim: string
  /** Value of the claim → roles here. What is not in it gives none. */
  readonly roleMap: ReadonlyMap<string, readonly Role[]>
}

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

const isAddress = (text: string): boolean => ipaddr.isValid(text) || ipaddr.isValidCIDR(text)
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean),
)
const urlOf = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined)

/** `https://…` without a path, as browsers write it. */
function originOf(text: string): string | undefined {
  const url = urlOf(text)
  if (!url || url.username || url.password || url.search || url.hash || url.pathname !== '/') return undefined
  return url.protocol === 'https:' ? url.origin : undefined
}

export const OutsideEnvironment = z.object({
  KEYFALL_TLS_CERT: z.string().min(1, 'is empty: name the PEM file of the certificate').optional(),
  KEYFALL_TLS_KEY: z.string().min(1, 'is empty: name the PEM file of its key').optional(),
  KEYFALL_TRUSTED_PROXY: list
    .refine((all) => all.length > 0 && all.every(isAddress), 'must be addresses or prefixes, like 10.0.0.5,10.1.0.0/24')
    .optional(),
  KEYFALL_PUBLIC_URL: z
    .string()
    .refine((text) => originOf(text) !== undefined, 'must be like https://keyfall.example.org, without a path')
    .transform((text) => originOf(text)!)
    .optional(),
  KEYFALL_OIDC_ISSUER: z
    .string()
    .refine((text) => {
      const url = urlOf(text)
      return url?.protocol === 'https:' || (url?.protocol === 'http:' && loopbackHosts.has(url.hostname))
    }, 'must be an https URL')
    .optional(),
  KEYFALL_OIDC_CLIENT_ID: z.string().min(1, 'is empty').optional(),
  KEYFALL_OIDC_CLIENT_SECRET: z.string().min(1, 'is empty: unset it for a public client').optional(),
  KEYFALL_OIDC_CLIENT_SECRET_FILE: z.string().min(1, 'is empty').optional(),
  KEYFALL_OIDC_NAME: z.string().min(1).max(60).optional(),
  KEYFALL_OIDC_ROLES_CLAIM: z.string().min(1, 'is empty: the claim that holds groups or roles').optional(),
  KEYFALL_OIDC_ROLE_MAP: z
    .string()
    .transform((text, context) => {
      const map = roleMapOf(text)
      if (map) return map
      context.addIssue(`must be like sre=viewer+analyst,leads=approver; roles are ${roleNames.join(', ')}`)
      return z.NEVER
    })
    .optional(),
})
type OutsideEnvironment = z.infer<typeof OutsideEnvironment>

/** `group=role+role,group=role`. */
function roleMapOf(text: string): Map<string, readonly Role[]> | undefined {
  const map = new Map<string, readonly Role[]>()
  for (const pair of text.split(',')) {
    const at = pair.lastIndexOf('=')
    const group = pair.slice(0, Math.max(0, at)).trim()
    const roles = pair
      .slice(at + 1)
      .split('+')
      .map((role) => role.trim() as Role)
    if (group === '' || !roles.every((role) => roleNames.includes(role))) return undefined
    map.set(group, [...new Set([...(map.get(group) ?? []), ...roles])])
  }
  return map
}

/**
 * What is set, or what is wrong in words. `beyond`: some address of KEYFALL_LISTEN is no loopback address. Then, and
 * with a public URL, TLS (or a named proxy) and an identity provider are needed: a server that other machines reach
 * and that knows its people only by a link on its console does not start.
 */
export function outsideOf(given: OutsideEnvironment, beyond: boolean): Outside | { readonly wrong: string } {
  const { KEYFALL_TLS_CERT: cert, KEYFALL_TLS_KEY: key, KEYFALL_OIDC_ISSUER: issuer } = given
  const clientId = given.KEYFALL_OIDC_CLIENT_ID
  const proxies = given.KEYFALL_TRUSTED_PROXY ?? []
  const publicUrl = given.KEYFALL_PUBLIC_URL ?? null
  if ((cert === undefined) !== (key === undefined))
    return { wrong: 'KEYFALL_TLS_CERT and KEYFALL_TLS_KEY go together: set both, or none' }
  if ((issuer === undefined) !== (clientId === undefined))
    return { wrong: 'KEYFALL_OIDC_ISSUER and KEYFALL_OIDC_CLIENT_ID go together: set both, or none' }
  if (issuer !== undefined && given.KEYFALL_OIDC_ROLE_MAP === undefined)
    return { wrong: 'KEYFALL_OIDC_ROLE_MAP is not set: without it nobody of the identity provider has a role' }
  const why = beyond ? 'KEYFALL_LISTEN names an address beyond this machine' : 'KEYFALL_PUBLIC_URL is set'
  if (beyond || publicUrl !== null) {
    const missing = [
      ...(cert === undefined && proxies.length === 0
        ? ['TLS (KEYFALL_TLS_CERT and KEYFALL_TLS_KEY, or the proxy that ends it in KEYFALL_TRUSTED_PROXY)']
        : []),
      ...(issuer === undefined ? ['an identity provider (KEYFALL_OIDC_ISSUER)'] : []),
      ...(publicUrl === null ? ['the name that people type (KEYFALL_PUBLIC_URL)'] : []),
    ]
    if (missing.length > 0)
      return { wrong: `${why}: that also needs ${missing.join(', and ')}. Or stay on loopback and use an SSH tunnel` }
  }
  const secret = secretOf(given)
  if (secret !== null && typeof secret === 'object') return secret
  return {
    tls: cert !== undefined && key !== undefined ? { cert, key } : null,
    proxies,
    publicUrl,
    oidc:
      issuer !== undefined && clientId !== undefined
        ? {
            issuer,
            clientId,
            clientSecret: secret,
            name: given.KEYFALL_OIDC_NAME ?? new URL(issuer).host,
            rolesClaim: given.KEYFALL_OIDC_ROLES_CLAIM ?? 'groups',
            roleMap: given.KEYFALL_OIDC_ROLE_MAP ?? new Map(),
          }
        : null,
  }
}

function secretOf(given: OutsideEnvironment): string | null | { readonly wrong: string } {
  const file = given.KEYFALL_OIDC_CLIENT_SECRET_FILE
  if (file === undefined) return given.KEYFALL_OIDC_CLIENT_SECRET ?? null
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return { wrong: 'KEYFALL_OIDC_CLIENT_SECRET_FILE names a file that cannot be read' }
  }
}
