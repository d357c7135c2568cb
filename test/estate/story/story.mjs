import { ago } from '../clock.mjs'
import { accountOf, clusterOf, relate, say, startBook } from '../book.mjs'
import { accounts, cluster, systemKey, systems, teamKey, teams, vaultUrl, vendorKey, vendors } from '../company.mjs'
import { addServiceAccount, addSecretStore, addWorkload } from '../native/kubernetes.mjs'
import { tellDatabases } from './databases.mjs'
import { tellFlagship } from './flagship.mjs'
import { tellKeys, tellPartners } from './keys.mjs'
import { tellPipelines } from './pipelines.mjs'

/** The part that is the same in every size: each situation of situations.json. */
export function story(seed) {
  const book = startBook(seed, 'fernwhistle', 0)
  accountOf(book, accounts.production, 'prod-main')
  accountOf(book, accounts.data, 'data')
  tellCompany(book)
  tellFlagship(book)
  tellDatabases(book)
  tellKeys(book)
  tellPartners(book)
  tellPipelines(book)
  return book
}

function tellCompany(book) {
  for (const [name, lead] of teams) say(book, teamKey(name), 'business.team', { name, props: { lead } })
  for (const name of vendors) say(book, vendorKey(name), 'business.vendor', { name })
  for (const { name, tier, criticality, team, owner } of systems) {
    say(book, systemKey(name), 'business.system', {
      name,
      props: { tier, criticality, ...(owner && { owner }), ...(team && { team }) },
      note: 'service catalogue',
    })
    if (team) relate(book, 'OWNED_BY', systemKey(name), teamKey(team), { note: 'service catalogue' })
  }
  for (const [from, to, fact] of systemNeeds)
    relate(book, 'DEPENDS_ON', systemKey(from), systemKey(to), { ...fact, note: 'service catalogue' })

  const prod = clusterOf(book, cluster)
  addServiceAccount(prod, { namespace: 'platform', name: 'external-secrets', createdAt: ago(700) })
  addServiceAccount(prod, { namespace: 'platform', name: 'reloader', createdAt: ago(700) })
  // Annotations that ask for a restart do nothing without it.
  addWorkload(prod, {
    namespace: 'platform',
    name: 'reloader',
    account: 'reloader',
    team: 'site-reliability',
    createdAt: ago(700),
  })
  addSecretStore(prod, {
    name: 'vault',
    authMount: `kubernetes-${cluster}`,
    role: 'external-secrets',
    mount: 'kv',
    server: vaultUrl,
    createdAt: ago(700),
  })
}

/** What the business systems need of each other, with how long each does without. */
const systemNeeds = [
  ['Checkout', 'Payments', { strength: 'hard', tolerance: [300, 900] }],
  ['Checkout', 'Fraud scoring', { strength: 'soft' }],
  ['Orders', 'Checkout', { strength: 'soft', tolerance: [600, 1800] }],
  ['Mobile API', 'Sign-in', { strength: 'hard' }],
  ['Mobile API', 'Orders', { strength: 'soft', tolerance: [3600, 7200] }],
  ['Reporting', 'Data warehouse', { strength: 'hard', tolerance: [86_400, 172_800] }],
  ['CRM sync', 'Data warehouse', { strength: 'soft', tolerance: [43_200, 86_400] }],
]
