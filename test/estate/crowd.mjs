import { ago } from './clock.mjs'
import { accountOf, addEvent, addVaultRead, belongs, clusterOf, holds, owned, relate, say, startBook } from './book.mjs'
import { organization, slug, systemKey, teamKey, vault, vaultUrl } from './company.mjs'
import { keys } from './keys.mjs'
import {
  addGroup,
  addPolicy,
  addRole,
  addRoot,
  addUser,
  allow,
  roleArn,
  trustServiceAccount,
  userArn,
} from './native/aws.mjs'
import { agents, keyEvent, moments } from './native/cloudtrail.mjs'
import { nightly, onPush, repositoryFiles, workflow } from './native/github.mjs'
import { addExternalSecret, addSecret, addSecretStore, addServiceAccount, addWorkload } from './native/kubernetes.mjs'
import { crowdId } from './prng.mjs'

/** Partners of the crowd; none of them exists. */
const partners = [
  'Tidewater Pay',
  'Larkspur Maps',
  'Quillfeather Mail',
  'Emberline SMS',
  'Oakmoss Tax',
  'Driftwood Freight',
  'Saltmarsh Search',
  'Hollowbrook CRM',
  'Thistledown Ads',
  'Copperleaf Risk',
  'Mistral Rates',
  'Bramblegate Sign',
]

/** The first dozen by name alone, further ones with a number. */
const partnerOf = (i) =>
  partners[i % partners.length] + (i < partners.length ? '' : ` ${Math.floor(i / partners.length) + 1}`)

/**
 * The rest of the company: ordinary teams whose things mostly are as they should be. One unit is a division with its
 * own AWS account and namespaces; units are written one after the other, so memory does not grow with the estate.
 */

/** How much of everything one unit has. */
const whole = {
  systems: 24,
  teams: 5,
  namespaces: 12,
  workloads: 330,
  databases: 40,
  vaultSecrets: 250,
  users: 70,
  roles: 90,
  repositories: 5,
  usesPerKey: 6,
  /** Workloads each workload calls, at most. */
  calls: 36,
  /** Things each identity may reach, at most. */
  grants: 20,
}

/** A unit cut down to `percent`, for the size that a person reads. */
export function shape(percent) {
  const small = {}
  for (const [name, count] of Object.entries(whole)) small[name] = Math.max(2, Math.round((count * percent) / 100))
  return percent === 100 ? whole : { ...small, usesPerKey: 3, calls: 4, grants: 3, repositories: 2 }
}

const places = ['harbour', 'meadow', 'lantern', 'orchard', 'quarry', 'willow', 'granite', 'copper', 'amber', 'birch']
const trades = ['stores', 'returns', 'pricing', 'loyal', 'stock', 'routes', 'claims', 'payroll', 'forecast', 'content']
const parts = ['api', 'worker', 'web', 'sync', 'loader', 'export', 'cache', 'relay', 'index', 'guard']

export function crowdUnit(seed, number, amounts) {
  const book = startBook(seed, `unit-${String(number).padStart(4, '0')}`, number)
  const unit = {
    book,
    number,
    amounts,
    random: book.random,
    name: `${places[number % 10]}-${trades[Math.floor(number / 10) % 10]}-${number}`,
    account: String(500_000_000_000 + number),
    cluster: `crowd-${String(Math.floor(number / 10) + 1).padStart(2, '0')}`,
    oidcHost: `oidc.eks.eu-north-1.amazonaws.com/id/EXAMPLECROWD${number}`,
    /** Numbers this unit's access keys: unlike those of any other unit. */
    nextKey: number * 1000,
    teams: [],
    systems: [],
    namespaces: [],
    databases: [],
    secrets: [],
    workloads: [],
    roles: [],
    users: [],
  }
  for (const tell of [tellTeams, tellDatabases, tellRoles, tellVault, tellUsers, tellWorkloads, tellSystems]) tell(unit)
  for (const tell of [tellCalls, tellGrants, tellRepositories, tellReads]) tell(unit)
  return book
}

const count = (total) => Array.from({ length: total }, (_, index) => index)

function tellTeams({ book, name, amounts, teams, namespaces, cluster }) {
  for (const i of count(amounts.teams)) {
    const team = `${name} team ${i + 1}`
    teams.push(team)
    say(book, teamKey(team), 'business.team', { name: team })
  }
  for (const i of count(amounts.namespaces)) namespaces.push(`${name}-${i + 1}`)
  // Annotations that ask for a restart do nothing without it; one a cluster, told with its first namespaces.
  if (clusterOf(book, cluster).workloads.every((one) => one.metadata.name !== 'reloader'))
    addWorkload(clusterOf(book, cluster), { namespace: namespaces[0], name: 'reloader', createdAt: ago(600) })
  addSecretStore(clusterOf(book, cluster), {
    name: `vault-${name}`,
    authMount: `kubernetes-${cluster}`,
    role: `external-secrets-${name}`,
    mount: 'kv',
    server: vaultUrl,
    createdAt: ago(600),
  })
}

function tellDatabases({ book, name, amounts, databases, random, teams }) {
  for (const i of count(amounts.databases)) {
    const database = `db:postgres/${name}-${i + 1}`
    const [user, password] = [`${database}/user/app`, `${database}/user/app#password`]
    say(book, database, 'generic.resource', { name: `PostgreSQL ${name}-${i + 1}` })
    say(book, user, 'generic.identity', { name: `app on ${name}-${i + 1}` })
    say(book, password, 'db.postgres_password', {
      name: `app on ${name}-${i + 1}`,
      props: { lastRotatedAt: ago(random.between(10, 700)) },
    })
    relate(book, 'AUTHENTICATES_AS', password, user)
    relate(book, 'CAN_ACCESS', user, database)
    if (random.chance(92)) owned(book, password, random.pick(teams))
    databases.push({ database, password })
  }
}

function tellRoles({ book, name, account, amounts, roles, random, oidcHost, namespaces }) {
  const iam = accountOf(book, account, name)
  addRoot(iam, ago(1500), [], ago(300))
  addPolicy(iam, `${name}-read`, ago(800), [allow(['s3:GetObject', 's3:ListBucket'], '*')])
  addGroup(iam, `${name}-operators`, ago(800), undefined, [`${name}-read`])
  for (const i of count(amounts.roles)) {
    const role = `${name}-role-${i + 1}`
    const namespace = random.pick(namespaces)
    const serviceAccount = `sa-${i + 1}`
    addRole(iam, {
      name: role,
      createdAt: ago(random.between(100, 900)),
      trust: [trustServiceAccount(account, oidcHost, namespace, serviceAccount)],
      allows: [allow(['s3:GetObject', 's3:PutObject'], `arn:aws:s3:::${name}-${i % 9}/*`)],
      ...(random.chance(80) && { lastUsedAt: ago(random.between(1, 60)) }),
    })
    roles.push({ arn: roleArn(account, role), namespace, serviceAccount })
  }
}

/** Vault paths, each with a database password or a partner's key, and the Secrets made of them. */
function tellVault(unit) {
  const { book, name, amounts, databases, random, secrets, namespaces, teams, cluster } = unit
  for (const i of count(amounts.vaultSecrets)) {
    const path = `${name}/secret-${i + 1}`
    const place = keys.vaultSecret(vault, `kv/${path}`)
    const namespace = namespaces[i % namespaces.length]
    const secret = `secret-${i + 1}`
    let credential = databases[i]?.password
    if (credential === undefined) {
      credential = `${name}:key/${i + 1}`
      say(book, credential, 'generic.api_key', { name: `${partnerOf(i)} key (${name})` })
      if (random.chance(90)) owned(book, credential, random.pick(teams))
    }
    holds(book, place, credential)
    owned(book, place, random.pick(teams))
    addExternalSecret(clusterOf(book, cluster), {
      namespace,
      name: secret,
      store: `vault-${name}`,
      refreshInterval: random.pick(['5m', '15m', '1h', '1h', '1h']),
      createdAt: ago(random.between(30, 600)),
      refs: [['PASSWORD', path, 'password']],
    })
    secrets.push({ namespace, name: secret, path })
  }
}

/** Users with one access key, delivered by hand into a Secret; every seventh also has an older one. */
function tellUsers(unit) {
  const { book, name, account, amounts, random, users, teams, namespaces, cluster, secrets } = unit
  const iam = accountOf(book, account, name)
  for (const i of count(amounts.users)) {
    const user = `svc-${name}-${i + 1}`
    const team = random.pick(teams)
    const ids = count(i % 7 === 3 ? 2 : 1).map(() => crowdId('AKIA', unit.nextKey++))
    const used = random.chance(85)
    const made = ids.map((id, slot) => ({
      id,
      createdAt: ago(random.between(20, 900)),
      active: slot === 0 || random.chance(50),
      ...(used && slot === 0 && { lastUsedAt: ago(random.between(0, 20)) }),
    }))
    addUser(iam, {
      name: user,
      createdAt: ago(950),
      groups: random.chance(60) ? [`${name}-operators`] : [],
      tags: random.chance(85) ? { owner: slug(team) } : {},
      keys: made,
      allows: [allow(['s3:PutObject', 'sqs:SendMessage'], `arn:aws:s3:::${name}-${i % 9}/*`)],
    })
    for (const id of ids) belongs(book, id, account, user)
    const secret = `aws-${i + 1}`
    const namespace = namespaces[i % namespaces.length]
    addSecret(clusterOf(book, cluster), {
      namespace,
      name: secret,
      createdAt: ago(random.between(20, 600)),
      identifiers: { AWS_ACCESS_KEY_ID: ids[0] },
      values: ['AWS_SECRET_ACCESS_KEY'],
    })
    secrets.push({ namespace, name: secret })
    users.push({ arn: userArn(account, user), team })
    if (used) tellKeyUse(unit, user, ids[0])
  }
}

function tellKeyUse({ book, account, amounts, random, number }, user, keyId) {
  const address = `10.${30 + (number % 200)}.${random.below(250)}.${random.below(250)}`
  for (const at of moments(random, random.between(1, amounts.usesPerKey), 30, random.between(60, 90_000)))
    addEvent(book, keyEvent, {
      account,
      user,
      arn: userArn(account, user),
      keyId,
      call: random.pick(['putObject', 'callerIdentity', 'publish']),
      at,
      address,
      agent: random.pick([agents.botocore, agents.java, agents.go]),
    })
}

function tellWorkloads(unit) {
  const { book, name, amounts, random, workloads, secrets, namespaces, teams, roles, cluster } = unit
  const prod = clusterOf(book, cluster)
  const byNamespace = new Map(namespaces.map((namespace) => [namespace, []]))
  for (const secret of secrets) byNamespace.get(secret.namespace).push(secret)
  for (const i of count(amounts.workloads)) {
    const role = roles[i]
    const namespace = role?.namespace ?? namespaces[i % namespaces.length]
    const workload = `${parts[i % parts.length]}-${i + 1}`
    const account = role?.serviceAccount ?? `sa-${i + 1}`
    const mine = byNamespace.get(namespace)
    const pick = () => random.pick(mine).name
    const system = random.chance(96) ? `${name} system ${(i % amounts.systems) + 1}` : undefined
    const nightlyJob = random.chance(12)
    addServiceAccount(prod, { namespace, name: account, createdAt: ago(500), roleArn: role?.arn })
    addWorkload(prod, {
      namespace,
      name: workload,
      account,
      createdAt: ago(random.between(30, 600)),
      ...(nightlyJob && { schedule: `${random.below(60)} ${random.below(6)} * * *` }),
      ...(random.chance(90) && { team: slug(random.pick(teams)) }),
      ...(system && { partOf: slug(system) }),
      ...(random.chance(30) && { annotations: { 'reloader.stakater.com/auto': 'true' } }),
      ...(mine.length > 0 && {
        env: random.chance(60) ? [['PASSWORD', pick(), 'PASSWORD']] : [],
        envFrom: random.chance(30) ? [pick()] : undefined,
        volumes: random.chance(60) ? [pick()] : [],
      }),
      build: random.below(30),
    })
    workloads.push(keys.k8s(cluster, namespace, nightlyJob ? 'cronjob' : 'deployment', workload))
  }
}

function tellSystems({ book, name, amounts, random, teams, systems }) {
  for (const i of count(amounts.systems)) {
    const system = `${name} system ${i + 1}`
    const tier = random.pick([1, 2, 2, 3, 3, 3])
    const criticality = ['mission critical', 'business critical', 'important'][tier - 1]
    say(book, systemKey(system), 'business.system', { name: system, props: { tier, criticality } })
    if (random.chance(93)) owned(book, systemKey(system), random.pick(teams))
    systems.push(systemKey(system))
  }
}

/** Who calls whom: mostly downwards, with a cache in front; some have two to choose from. */
function tellCalls({ book, amounts, random, workloads, databases, systems }) {
  for (const [i, workload] of workloads.entries()) {
    const called = new Set()
    for (let n = random.between(1, amounts.calls); n > 0 && i > 0; n--) called.add(random.below(i))
    let pairs = 0
    for (const other of called) {
      const paired = random.chance(25)
      relate(book, 'DEPENDS_ON', workload, workloads[other], {
        ...(paired && { need: `either ${Math.floor(pairs++ / 2)}` }),
        strength: random.chance(35) ? 'hard' : 'soft',
        tolerance: [random.pick([0, 60, 300, 900]), random.pick([900, 3600, 86_400])],
      })
    }
    if (random.chance(40)) relate(book, 'DEPENDS_ON', workload, random.pick(databases).database, { strength: 'soft' })
  }
  for (const [i, system] of systems.entries())
    for (let n = random.below(4); n > 0 && i > 0; n--)
      relate(book, 'DEPENDS_ON', system, systems[random.below(i)], {
        id: `system-call ${system} ${n}`,
        strength: 'soft',
      })
}

/** What identities may reach: permissions, never seen in use. */
function tellGrants({ book, amounts, random, users, roles, databases }) {
  for (const { arn } of [...users, ...roles]) {
    const reached = new Set()
    for (let n = random.between(1, amounts.grants); n > 0; n--) reached.add(random.pick(databases).database)
    for (const database of reached) relate(book, 'CAN_ACCESS', arn, database, { confidence: 'none' })
  }
}

function tellRepositories({ book, name, amounts, random, systems }) {
  for (const i of count(amounts.repositories)) {
    const repository = `${name}-${i + 1}`
    const file = (job, on, secret) =>
      workflow({
        title: job,
        on,
        job,
        env: [
          ['TOKEN', `secrets.${secret}`],
          ['NODE_AUTH_TOKEN', 'secrets.NPM_TOKEN'],
        ],
      })
    const workflows = {
      'ci.yml': file('build', onPush, 'BUILD_TOKEN'),
      'nightly.yml': file('sweep', nightly(`${random.below(60)} 3 * * *`), 'SWEEP_TOKEN'),
    }
    book.repositories.push(...repositoryFiles(organization, repository, workflows, `@${organization}/${name}`))
    relate(
      book,
      'DEPENDS_ON',
      systems[i % systems.length],
      keys.githubJob(`${organization}/${repository}`, 'ci.yml', 'build'),
      {
        strength: 'soft',
      },
    )
  }
}

function tellReads({ book, name, cluster, random, secrets, number }) {
  for (const { path } of secrets)
    if (path !== undefined && random.chance(40))
      addVaultRead(book, {
        at: moments(random, 1, 7, random.between(60, 500_000))[0],
        mount: `auth/kubernetes-${cluster}/`,
        role: `external-secrets-${name}`,
        policies: [`external-secrets-${name}`],
        path: `kv/data/${path}`,
        address: `10.${30 + (number % 200)}.1.9`,
        displayName: `kubernetes-${cluster}-external-secrets-${name}`,
        entityId: `0e5a2000-0000-4000-a000-${String(number).padStart(12, '0')}`,
        metadata: { role: `external-secrets-${name}` },
      })
}
