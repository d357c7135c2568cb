import type { EntityFact, RelationshipFact } from '../facts.ts'
import type { Operation } from '../wire.ts'

/** A moment or a range of them, in seconds after the change; `null`: never. */
export type Moment = readonly [number, number | null]

/** One dependent of a case of change-semantics.md section 14, as raw facts, with what is said of it there. */
export interface Case {
  readonly id: string
  readonly facts: readonly (EntityFact | RelationshipFact)[]
  /** Key of what is changed. */
  readonly subject: string
  readonly op: Operation
  readonly overlap?: number
  readonly verdict: 'breaks' | 'may_break' | 'covered'
  readonly breakAt?: readonly [number, number | null]
  /** Absent: never by itself. */
  readonly recoverAt?: readonly [number, number | null]
}

const seen = [{ source: 'bundle', kind: 'observed' as const, lastSeen: '2026-11-20T00:00:00Z' }]
const app = (name: string): EntityFact => ({ id: `app:${name}`, kind: 'generic.workload', name })
const use = (name: string, to: string, more: Partial<RelationshipFact> = {}): RelationshipFact => ({
  kind: to.startsWith('place:') ? 'USES_SECRET' : 'USES_CREDENTIAL',
  from: `app:${name}`,
  to,
  evidence: seen,
  ...more,
})
const thing = (id: string, kind: EntityFact['kind'], props?: EntityFact['props']): EntityFact => ({
  id,
  kind: kind!,
  name: id,
  ...(props && { props }),
})

// TV1: one access key, used by itself, through a role, through a session of its own, and once a month.
const key = thing('key', 'aws.iam_access_key')
const disableKey = { subject: 'key', op: 'disable' } as const
const tv1: Case[] = [
  {
    id: 'TV1 etl-direct',
    ...disableKey,
    facts: [key, app('etl'), use('etl', 'key', { delivery: 'env_at_start', cadence: 60 })],
    verdict: 'breaks',
    breakAt: [20, 320],
  },
  {
    id: 'TV1 deployer-role',
    ...disableKey,
    facts: [
      key,
      thing('session', 'aws.sts_role_session', { ttlSeconds: 3600 }),
      app('deployer'),
      {
        kind: 'ISSUED_BY',
        from: 'session',
        to: 'key',
        evidence: seen,
        props: { client: 'botocore', tokenSeconds: 3600 },
      },
      use('deployer', 'session', { delivery: 'sdk_refresh', cadence: 60 }),
    ],
    verdict: 'breaks',
    breakAt: [1820, 1820],
  },
  {
    id: 'TV1 cli-session',
    ...disableKey,
    facts: [
      key,
      thing('session', 'aws.sts_session_token', { ttlSeconds: 43_200 }),
      app('cli'),
      { kind: 'ISSUED_BY', from: 'session', to: 'key', evidence: seen },
      use('cli', 'session', { delivery: 'manual', cadence: 60 }),
    ],
    verdict: 'breaks',
    breakAt: [36_020, 36_020],
  },
  {
    id: 'TV1 monthly-report',
    ...disableKey,
    facts: [key, app('report'), use('report', 'key', { delivery: 'env_at_start', cadence: 2_592_000 })],
    verdict: 'breaks',
    breakAt: [777_600, 777_600],
  },
]

// TV2: the secret of an app registration is removed; tokens cannot be revoked.
const entra = thing('entra', 'entra.client_secret')
const tv2: Case[] = [
  {
    id: 'TV2 api-worker',
    subject: 'entra',
    op: 'revoke',
    facts: [
      entra,
      app('api'),
      use('api', 'entra', { delivery: 'env_at_start', cadence: 30, props: { client: 'msal', tokenSeconds: 4500 } }),
    ],
    verdict: 'breaks',
    breakAt: [2405, 2405],
  },
  {
    id: 'TV2 cron-15m',
    subject: 'entra',
    op: 'revoke',
    // A new token each run: no session of an earlier one is used.
    facts: [entra, app('cron'), use('cron', 'entra', { delivery: 'env_at_start', cadence: 900, session: [0, 0] })],
    verdict: 'breaks',
    breakAt: [600, 600],
  },
]

// TV3: single-user rotation of a database password in Secrets Manager.
const database: EntityFact[] = [
  thing('password', 'db.postgres_password', { engine: 'postgresql' }),
  thing('place:asm', 'aws.secretsmanager_secret'),
]
const inAsm: RelationshipFact = { kind: 'HOLDS', from: 'place:asm', to: 'password', evidence: seen }
const rotatePassword = { subject: 'password', op: 'rotate' } as const
// A redeployment is planned at 21600: said by whoever plans it.
const orders = use('orders', 'place:asm', {
  delivery: 'task_start',
  pickup: [21_600, 21_600],
  cadence: 1,
  props: { poolSeconds: 1800 },
})
const tv3: Case[] = [
  {
    id: 'TV3 orders-first',
    ...rotatePassword,
    facts: [...database, inAsm, app('orders'), orders],
    verdict: 'breaks',
    breakAt: [120, 120],
    recoverAt: [21_600, 21_600],
  },
  {
    id: 'TV3 orders-all',
    ...rotatePassword,
    facts: [...database, inAsm, app('orders'), orders],
    verdict: 'breaks',
    breakAt: [1800, 1800],
    recoverAt: [21_600, 21_600],
  },
  {
    id: 'TV3 lambda-cached',
    ...rotatePassword,
    facts: [
      ...database,
      inAsm,
      app('lambda'),
      // It opens a connection for each call.
      use('lambda', 'place:asm', {
        delivery: 'fetch_cached',
        cadence: 30,
        session: [0, 0],
        props: { cacheSeconds: 300 },
      }),
    ],
    verdict: 'breaks',
    breakAt: [15, 15],
    recoverAt: [225, 225],
  },
  {
    id: 'TV3 batch-java',
    ...rotatePassword,
    facts: [
      ...database,
      inAsm,
      app('batch'),
      use('batch', 'place:asm', {
        delivery: 'fetch_cached',
        cadence: 1800,
        session: [0, 0],
        props: { cacheSeconds: 3600 },
      }),
    ],
    verdict: 'covered',
  },
]

// TV4: the login secret is destroyed, or the token is revoked.
const tv4: Case[] = [
  {
    id: 'TV4 a-secretid-destroyed',
    subject: 'secret-id',
    op: 'revoke',
    facts: [
      thing('secret-id', 'vault.approle_secret_id'),
      thing('role', 'vault.role', { maxTtlSeconds: 14_400 }),
      { kind: 'AUTHENTICATES_AS', from: 'secret-id', to: 'role', evidence: seen },
      app('login'),
      use('login', 'secret-id', { delivery: 'file_static', cadence: 1, props: { client: 'vault-agent' } }),
    ],
    verdict: 'breaks',
    breakAt: [10_800, 10_800],
  },
  {
    id: 'TV4 b-token-revoked',
    subject: 'token',
    op: 'revoke',
    facts: [
      thing('token', 'vault.service_token'),
      thing('lease', 'vault.db_dynamic_lease', { engine: 'postgresql' }),
      { kind: 'ISSUED_BY', from: 'lease', to: 'token', evidence: seen },
      app('reports'),
      use('reports', 'lease', { delivery: 'fetch_per_use', cadence: 1 }),
    ],
    verdict: 'breaks',
    breakAt: [0, 5],
  },
]

// TV5: an API key in Vault KV, synchronised into a Kubernetes secret.
const synced: (EntityFact | RelationshipFact)[] = [
  thing('api-key', 'generic.api_key'),
  thing('place:kv', 'vault.kv2_secret'),
  thing('place:k8s', 'k8s.secret_object'),
  { kind: 'HOLDS', from: 'place:kv', to: 'api-key', evidence: seen },
  {
    kind: 'SYNCED_FROM',
    from: 'place:k8s',
    to: 'place:kv',
    delivery: 'operator_sync',
    props: { refreshSeconds: 3600 },
    evidence: seen,
  },
]
const rereads = use('shop', 'place:k8s', { delivery: 'volume_refresh', cadence: 10, props: { rereadSeconds: 300 } })
const tv5: Case[] = [
  {
    id: 'TV5 in-place-volume',
    subject: 'api-key',
    op: 'rotate-in-place',
    facts: [...synced, app('shop'), rereads],
    verdict: 'breaks',
    breakAt: [3, 3],
    recoverAt: [2403, 2763],
  },
  {
    id: 'TV5 in-place-env-reloader',
    subject: 'api-key',
    op: 'rotate-in-place',
    facts: [
      ...synced,
      app('shop'),
      use('shop', 'place:k8s', { delivery: 'env_at_start', cadence: 10, props: { restartSeconds: 120 } }),
    ],
    verdict: 'breaks',
    breakAt: [3, 3],
    recoverAt: [2433, 2523],
  },
  {
    id: 'TV5 overlap-volume',
    subject: 'api-key',
    op: 'rotate',
    overlap: 7200,
    facts: [...synced, app('shop'), rereads],
    verdict: 'covered',
  },
  {
    id: 'TV5 overlap-env-no-restart',
    subject: 'api-key',
    op: 'rotate',
    overlap: 7200,
    facts: [...synced, app('shop'), use('shop', 'place:k8s', { delivery: 'env_at_start', cadence: 10 })],
    verdict: 'breaks',
    breakAt: [7203, 7203],
  },
  {
    id: 'TV5 overlap-too-short',
    subject: 'api-key',
    op: 'rotate',
    overlap: 2500,
    facts: [...synced, app('shop'), rereads],
    verdict: 'may_break',
    breakAt: [2503, null],
    recoverAt: [2403, 2763],
  },
]

// TV6: secrets of GitHub Actions, and the key of an App.
const deploy: (EntityFact | RelationshipFact)[] = [
  thing('deploy-token', 'generic.api_key'),
  thing('place:github', 'github.actions_secret'),
  { kind: 'HOLDS', from: 'place:github', to: 'deploy-token', evidence: seen },
]
const tv6: Case[] = [
  {
    id: 'TV6 a-repo-secret-queued-run',
    subject: 'deploy-token',
    op: 'rotate-in-place',
    facts: [
      ...deploy,
      app('run'),
      use('run', 'place:github', { delivery: 'ci_run_start', cadence: 360, props: { queuedBefore: true } }),
    ],
    verdict: 'breaks',
    breakAt: [360, 360],
  },
  {
    id: 'TV6 b-env-secret-same-run',
    subject: 'deploy-token',
    op: 'rotate-in-place',
    facts: [...deploy, app('run'), use('run', 'place:github', { delivery: 'ci_job_start', cadence: 360 })],
    verdict: 'covered',
  },
  {
    id: 'TV6 c-app-token',
    subject: 'app-key',
    op: 'revoke',
    facts: [
      thing('app-key', 'github.app_private_key'),
      app('bot'),
      use('bot', 'app-key', { delivery: 'env_at_start', cadence: 60, props: { tokenSeconds: 3600 } }),
    ],
    verdict: 'breaks',
    breakAt: [2100, 2100],
  },
]

// TV7: leeway and cache of tens of seconds, against no revocation at all.
const tv7: Case[] = [
  {
    id: 'TV7 bound-token',
    subject: 'account',
    op: 'delete',
    facts: [
      thing('account', 'k8s.service_account'),
      thing('bound', 'k8s.sa_token_bound'),
      { kind: 'AUTHENTICATES_AS', from: 'bound', to: 'account', evidence: seen },
      app('pod'),
      use('pod', 'bound', { delivery: 'file_refresh', cadence: 1 }),
    ],
    verdict: 'breaks',
    breakAt: [60, 70],
  },
  {
    id: 'TV7 legacy-token',
    subject: 'legacy',
    op: 'revoke',
    facts: [
      thing('legacy', 'k8s.sa_token_legacy_secret'),
      app('ci'),
      use('ci', 'legacy', { delivery: 'env_at_start', cadence: 1 }),
    ],
    verdict: 'breaks',
    breakAt: [0, 10],
  },
  {
    id: 'TV7 client-cert',
    subject: 'certificate',
    op: 'revoke',
    // NotAfter is 200 days off.
    facts: [
      thing('certificate', 'k8s.client_certificate', { expiresAt: '2027-06-08T00:00:00Z' }),
      app('admin'),
      use('admin', 'certificate', { delivery: 'file_static', cadence: 1, session: [0, 0] }),
    ],
    verdict: 'breaks',
    breakAt: [17_280_000, 17_280_000],
  },
]

// TV8: a role is taken from a managed identity, which had it itself or over a group.
const cloud = (grant: RelationshipFact): (EntityFact | RelationshipFact)[] => [
  thing('identity', 'azure.managed_identity'),
  thing('group', 'generic.identity'),
  thing('store', 'generic.resource'),
  app('web'),
  { kind: 'RUNS_AS', from: 'app:web', to: 'identity', delivery: 'platform_attached', evidence: seen },
  grant,
  { kind: 'DEPENDS_ON', from: 'app:web', to: 'store', cadence: 1, via: ['grant'], evidence: seen },
]
const tv8: Case[] = [
  {
    id: 'TV8 direct-assignment',
    subject: 'identity',
    op: 'reduce',
    facts: cloud({ id: 'grant', kind: 'CAN_ACCESS', from: 'identity', to: 'store', evidence: seen }),
    verdict: 'breaks',
    breakAt: [0, 600],
  },
  {
    id: 'TV8 via-group',
    subject: 'identity',
    op: 'reduce',
    facts: cloud({ id: 'grant', kind: 'MEMBER_OF', from: 'identity', to: 'group', evidence: seen }),
    verdict: 'breaks',
    breakAt: [0, 79_200],
  },
]

// TV9: a key is disabled, the tokens made with it live on.
const gcp = thing('gcp-key', 'gcp.service_account_key')
const tv9: Case[] = [
  {
    id: 'TV9 worker',
    subject: 'gcp-key',
    op: 'disable',
    facts: [
      gcp,
      app('worker'),
      use('worker', 'gcp-key', {
        delivery: 'file_static',
        cadence: 5,
        props: { client: 'google-auth', tokenSeconds: 3600 },
      }),
    ],
    verdict: 'breaks',
    breakAt: [2775, 2775],
  },
  {
    id: 'TV9 impersonation-12h',
    subject: 'gcp-key',
    op: 'disable',
    facts: [
      gcp,
      app('imp'),
      use('imp', 'gcp-key', { delivery: 'file_static', cadence: 5, props: { tokenSeconds: 43_200 } }),
    ],
    verdict: 'breaks',
    breakAt: [39_600, 39_600],
  },
]

/** Every dependent of TV1 to TV9. */
export const cases: readonly Case[] = [tv1, tv2, tv3, tv4, tv5, tv6, tv7, tv8, tv9].flat()
