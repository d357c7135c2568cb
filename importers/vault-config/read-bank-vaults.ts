import { authMount, secretsMount, ttlSeconds, type VaultPlace, type VaultRecord } from '../read/vault/model.ts'
import { authRole, verifierOf } from './read-auth.ts'
import { connection, issuingRole, kvValues, staticRole } from './read-engines.ts'
import { asData, flagIn, textIn, type Data } from './replies.ts'

/** Configuration as bank-vaults takes it: policies, auth methods with their roles, engines with their configuration. */
export function readBankVaults(
  config: Data,
  place: VaultPlace,
  fingerprint: (value: string) => string | undefined,
): VaultRecord[] {
  const at = (record: string): VaultPlace => ({ ...place, record: `${place.record} ${record}`.trim() })
  const records: VaultRecord[] = []
  for (const [number, policy] of listIn(config, 'policies').entries()) {
    const [name, text] = [textIn(policy, 'name'), policy.get('rules')]
    if (name !== undefined && typeof text === 'string')
      records.push({ what: 'policy', place: at(`/policies/${number}`), name, text })
  }
  for (const [number, auth] of listIn(config, 'auth').entries()) records.push(...authOf(auth, at(`/auth/${number}`)))
  for (const [number, engine] of listIn(config, 'secrets').entries())
    records.push(...engineRecords(engine, at(`/secrets/${number}`)))
  for (const [number, device] of listIn(config, 'audit').entries()) {
    const [type, options] = [textIn(device, 'type'), asData(device.get('options'))]
    const path = `${textIn(device, 'path') ?? type ?? ''}/`
    const [hmacAccessor, logRaw] = [flagIn(options, 'hmac_accessor'), flagIn(options, 'log_raw')]
    if (type !== undefined)
      records.push({ what: 'audit-device', place: at(`/audit/${number}`), path, type, hmacAccessor, logRaw })
  }
  for (const [number, secret] of listIn(config, 'startupSecrets').entries()) {
    const [path, data] = [textIn(secret, 'path'), asData(secret.get('data'))]
    if (path === undefined) continue
    const values = data.has('data') ? asData(data.get('data')) : data
    const [mount = '', ...rest] = path.split('/')
    const plain = rest[0] === 'data' ? [mount, ...rest.slice(1)].join('/') : path
    records.push(
      kvValues(plain, rest[0] === 'data' ? 2 : undefined, values, at(`/startupSecrets/${number}`), fingerprint),
    )
  }
  return records
}

function listIn(data: Data, name: string): Data[] {
  const list = data.get(name)
  return Array.isArray(list) ? (list as unknown[]).map(asData) : []
}

function authOf(auth: Data, place: VaultPlace): VaultRecord[] {
  const type = textIn(auth, 'type')
  if (type === undefined) return []
  const mount = authMount(textIn(auth, 'path') ?? type)
  const options = asData(auth.get('options'))
  const records: VaultRecord[] = [
    {
      what: 'mount',
      place,
      path: mount,
      type,
      defaultTtl: ttlSeconds(options.get('default_lease_ttl')),
      maxTtl: ttlSeconds(options.get('max_lease_ttl')),
      verifier: verifierOf(asData(auth.get('config'))),
    },
  ]
  for (const field of ['roles', 'crls', 'users', 'groups'])
    for (const role of listIn(auth, field)) {
      const name = textIn(role, 'name') ?? textIn(role, 'username')
      if (name !== undefined && field !== 'crls') records.push(authRole(mount, name, role, place, type))
    }
  for (const [team, policies] of [...asData(asData(auth.get('map')).get('teams'))])
    records.push(authRole(mount, `teams/${team}`, new Map([['policies', policies]]), place, type))
  return records
}

function engineRecords(engine: Data, place: VaultPlace): VaultRecord[] {
  const type = textIn(engine, 'type')
  if (type === undefined) return []
  const mount = secretsMount(textIn(engine, 'path') ?? type)
  const config = asData(engine.get('config'))
  const version = textIn(asData(engine.get('options')), 'version') ?? asData(engine.get('options')).get('version')
  const records: VaultRecord[] = [
    {
      what: 'mount',
      place,
      path: mount,
      type,
      version: type === 'kv' ? (String(version) === '2' ? 2 : 1) : undefined,
      defaultTtl: ttlSeconds(config.get('default_lease_ttl')),
      maxTtl: ttlSeconds(config.get('max_lease_ttl')),
    },
  ]
  const configuration = asData(engine.get('configuration'))
  for (const one of listIn(configuration, 'config')) {
    const name = textIn(one, 'name')
    if (name !== undefined && (one.has('plugin_name') || one.has('access_key')))
      records.push(connection(mount, name, one, place))
  }
  for (const one of listIn(configuration, 'roles')) {
    const name = textIn(one, 'name')
    if (name !== undefined) records.push(issuingRole(mount, name, type, one, place))
  }
  for (const one of listIn(configuration, 'static-roles')) {
    const name = textIn(one, 'name')
    if (name !== undefined) records.push(staticRole(mount, name, type, one, place))
  }
  return records
}
