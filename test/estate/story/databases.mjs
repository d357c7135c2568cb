import { ago, ahead } from '../clock.mjs'
import { holds, owned, relate, say } from '../book.mjs'
import { vault } from '../company.mjs'
import { keys } from '../keys.mjs'
import { operatorOnlyPasses, operatorReads } from './operator.mjs'
import { keepsOpen, run, secretKey, synced } from './workloads.mjs'

/** Password of a database user. */
export const passwordKey = (database, user) => `db:postgres/${database}/user/${user}#password`
const userKey = (database, user) => `db:postgres/${database}/user/${user}`
const databaseKey = (database) => `db:postgres/${database}`

function login(book, database, user, team, fact) {
  const password = passwordKey(database, user)
  say(book, password, 'db.postgres_password', { name: `${user} on ${database}`, ...fact, note: 'pg_roles' })
  say(book, userKey(database, user), 'generic.identity', { name: `${user} on ${database}`, note: 'pg_roles' })
  relate(book, 'AUTHENTICATES_AS', password, userKey(database, user))
  relate(book, 'CAN_ACCESS', userKey(database, user), databaseKey(database), { note: 'pg_roles' })
  owned(book, password, team)
}

export function tellDatabases(book) {
  tellOrders(book)
  tellReports(book)
  tellPayments(book)
}

const pair = [
  ['DB_USER', 'username'],
  ['DB_PASSWORD', 'password'],
]
const databaseEnv = (secret) => [
  ['DB_USER', secret, 'DB_USER'],
  ['DB_PASSWORD', secret, 'DB_PASSWORD'],
]

/** Alternating users: the application uses `orders_app_a`, `orders_app_b` is the next one and in nobody's hands. */
function tellOrders(book) {
  say(book, databaseKey('orders'), 'generic.resource', { name: 'PostgreSQL orders', note: 'database inventory' })
  login(book, 'orders', 'orders_app_a', 'Storefront', {
    props: { lastRotatedAt: ago(31), rotation: 'alternating users' },
  })
  login(book, 'orders', 'orders_app_b', 'Storefront', {
    props: { lastRotatedAt: ago(61), rotation: 'alternating users' },
  })
  const path = keys.vaultSecret(vault, 'kv/orders/postgres')
  holds(book, path, passwordKey('orders', 'orders_app_a'), 'rotation job writes the user in turn')
  synced(book, {
    namespace: 'orders',
    name: 'orders-db',
    path: 'orders/postgres',
    refreshInterval: '5m',
    properties: pair,
  })
  const secret = secretKey('orders', 'orders-db')
  const system = { name: 'Orders', strength: 'hard' }
  const api = run(book, { namespace: 'orders', name: 'orders-api', volumes: ['orders-db'], system })
  keepsOpen(book, api, secret, 'volume_refresh', [0, 1800], 'pool: maximum lifetime 30 min, reads the file again')
  const worker = run(book, {
    namespace: 'orders',
    name: 'orders-worker',
    env: databaseEnv('orders-db'),
    annotations: { 'reloader.stakater.com/auto': 'true' },
    system,
  })
  keepsOpen(book, worker, secret, 'env_at_start', [0, 1800], 'pool: maximum lifetime 30 min')
  const exporter = run(book, {
    namespace: 'orders',
    name: 'orders-export',
    schedule: '30 0 * * *',
    env: databaseEnv('orders-db'),
    system: { name: 'Orders', strength: 'soft' },
  })
  relate(book, 'DEPENDS_ON', exporter, databaseKey('orders'), { note: 'database inventory' })
  // The first of them a month ago: the log that was kept reaches back that far.
  for (const days of [0.004, 1.7, 5.1, 30]) operatorReads(book, Date.parse(ago(days)), 'kv/data/orders/postgres')
  operatorOnlyPasses(book, path)
}

/** Read at start, never again: new value in Vault, old one in three processes; one holds its connection for days. */
function tellReports(book) {
  login(book, 'reports', 'reports_ro', 'Data Platform', { props: { lastRotatedAt: ago(540) } })
  say(book, databaseKey('reports'), 'generic.resource', { name: 'PostgreSQL reports', note: 'database inventory' })
  holds(book, keys.vaultSecret(vault, 'kv/reporting/postgres'), passwordKey('reports', 'reports_ro'), 'runbook')
  synced(book, {
    namespace: 'reporting',
    name: 'reports-db',
    path: 'reporting/postgres',
    refreshInterval: '1h',
    properties: pair,
  })
  const secret = secretKey('reporting', 'reports-db')
  const system = { name: 'Reporting', strength: 'soft' }
  for (const name of ['weekly-report', 'margin-dashboard', 'export-api'])
    keepsOpen(
      book,
      run(book, { namespace: 'reporting', name, env: databaseEnv('reports-db'), system }),
      secret,
      'env_at_start',
      [0, 1800],
      'pool: maximum lifetime 30 min',
    )
  const replica = run(book, { namespace: 'reporting', name: 'ledger-replica', env: databaseEnv('reports-db'), system })
  say(book, replica, 'k8s.deployment', {
    props: { restartPolicy: 'scheduled', nextRestartAt: ahead(3) },
    note: 'release calendar',
  })
  keepsOpen(book, replica, secret, 'env_at_start', [259_200, null], 'one connection, held until its restart in 3 days')
}

/** A password whose vault copy is right and whose copy in CI was forgotten. */
function tellPayments(book) {
  login(book, 'ledger', 'ledger_app', 'Pay Core', { props: { lastRotatedAt: ago(200) } })
  say(book, databaseKey('ledger'), 'generic.resource', { name: 'PostgreSQL ledger', note: 'database inventory' })
  holds(book, keys.vaultSecret(vault, 'kv/payments/ledger'), passwordKey('ledger', 'ledger_app'), 'runbook')
  synced(book, {
    namespace: 'payments',
    name: 'ledger-db',
    path: 'payments/ledger',
    refreshInterval: '10m',
    properties: pair,
  })
  const api = run(book, {
    namespace: 'payments',
    name: 'ledger-api',
    volumes: ['ledger-db'],
    system: { name: 'Payments', strength: 'hard' },
  })
  keepsOpen(book, api, secretKey('payments', 'ledger-db'), 'volume_refresh', [0, 900], 'pool: maximum lifetime 15 min')
}
