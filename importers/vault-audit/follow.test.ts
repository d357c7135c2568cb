import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { vaultAudit } from './index.ts'
import { runInMemory, unaccounted, type Outcome } from '../read/in-memory.ts'
import { rhythm } from './rhythm.ts'

/** Stories told by entries of an audit log: who stands behind a request, when the request itself does not say it. */
const address = 'vault.example.com'
const secret = (path: string): string => keys.vaultSecret(address, path)
const client = (who: string, network = '10.0.0.0/24'): string => `${keys.vaultServer(address)}/client/${who}@${network}`

interface Told {
  readonly id: string
  readonly path: string
  readonly operation?: string
  readonly at?: string
  readonly auth?: object
  readonly request?: object
  readonly response?: object | null
  readonly error?: string
}

/** A request and its answer; `response: null` leaves the answer out. */
function told({
  id,
  path,
  operation = 'read',
  at = '2026-03-01T08:00:00Z',
  auth,
  request,
  response = {},
  error,
}: Told): string[] {
  const common = {
    time: at,
    ...(auth ? { auth: { token_type: 'service', ...auth } } : {}),
    request: { id, operation, path, namespace: { id: 'root' }, remote_address: '10.0.0.7', ...request },
    ...(error === undefined ? {} : { error }),
  }
  const lines = [JSON.stringify({ type: 'request', ...common })]
  return response === null ? lines : [...lines, JSON.stringify({ type: 'response', ...common, response })]
}

async function story(...entries: readonly Told[]): Promise<Outcome> {
  const outcome = await runInMemory(vaultAudit, { 'audit.log': entries.flatMap(told).join('\n') }, address)
  expect(unaccounted(outcome)).toEqual([])
  return outcome
}
const seen = (outcome: Outcome, kind: string, from: string, to: string) =>
  outcome.observations.filter((one) => one.kind === kind && one.from === from && one.to === to)
const props = (outcome: Outcome, id: string): object =>
  Object.assign({}, ...outcome.entities.filter((one) => one.id === id).map((one) => one.props)) as object

const kv = { mount_type: 'kv', mount_point: 'secret/' }
const ci = { accessor: 'hmac-sha256:ci', display_name: 'approle', metadata: { role_name: 'ci' }, token_ttl: 600 }
const login: Told = {
  id: 'login',
  path: 'auth/approle/login',
  operation: 'update',
  request: { mount_type: 'approle', mount_point: 'auth/approle/', mount_accessor: 'auth_approle_1' },
  response: { auth: ci },
}
const role = keys.vaultRole(address, 'auth/approle/', 'ci')

describe('the line of a token', () => {
  const child = { accessor: 'hmac-sha256:child', display_name: 'token-build', token_ttl: 300 }
  const made: Told = {
    id: 'create',
    path: 'auth/token/create',
    operation: 'update',
    auth: ci,
    response: { auth: child },
  }
  const read: Told = { id: 'read', path: 'secret/data/a', auth: child, request: kv }

  it('login, then token, then child: the role lets the child in', async () => {
    const outcome = await story(login, made, read)
    expect(seen(outcome, 'CAN_ACCESS', role, secret('secret/a')).length).toBe(1)
    expect(seen(outcome, 'RUNS_AS', client('token-build'), role)).toMatchObject([
      { evidence: { note: 'child of a token of this role' } },
    ])
  })

  it('an orphan is nobody’s child', async () => {
    const outcome = await story(login, { ...made, path: 'auth/token/create-orphan' }, read)
    expect(seen(outcome, 'CAN_ACCESS', role, secret('secret/a'))).toEqual([])
  })

  it('a kept token that was revoked is over', async () => {
    const end: Told = {
      id: 'end',
      path: 'auth/token/revoke-self',
      operation: 'update',
      auth: child,
      at: '2026-03-02T08:00:00Z',
    }
    const outcome = await story(login, made, read, end)
    expect(props(outcome, keys.vaultToken(address, 'hmac-sha256:child'))).toMatchObject({
      status: 'revoked',
      revokedAt: '2026-03-02T08:00:00Z',
    })
  })

  it('a mount is known by its accessor', async () => {
    const outcome = await story(login)
    expect(props(outcome, keys.vaultMount(address, 'auth/approle/'))).toMatchObject({ accessor: 'auth_approle_1' })
  })
})

describe('leases', () => {
  const db = { mount_type: 'database', mount_point: 'database/' }
  const read: Told = {
    id: 'lease',
    path: 'database/creds/app',
    auth: ci,
    request: db,
    response: { secret: { lease_id: 'database/creds/app/x' } },
  }
  const renewed: Told = {
    id: 'renew',
    path: 'sys/leases/renew',
    operation: 'update',
    auth: ci,
    at: '2026-03-01T09:00:00Z',
    request: { data: { lease_id: 'hmac-sha256:masked', increment: 3600 } },
    response: { secret: { lease_id: 'database/creds/app/x' } },
  }

  it('a renewal shows that the lease is still used', async () => {
    const outcome = await story(login, read, renewed)
    expect(seen(outcome, 'USES_SECRET', client('approle'), secret('database/creds/app'))).toMatchObject([
      { evidence: { count: 2, lastSeen: '2026-03-01T09:00:00Z' } },
    ])
  })

  it('a revoked prefix is told of its path', async () => {
    const outcome = await story(read, {
      ...renewed,
      id: 'revoke',
      path: 'sys/leases/revoke-prefix/database/creds/app',
      request: {},
    })
    expect(props(outcome, secret('database/creds/app'))).toMatchObject({
      leasesRevoked: 1,
      leasesRevokedAt: '2026-03-01T09:00:00Z',
    })
  })

  it.each([
    [{ access_key: 'hmac-sha256:a', secret_key: 'hmac-sha256:b', security_token: null }, 'vault.cloud_lease_key'],
    [
      { access_key: 'hmac-sha256:a', security_token: 'hmac-sha256:KEYFALL-CANARY-sts' },
      'vault.cloud_lease_sts_or_oauth',
    ],
  ])('AWS: a session has a token beside its key (%#)', async (data, kind) => {
    const aws = { mount_type: 'aws', mount_point: 'aws/' }
    const outcome = await story({ id: 'aws', path: 'aws/creds/deploy', auth: ci, request: aws, response: { data } })
    const lease = keys.vaultCredential(secret('aws/creds/deploy'), 'lease')
    expect(outcome.entities.filter(({ id }) => id === lease).map((one) => one.kind)).toContain(kind)
    expect(JSON.stringify(outcome)).not.toContain('KEYFALL-CANARY')
  })
})

describe('wrapping', () => {
  const wrapped: Told = {
    id: 'wrap',
    path: 'secret/data/a',
    auth: ci,
    request: { ...kv, wrap_ttl: 120 },
    response: { wrap_info: { accessor: 'hmac-sha256:wrap', creation_path: 'secret/data/a' } },
  }
  const opened: Told = {
    id: 'unwrap',
    path: 'sys/wrapping/unwrap',
    operation: 'update',
    auth: { accessor: 'hmac-sha256:wrap', display_name: 'wrapped' },
    request: { remote_address: '10.9.9.9' },
  }

  it('who unwraps is the reader, who asked for it wrapped is not', async () => {
    const outcome = await story(login, wrapped, opened)
    expect(seen(outcome, 'USES_SECRET', client('approle'), secret('secret/a'))).toEqual([])
    expect(seen(outcome, 'USES_SECRET', client('wrapped', '10.9.9.0/24'), secret('secret/a')).length).toBe(1)
  })
})

describe('refusals', () => {
  it('a denied read is no use, and is told of who tried', async () => {
    const denied: Told = {
      id: 'no',
      path: 'secret/data/payroll',
      auth: ci,
      request: kv,
      response: null,
      error: '1 error occurred: permission denied',
    }
    const outcome = await story(login, denied)
    expect(seen(outcome, 'USES_SECRET', client('approle'), secret('secret/payroll'))).toEqual([])
    expect(props(outcome, client('approle'))).toMatchObject({
      denied: 1,
      deniedPaths: ['secret/payroll'],
      lastDeniedAt: '2026-03-01T08:00:00Z',
    })
  })

  it('a secret may have a field called error: reading it is a use', async () => {
    const read: Told = {
      id: 'kv1',
      path: 'legacy/a',
      auth: ci,
      request: { mount_type: 'kv', mount_point: 'legacy/' },
      response: { data: { error: 'hmac-sha256:x', errors: 'hmac-sha256:y' } },
    }
    expect(seen(await story(read), 'USES_SECRET', client('approle'), secret('legacy/a')).length).toBe(1)
  })

  it('a failed login is counted at its mount, and shows that somebody still tries', async () => {
    const failed: Told = {
      id: 'bad',
      path: 'auth/userpass/login/batch',
      operation: 'update',
      request: { mount_type: 'userpass', mount_point: 'auth/userpass/' },
      response: null,
      error: 'invalid username or password',
    }
    const outcome = await story(failed)
    expect(props(outcome, keys.vaultMount(address, 'auth/userpass/'))).toMatchObject({ failedLogins: 1 })
    const login = keys.vaultLogin(address, 'userpass', 'auth/userpass/', 'batch')
    expect(seen(outcome, 'USES_CREDENTIAL', client('userpass-batch'), login)).toMatchObject([
      { evidence: { kind: 'inferred' } },
    ])
  })
})

describe('who it is outside Vault', () => {
  const read = (auth: object): Told => ({ id: 'read', path: 'secret/data/a', auth, request: kv })

  it('an AWS role', async () => {
    const outcome = await story(
      read({
        accessor: 'a',
        display_name: 'aws-shop',
        metadata: { role: 'shop', canonical_arn: 'arn:aws:iam::111122223333:role/shop' },
      }),
    )
    expect(seen(outcome, 'RUNS_AS', client('aws-shop'), 'arn:aws:iam::111122223333:role/shop').length).toBe(1)
  })

  it('a repository whose workflow logged in', async () => {
    const outcome = await story(
      read({ accessor: 'a', display_name: 'jwt-repo:acme/shop:ref:refs/heads/main', metadata: { role: 'deploy' } }),
    )
    const defined = outcome.relationships.filter((one) => one.kind === 'DEFINED_IN')
    expect(defined.map(({ to }) => to)).toEqual([keys.githubRepository('acme/shop')])
  })

  it('namespaces keep their roles, mounts and secrets apart', async () => {
    const request = { ...kv, namespace: { id: 'n1', path: 'team-a/' } }
    const outcome = await story({
      ...read({ accessor: 'a', display_name: 'kubernetes-x', metadata: { role: 'x' } }),
      request,
    })
    expect(
      seen(outcome, 'CAN_ACCESS', keys.vaultRole(address, 'team-a/auth/kubernetes/', 'x'), secret('team-a/secret/a'))
        .length,
    ).toBe(1)
  })

  it('the policy that let it in is named, so that taking it away takes the access away', async () => {
    const granting = { allowed: true, granting_policies: [{ name: 'shop-read', type: 'acl' }, { type: '' }] }
    const outcome = await story(read({ ...ci, policy_results: granting }))
    const [access] = outcome.relationships.filter((one) => one.kind === 'CAN_ACCESS')
    expect(access?.props).toMatchObject({ policy: keys.vaultPolicy(address, 'shop-read') })
    const [use] = outcome.relationships.filter((one) => one.kind === 'USES_SECRET')
    expect(use?.via).toEqual([`CAN_ACCESS ${access!.from} > ${access!.to}`])
  })
})

describe('changes and rhythm', () => {
  it('a write is when the value changed, and no read', async () => {
    const write: Told = { id: 'w', path: 'secret/data/a', operation: 'update', auth: ci, request: kv }
    const outcome = await story(login, write)
    expect(props(outcome, secret('secret/a'))).toMatchObject({ writes: 1, lastRotatedAt: '2026-03-01T08:00:00Z' })
    expect(seen(outcome, 'USES_SECRET', client('approle'), secret('secret/a'))).toEqual([])
  })

  it('every use of a transit key is a use of the key', async () => {
    const transit = { mount_type: 'transit', mount_point: 'transit/' }
    const use = (id: string, call: string): Told => ({
      id,
      path: `transit/${call}/orders`,
      operation: 'update',
      auth: ci,
      request: transit,
    })
    const outcome = await story(use('t1', 'encrypt'), use('t2', 'decrypt'))
    expect(seen(outcome, 'USES_SECRET', client('approle'), secret('transit/keys/orders'))).toMatchObject([
      { evidence: { count: 2 } },
    ])
  })

  it('an hourly reader is hourly', async () => {
    const hours = Array.from({ length: 8 }, (_, hour): Told => ({
      id: `h${hour}`,
      path: 'secret/data/a',
      auth: ci,
      request: kv,
      at: `2026-03-01T0${hour}:00:30Z`,
    }))
    const outcome = await story(...hours)
    expect(seen(outcome, 'USES_SECRET', client('approle'), secret('secret/a'))).toMatchObject([{ cadence: 3600 }])
  })

  it.each([
    [[0, 60, 120, 180], undefined],
    [[0, 60, 120, 180, 240], 3600],
    [[0, 60, 61, 120, 180, 240], 3600],
    [[0, 10, 120, 180, 240], undefined],
    [Array.from({ length: 700 }, (_, at) => at * 2), undefined],
  ])('minutes %#', (minutes, expected) => {
    const times = rhythm()
    for (const at of minutes) times.add(new Date(at * 60_000).toISOString())
    expect(times.seconds()).toBe(expected)
  })

  it('agents are known by what they call themselves', async () => {
    const request = { ...kv, headers: { 'user-agent': ['external-secrets/0.10 (linux)'] } }
    const outcome = await story({ id: 'eso', path: 'secret/data/a', auth: ci, request })
    expect(outcome.relationships.filter((one) => one.kind === 'USES_SECRET')).toMatchObject([
      { delivery: 'operator_sync' },
    ])
  })
})
