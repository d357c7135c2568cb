import {
  authMount,
  ttlSeconds,
  type VaultAlias,
  type VaultAuthRole,
  type VaultEntity,
  type VaultPlace,
  type VaultRecord,
  type VaultToken,
} from '../read/vault/model.ts'
import { asData, flagIn, isData, numberIn, textIn, textsIn, type Data } from './replies.ts'

/** A role of an auth method, in the words of Vault's API; every method uses the same for tokens. */
export function authRole(mount: string, name: string, data: Data, place: VaultPlace, method?: string): VaultAuthRole {
  const claims = data.get('bound_claims')
  return {
    what: 'auth-role',
    place,
    mount: authMount(mount),
    name,
    method: method ?? methodOf(data),
    policies: [
      ...new Set([
        ...textsIn(data, 'token_policies'),
        ...textsIn(data, 'policies'),
        ...textsIn(data, 'allowed_policies'),
      ]),
    ],
    ttl: ttlSeconds(data.get('token_ttl') ?? data.get('ttl')),
    maxTtl: ttlSeconds(data.get('token_max_ttl') ?? data.get('max_ttl')),
    period: ttlSeconds(data.get('token_period') ?? data.get('period')),
    explicitMaxTtl: ttlSeconds(data.get('token_explicit_max_ttl') ?? data.get('explicit_max_ttl')),
    tokenType: textIn(data, 'token_type'),
    serviceAccounts: textsIn(data, 'bound_service_account_names'),
    serviceAccountNamespaces: textsIn(data, 'bound_service_account_namespaces'),
    awsPrincipals: [...textsIn(data, 'bound_iam_principal_arn'), ...textsIn(data, 'bound_iam_role_arn')],
    subjects: [
      ...textsIn(data, 'bound_subject'),
      ...textsIn(data, 'bound_service_accounts').map((one) => `gcp:${one}`),
      ...textsIn(data, 'bound_service_principal_ids').map((one) => `azure:${one}`),
      ...textsIn(data, 'allowed_common_names').map((one) => `cn:${one}`),
    ],
    claims: claimsOf(claims),
    audiences: textsIn(data, 'bound_audiences'),
    secretIdTtl: ttlSeconds(data.get('secret_id_ttl')),
    secretIdUses: ttlSeconds(data.get('secret_id_num_uses')),
    boundCidrs: [...textsIn(data, 'token_bound_cidrs'), ...textsIn(data, 'secret_id_bound_cidrs')],
  }
}

/** Which method a role is of, by the fields that only it has. */
const marks: readonly (readonly [field: string, method: string])[] = [
  ['bound_service_account_names', 'kubernetes'],
  ['bind_secret_id', 'approle'],
  ['secret_id_ttl', 'approle'],
  ['bound_iam_principal_arn', 'aws'],
  ['bound_service_principal_ids', 'azure'],
  ['bound_service_accounts', 'gcp'],
  ['bound_claims', 'jwt'],
  ['user_claim', 'jwt'],
  ['allowed_common_names', 'cert'],
]
const methodOf = (data: Data): string | undefined => marks.find(([field]) => data.has(field))?.[1]

function claimsOf(claims: unknown): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const [claim, value] of asData(claims)) {
    const values = Array.isArray(value) ? (value as unknown[]) : [value]
    const texts = values.filter((one): one is string => typeof one === 'string' && one.length <= 500)
    if (texts.length > 0) found.set(claim.slice(0, 200), texts)
  }
  return found
}

/** Whom the method of a mount asks: the API server, the issuer. */
export function verifierOf(data: Data): string | undefined {
  for (const name of ['kubernetes_host', 'oidc_discovery_url', 'bound_issuer', 'jwks_url', 'url']) {
    const text = textIn(data, name)
    // A password may stand in a URL.
    if (text !== undefined && URL.canParse(text)) return new URL(text).origin
  }
  return undefined
}

/** `expiration_time` of a SecretID without end is the year 1. */
export const instantIn = (data: Data, name: string): string | undefined => {
  const value = textIn(data, name)
  return value === undefined || value.startsWith('0001-') || value.length > 40 ? undefined : value
}

export function secretId(mount: string, role: string, accessor: string, data: Data, place: VaultPlace): VaultRecord {
  return {
    what: 'secret-id',
    place,
    mount: authMount(mount),
    role,
    accessor,
    createdAt: instantIn(data, 'creation_time'),
    expiresAt: instantIn(data, 'expiration_time'),
    usesLeft: numberIn(data, 'secret_id_num_uses') || undefined,
  }
}

export function tokenOf(data: Data, place: VaultPlace): VaultToken | undefined {
  const accessor = textIn(data, 'accessor')
  if (accessor === undefined) return undefined
  return {
    what: 'token',
    place,
    accessor,
    displayName: textIn(data, 'display_name'),
    madeBy: textIn(data, 'path'),
    policies: textsIn(data, 'policies'),
    type: textIn(data, 'type'),
    period: ttlSeconds(data.get('period')),
    orphan: flagIn(data, 'orphan'),
    entity: textIn(data, 'entity_id'),
    issuedAt: instantIn(data, 'issue_time'),
    expiresAt: instantIn(data, 'expire_time'),
  }
}

export function entityOf(data: Data, place: VaultPlace): VaultEntity | undefined {
  const id = textIn(data, 'id')
  if (id === undefined) return undefined
  const aliases = data.get('aliases')
  return {
    what: 'entity',
    place,
    id,
    name: textIn(data, 'name'),
    disabled: flagIn(data, 'disabled'),
    policies: textsIn(data, 'policies'),
    groups: [...new Set([...textsIn(data, 'direct_group_ids'), ...textsIn(data, 'group_ids')])],
    aliases: (Array.isArray(aliases) ? (aliases as unknown[]) : []).filter(isData).map((one) => aliasOf(asData(one))),
  }
}

function aliasOf(data: Data): VaultAlias {
  const metadata = asData(data.get('metadata'))
  return {
    name: textIn(data, 'name'),
    mount: textIn(data, 'mount_path'),
    mountAccessor: textIn(data, 'mount_accessor'),
    serviceAccount: textIn(metadata, 'service_account_name'),
    serviceAccountNamespace: textIn(metadata, 'service_account_namespace'),
  }
}
