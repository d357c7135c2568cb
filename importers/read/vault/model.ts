/**
 * What a Vault is configured to do, whoever says so: recorded replies of its API, definitions as code (vault-manager,
 * bank-vaults, the Vault config operator), Terraform resources. Each source reads its own format into these records;
 * `mapVaultConfig` (map-config.ts) makes facts of them, so that one role is one role however it was told.
 *
 * Paths are as Vault writes them: a secrets mount `database/`, an auth mount `auth/kubernetes/`, both with a slash at
 * the end (`secretsMount`, `authMount` make them so). TTLs are seconds; 0 and absent mean "the mount's own".
 * Nothing here holds a value: statements, tokens and passwords are never named.
 */

export interface VaultPlace {
  readonly file: string
  /** JSON pointer, line, resource address. */
  readonly record: string
}

interface Said {
  readonly place: VaultPlace
  /** Enterprise namespace with a slash at the end (`team/`); absent in the root namespace. */
  readonly namespace?: string | undefined
}

/** A secrets engine or an auth method where it is mounted. */
export interface VaultMount extends Said {
  readonly what: 'mount'
  /** `secret/`, `auth/kubernetes/`. */
  readonly path: string
  /** `kv`, `database`, `kubernetes`, … */
  readonly type: string
  /** Of a KV engine. */
  readonly version?: 1 | 2 | undefined
  readonly accessor?: string | undefined
  readonly defaultTtl?: number | undefined
  readonly maxTtl?: number | undefined
  /** Of an auth method: whom it asks (`https://10.0.0.1:6443`, an OIDC issuer). */
  readonly verifier?: string | undefined
  /** Secrets in this Vault that the mount's own configuration takes a value from: `secret/oidc`. */
  readonly reads?: readonly string[] | undefined
}

/** A role of an auth method: who may log in, with which policies, for how long. */
export interface VaultAuthRole extends Said {
  readonly what: 'auth-role'
  readonly mount: string
  readonly name: string
  /** `kubernetes`, `approle`, `jwt`, `oidc`, `aws`, `cert`, `token`, …; absent: what the mount is of. */
  readonly method?: string | undefined
  readonly policies: readonly string[]
  readonly ttl?: number | undefined
  readonly maxTtl?: number | undefined
  readonly period?: number | undefined
  readonly explicitMaxTtl?: number | undefined
  readonly tokenType?: string | undefined
  /** `*` and globs stand for themselves. */
  readonly serviceAccounts?: readonly string[] | undefined
  readonly serviceAccountNamespaces?: readonly string[] | undefined
  readonly awsPrincipals?: readonly string[] | undefined
  readonly subjects?: readonly string[] | undefined
  readonly claims?: ReadonlyMap<string, readonly string[]> | undefined
  readonly audiences?: readonly string[] | undefined
  readonly secretIdTtl?: number | undefined
  readonly secretIdUses?: number | undefined
  readonly boundCidrs?: readonly string[] | undefined
}

/** A SecretID that was looked up by its accessor. */
export interface VaultSecretId extends Said {
  readonly what: 'secret-id'
  readonly mount: string
  readonly role: string
  readonly accessor: string
  readonly createdAt?: string | undefined
  readonly expiresAt?: string | undefined
  readonly usesLeft?: number | undefined
  /** A secret of this Vault into which its maker writes it: `app-interface/approle`. */
  readonly writtenTo?: string | undefined
}

/** A token that was looked up by its accessor. */
export interface VaultToken extends Said {
  readonly what: 'token'
  readonly accessor: string
  readonly displayName?: string | undefined
  /** Path that made it: `auth/token/create`, `auth/kubernetes/login`. */
  readonly madeBy?: string | undefined
  readonly policies: readonly string[]
  readonly type?: string | undefined
  readonly period?: number | undefined
  readonly orphan?: boolean | undefined
  readonly entity?: string | undefined
  readonly issuedAt?: string | undefined
  readonly expiresAt?: string | undefined
}

export interface VaultPolicy extends Said {
  readonly what: 'policy'
  readonly name: string
  /** Its text, HCL or JSON; parsed by policy-text.ts. */
  readonly text: string
}

/** Configuration of a database or cloud engine: the credential with which Vault makes and unmakes others. */
export interface VaultConnection extends Said {
  readonly what: 'connection'
  readonly mount: string
  readonly name: string
  /** `postgresql-database-plugin`, `aws`. */
  readonly plugin?: string | undefined
  readonly username?: string | undefined
  /** Host and port of what it connects to; never the URL, which may hold a password. */
  readonly host?: string | undefined
  readonly accessKeyId?: string | undefined
  readonly rotatedAt?: string | undefined
  readonly allowedRoles?: readonly string[] | undefined
}

/** A role of a secrets engine that makes a credential for whoever asks. */
export interface VaultIssuingRole extends Said {
  readonly what: 'issuing-role'
  readonly mount: string
  /** `database`, `aws`, `azure`, `gcp`, `kubernetes`, `pki`, `ssh`, `rabbitmq`, … */
  readonly engine: string
  readonly name: string
  readonly connection?: string | undefined
  readonly defaultTtl?: number | undefined
  readonly maxTtl?: number | undefined
  /** AWS: `iam_user`, `assumed_role`, `federation_token`, `session_token`; GCP: `access_token`, `service_account_key`. */
  readonly credentialType?: string | undefined
  /** AWS roles it assumes, a GCP service account. */
  readonly actsAs?: readonly string[] | undefined
  /** PKI: the issuer that signs, `default` where nothing is said. */
  readonly issuer?: string | undefined
}

/** One account whose password Vault changes by itself. */
export interface VaultStaticRole extends Said {
  readonly what: 'static-role'
  readonly mount: string
  readonly engine: string
  readonly name: string
  readonly connection?: string | undefined
  readonly username?: string | undefined
  readonly rotationPeriod?: number | undefined
  /** Cron line of `rotation_schedule`. */
  readonly rotationSchedule?: string | undefined
  readonly rotatedAt?: string | undefined
}

/** A KV secret that was listed or whose metadata was read. */
export interface VaultKvSecret extends Said {
  readonly what: 'kv'
  /** With its mount and without `data/` or `metadata/`: `secret/shop/db`. */
  readonly path: string
  readonly version?: 1 | 2 | undefined
  readonly keys?: readonly string[] | undefined
  readonly createdAt?: string | undefined
  readonly updatedAt?: string | undefined
  readonly currentVersion?: number | undefined
  /** A soft delete or a destroy of the current version. */
  readonly gone?: 'deleted' | 'destroyed' | undefined
  /** Keyed fingerprints of its values, by key. */
  readonly fingerprints?: ReadonlyMap<string, string> | undefined
  readonly customMetadata?: ReadonlyMap<string, string> | undefined
}

/** A certificate that signs others. */
export interface VaultIssuer extends Said {
  readonly what: 'issuer'
  readonly mount: string
  readonly id: string
  readonly name?: string | undefined
  readonly subject?: string | undefined
  readonly serial?: string | undefined
  readonly notBefore?: string | undefined
  readonly notAfter?: string | undefined
  readonly isDefault?: boolean | undefined
  readonly kind: 'pki' | 'ssh'
}

export interface VaultTransitKey extends Said {
  readonly what: 'transit-key'
  readonly mount: string
  readonly name: string
  readonly type?: string | undefined
  readonly latestVersion?: number | undefined
  readonly minDecryptionVersion?: number | undefined
  readonly autoRotateSeconds?: number | undefined
}

export interface VaultLease extends Said {
  readonly what: 'lease'
  /** Path that handed it out: `database/creds/app`, `auth/kubernetes/login`. */
  readonly path: string
  readonly issuedAt?: string | undefined
  readonly expiresAt?: string | undefined
  readonly ttl?: number | undefined
  readonly renewable?: boolean | undefined
}

/** Where Vault writes copies of KV secrets to. */
export interface VaultSyncDestination extends Said {
  readonly what: 'sync-destination'
  /** `aws-sm`, `azure-kv`, `gcp-sm`, `gh`, `vercel-project`. */
  readonly type: string
  readonly name: string
  /** `https://api.github.com`'s repository, a region, a vault address, a project: what the type needs to name a copy. */
  readonly repository?: string | undefined
  readonly environment?: string | undefined
  readonly region?: string | undefined
  readonly vaultUri?: string | undefined
  readonly project?: string | undefined
  readonly nameTemplate?: string | undefined
  readonly granularity?: string | undefined
}

export interface VaultSyncAssociation extends Said {
  readonly what: 'sync-association'
  readonly type: string
  readonly destination: string
  /** Mount by path where it is said, else by accessor. */
  readonly mount?: string | undefined
  readonly mountAccessor?: string | undefined
  readonly secret: string
  readonly key?: string | undefined
  readonly status?: string | undefined
  readonly updatedAt?: string | undefined
}

export interface VaultEntity extends Said {
  readonly what: 'entity'
  readonly id: string
  readonly name?: string | undefined
  readonly disabled?: boolean | undefined
  readonly policies: readonly string[]
  readonly groups?: readonly string[] | undefined
  readonly aliases: readonly VaultAlias[]
}

export interface VaultAlias {
  readonly name?: string | undefined
  /** `auth/kubernetes/`. */
  readonly mount?: string | undefined
  readonly mountAccessor?: string | undefined
  readonly serviceAccount?: string | undefined
  readonly serviceAccountNamespace?: string | undefined
}

export interface VaultGroup extends Said {
  readonly what: 'group'
  readonly id: string
  readonly name?: string | undefined
  readonly policies: readonly string[]
  readonly members: readonly string[]
}

/** A value that somebody copies from one secret of this Vault into another. */
export interface VaultCopy extends Said {
  readonly what: 'copy'
  readonly from: string
  readonly to: string
  readonly note: string
}

export interface VaultAuditDevice extends Said {
  readonly what: 'audit-device'
  readonly path: string
  readonly type: string
  readonly hmacAccessor?: boolean | undefined
  readonly logRaw?: boolean | undefined
}

export type VaultRecord =
  | VaultMount
  | VaultAuthRole
  | VaultSecretId
  | VaultToken
  | VaultPolicy
  | VaultConnection
  | VaultIssuingRole
  | VaultStaticRole
  | VaultKvSecret
  | VaultIssuer
  | VaultTransitKey
  | VaultLease
  | VaultSyncDestination
  | VaultSyncAssociation
  | VaultEntity
  | VaultGroup
  | VaultCopy
  | VaultAuditDevice

const trimmed = (path: string): string => {
  let [from, to] = [0, path.length]
  while (from < to && path[from] === '/') from++
  while (to > from && path[to - 1] === '/') to--
  return path.slice(from, to)
}

/** `database`, `/database/` → `database/`. */
export function secretsMount(path: string): string {
  return `${trimmed(path)}/`
}

/** `kubernetes`, `auth/kubernetes/` → `auth/kubernetes/`. */
export function authMount(path: string): string {
  const mount = trimmed(path)
  return mount.startsWith('auth/') ? `${mount}/` : `auth/${mount}/`
}

/** `secret/data/shop/db`, `secret/metadata/shop/db` → `secret/shop/db`, where the mount is KV version 2. */
export function kvPath(mount: string, below: string): string {
  for (const folder of ['data/', 'metadata/'])
    if (below.startsWith(folder)) return `${mount}${trimmed(below.slice(folder.length))}`
  return `${mount}${trimmed(below)}`
}

const units = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3_600],
  ['d', 86_400],
  ['w', 604_800],
])

/** Seconds of a TTL as Vault and its tools write them: `3600`, `"3600"`, `"1h30m"`, `"768h0m0s"`, `"30d"`. */
export function ttlSeconds(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  if (text === '' || text.length > 40) return undefined
  let sum = 0
  let digits = ''
  let unitless = true
  for (const letter of text) {
    if ((letter >= '0' && letter <= '9') || letter === '.') digits += letter
    else {
      const unit = units.get(letter)
      if (unit === undefined || digits === '' || Number.isNaN(Number(digits))) return undefined
      sum += Number(digits) * unit
      digits = ''
      unitless = false
    }
  }
  if (unitless) return Number.isNaN(Number(digits)) ? undefined : Number(digits)
  return digits === '' ? sum : undefined
}
