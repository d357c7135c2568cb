import { canary } from '../canary.mjs'
import { iso } from '../clock.mjs'
import { uuid } from '../prng.mjs'

/**
 * A login and reads by one client, as the audit device writes them: request, then response, one JSON a line.
 * `access`: `{at (ms), mount: 'auth/kubernetes-prod-eu/', role, path: 'kv/data/…', address, serviceAccount, ttl, policies}`.
 */
export function readLines(random, ordinal, access) {
  const accessor = `hmac-sha256:${random.hex(64)}`
  const auth = {
    accessor,
    client_token: `hmac-sha256:${canary('vault client token')}`,
    display_name: access.displayName,
    entity_id: access.entityId,
    metadata: access.metadata,
    policies: ['default', ...access.policies],
    token_policies: ['default', ...access.policies],
    token_issue_time: iso(access.at - 60_000),
    token_ttl: access.ttl ?? 3600,
    token_type: 'service',
  }
  const request = {
    id: uuid(random, 'a', ordinal),
    client_id: access.entityId,
    client_token: auth.client_token,
    client_token_accessor: accessor,
    mount_accessor: 'kv_example1',
    mount_point: `${access.path.split('/')[0]}/`,
    mount_type: 'kv',
    namespace: { id: 'root' },
    operation: 'read',
    path: access.path,
    remote_address: access.address,
    remote_port: 40000 + random.below(20000),
  }
  const time = iso(access.at)
  return [
    { auth, request, time, type: 'request' },
    {
      auth,
      request,
      response: {
        data: { data: { value: `hmac-sha256:${canary(`vault ${access.path}`)}` }, metadata: { version: 18 } },
        mount_accessor: 'kv_example1',
        mount_type: 'kv',
      },
      time,
      type: 'response',
    },
  ]
}

/** The login that gave the token: `auth/kubernetes-prod-eu/login` with a role. */
export function loginLines(random, ordinal, access) {
  const request = {
    id: uuid(random, 'b', ordinal),
    data: { jwt: `hmac-sha256:${canary('vault login jwt')}`, role: access.role },
    mount_accessor: 'auth_example1',
    mount_point: access.mount,
    mount_type: 'kubernetes',
    namespace: { id: 'root' },
    operation: 'update',
    path: `${access.mount}login`,
    remote_address: access.address,
    remote_port: 40000 + random.below(20000),
  }
  const auth = {
    accessor: `hmac-sha256:${random.hex(64)}`,
    client_token: `hmac-sha256:${canary('vault issued token')}`,
    display_name: access.displayName,
    entity_id: access.entityId,
    metadata: access.metadata,
    policies: ['default', ...access.policies],
    token_policies: ['default', ...access.policies],
    token_ttl: access.ttl ?? 3600,
    token_type: 'service',
  }
  const time = iso(access.at - 60_000)
  return [
    { auth: { token_type: 'default' }, request, time, type: 'request' },
    { auth: { token_type: 'default' }, request, response: { auth, mount_type: 'kubernetes' }, time, type: 'response' },
  ]
}

const DAY = 86_400_000

/** What is asked of Vault on a day on which nothing else is: its metrics, which say nothing of any credential. */
function metricsLines(day) {
  const time = iso(day * DAY + 4 * 3_600_000)
  const about = {
    auth: { display_name: 'token-metrics', policies: ['metrics'], token_type: 'service' },
    request: {
      id: `00000000-0000-4000-8000-${String(day).padStart(12, '0')}`,
      namespace: { id: 'root' },
      operation: 'read',
      path: 'sys/metrics',
      remote_address: '10.20.4.9',
    },
    time,
  }
  return [
    { ...about, type: 'request' },
    { ...about, response: { mount_type: 'system' }, type: 'response' },
  ]
}

/** A log of a Vault that never rests: a day without any event would be a gap in it. */
function withQuietDays(entries) {
  const days = new Set(entries.map(({ time }) => Math.floor(Date.parse(time) / DAY)))
  const quiet = []
  for (let day = Math.min(...days); day < Math.max(...days); day++) if (!days.has(day)) quiet.push(...metricsLines(day))
  return [...entries, ...quiet]
}

/** @param whole the log of the Vault itself, not a part of it */
export const auditFile = (name, entries, whole = false) => [
  `vault/${name}`,
  (whole ? withQuietDays(entries) : entries)
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
    .map((entry) => JSON.stringify(entry))
    .join('\n') + '\n',
]
