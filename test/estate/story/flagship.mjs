import { canary } from '../canary.mjs'
import { ago, ahead, secondsAgo } from '../clock.mjs'
import { accountOf, belongs, holds, owned, relate, say } from '../book.mjs'
import { accounts, oidcHost, organization, vendorKey } from '../company.mjs'
import { keys } from '../keys.mjs'
import { addRole, addUser, allow, roleArn, trustServiceAccount, trustUser, userArn } from '../native/aws.mjs'
import { nightly, onPush, repositoryFiles, workflow } from '../native/github.mjs'
import { copies, flagship, flagshipId, flagshipPath, user } from './flagship-key.mjs'
import { tellFlagshipUse } from './flagship-use.mjs'
import { table, vital } from './flagship-table.mjs'
import { resolvesTo } from './pipelines.mjs'
import {
  awsEnv,
  awsPair,
  idleUntilNextRun,
  madeByHand,
  run,
  secondsToRun,
  secretKey,
  serve,
  synced,
  workloadKey,
} from './workloads.mjs'

/**
 * The flagship: one access key of one billing user that, over four years, became the key of half the company. Twelve
 * business systems stand on it, in every way a value travels: Vault and External Secrets into environments and volumes,
 * a copy made by hand that nothing refreshes, two repositories' pipelines, a machine image, a vendor, sessions taken
 * out of it, callers nobody knows, and some who have another way.
 */
const { production } = accounts
const bucket = 'arn:aws:s3:::fernwhistle-billing-export'

export function tellFlagship(book) {
  tellIdentity(book)
  tellPlaces(book)
  tellWorkloads(book)
  tellPipelines(book)
  tellMachines(book)
  tellVendor(book)
  tellFlagshipUse(book)
}

function tellIdentity(book) {
  const account = accountOf(book, production, 'prod-main')
  addUser(account, {
    name: user,
    createdAt: ago(1460),
    tags: { owner: 'finops', purpose: 'nightly billing export to S3', 'initial-password': canary(`tag of ${user}`) },
    keys: [{ id: flagshipId, createdAt: ago(412), lastUsedAt: secondsAgo(120), service: 's3' }],
    allows: [
      allow(['s3:PutObject', 's3:GetObject', 's3:ListBucket'], [bucket, `${bucket}/*`]),
      allow('sts:AssumeRole', roleArn(production, 'settlement-reader')),
    ],
  })
  addRole(account, {
    name: 'settlement-reader',
    createdAt: ago(700),
    trust: [trustUser(userArn(production, user))],
    allows: [allow('s3:GetObject', 'arn:aws:s3:::fernwhistle-settlements/*')],
    lastUsedAt: secondsAgo(600),
  })
  for (const [namespace, name] of fallbacks)
    addRole(account, {
      name: `${namespace}-${name}`,
      createdAt: ago(200),
      trust: [trustServiceAccount(production, oidcHost, namespace, name)],
      allows: [allow(['s3:PutObject', 's3:GetObject'], `${bucket}/*`)],
      lastUsedAt: ago(1),
    })
  owned(book, flagship, 'FinOps')
  belongs(book, flagshipId, production, user)
  owned(book, userArn(production, user), 'FinOps')
  say(book, bucket, 'generic.resource', { name: 's3://fernwhistle-billing-export' })
}

function tellPlaces(book) {
  holds(book, flagshipPath, flagship, 'Vault path listed in the FinOps runbook')
  for (const [namespace, name, refreshInterval] of copies)
    synced(book, {
      namespace,
      name,
      path: 'billing/aws-export',
      refreshInterval,
      properties: awsPair,
      identifiers: { AWS_ACCESS_KEY_ID: flagshipId },
    })
  // The forgotten copy: made by hand for a trial, read by a tier 1 system ever since.
  madeByHand(book, {
    namespace: 'fraud',
    name: 'aws-billing-copy',
    createdAt: ago(398),
    identifiers: { AWS_ACCESS_KEY_ID: flagshipId },
    values: ['AWS_SECRET_ACCESS_KEY'],
  })
}

const fallbacks = [
  ['payments', 'tokenizer'],
  ['checkout', 'cart-api'],
  ['billing', 'statement-api'],
  ['billing', 'ledger-view'],
  ['warehouse', 'query-api'],
  ['warehouse', 'bi-cache'],
  ['mobile', 'gateway'],
  ['mobile', 'profile-api'],
  ['backup', 'backup-monitor'],
]

function tellWorkloads(book) {
  for (const [system, namespace, name, how, argument] of table) {
    const told = { namespace, name, system: { name: system, strength: vital.has(name) ? 'hard' : 'soft' } }
    ways[how](book, told, argument)
  }
}

const secretOf = (namespace) => copies.find(([space]) => space === namespace)?.[1]

const ways = {
  env: (book, told, { secret, reload }) =>
    run(book, {
      ...told,
      env: awsEnv(secret ?? secretOf(told.namespace)),
      ...(reload && { annotations: { 'reloader.stakater.com/auto': 'true' } }),
    }),
  volume: (book, told) => run(book, { ...told, volumes: [secretOf(told.namespace)] }),
  nightly: (book, told, { secret, schedule }) => {
    const name = secret ?? secretOf(told.namespace)
    const job = run(book, { ...told, schedule, env: awsEnv(name) })
    idleUntilNextRun(book, job, secretKey(told.namespace, name), schedule)
  },
  direct: (book, told, session) =>
    fromVault(book, run(book, told), {
      session,
      delivery: 'fetch_cached',
      pickup: [0, 900],
      note: 'takes the key from Vault and holds a role session; time left from its log',
    }),
  start: (book, told, daysToRestart) => {
    const key = run(book, told)
    say(book, key, 'k8s.deployment', {
      props: { restartPolicy: 'scheduled', nextRestartAt: ahead(daysToRestart) },
      note: 'release calendar',
    })
    fromVault(book, key, {
      session: [daysToRestart * 86_400, null],
      delivery: 'task_start',
      note: 'loads its tables from S3 at start and needs the key only then',
    })
  },
  behind: (book, told, [other, tolerance, type]) =>
    relate(book, 'DEPENDS_ON', run(book, told), workloadKey(told.namespace, other, type), {
      tolerance,
      note: 'lives on what it writes; buffer measured in the last game day',
    }),
  'in-code': (book, told, { schedule }) =>
    run(book, {
      ...told,
      schedule,
      plain: [
        ['AWS_ACCESS_KEY_ID', flagshipId],
        ['AWS_SECRET_ACCESS_KEY', canary(`manifest ${told.namespace}/${told.name} AWS_SECRET_ACCESS_KEY`)],
      ],
    }),
  'other-way': (book, told) => {
    const role = roleArn(production, `${told.namespace}-${told.name}`)
    const key = run(book, { ...told, roleArn: role })
    const need = `aws-login of ${told.name}`
    fromVault(book, key, { need, delivery: 'fetch_cached', pickup: [0, 900], note: 'first way' })
    relate(book, 'RUNS_AS', key, role, { need, note: 'second way, proven in the game day of 2026-10' })
  },
  suspected: (book, told, why) => {
    const key = run(book, told)
    const evidence = [{ source: 'bundle', kind: 'inferred', note: why }]
    relate(book, 'USES_CREDENTIAL', key, flagship, { confidence: 'possible', evidence })
  },
}

function fromVault(book, workload, fact) {
  relate(book, 'USES_SECRET', workload, flagshipPath, fact)
}

const repositories = [
  {
    name: 'billing-export',
    secrets: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
    files: [
      ['publish.yml', 'Publish schemas', 'publish', onPush],
      ['nightly-reconcile.yml', 'Nightly reconciliation', 'reconcile', nightly('40 1 * * *')],
    ],
  },
  {
    name: 'release-tools',
    environment: 'production',
    secrets: ['EXPORT_AWS_KEY_ID', 'EXPORT_AWS_SECRET'],
    files: [
      ['release.yml', 'Release', 'release', onPush],
      ['artifact-cleanup.yml', 'Clean artifacts', 'cleanup', nightly('0 4 * * 0')],
    ],
  },
]

function tellPipelines(book) {
  for (const { name, environment, secrets, files } of repositories) {
    const repository = `${organization}/${name}`
    const workflows = {}
    for (const [file, title, job, on] of files) {
      workflows[file] = workflow({
        title,
        on,
        job,
        environment,
        env: [
          ['AWS_ACCESS_KEY_ID', `secrets.${secrets[0]}`],
          ['AWS_SECRET_ACCESS_KEY', `secrets.${secrets[1]}`],
        ],
      })
      serve(book, keys.githubJob(repository, file, job), { name: 'CI and release', strength: 'soft' })
    }
    book.repositories.push(...repositoryFiles(organization, name, workflows, `@${organization}/developer-experience`))
    for (const secret of secrets) {
      const place = environment
        ? keys.githubEnvironmentSecret(repository, environment, secret)
        : keys.githubRepositorySecret(repository, secret)
      say(book, place, 'github.actions_secret', { name: secret, props: { updatedAt: ago(410) } })
      holds(book, place, flagship, 'entered when the key was made; date in the settings page')
      if (environment) resolvesTo(book, name, secret, place)
    }
  }
}

/** The hosts' backup starts at midnight UTC. */
const secondsToBackup = secondsToRun('0 0 * * *')

/** Hard-coded in a machine image: nothing but a new image takes it out. */
function tellMachines(book) {
  for (const [host, system, cadence] of [
    ['backup-host-1', 'Backups', 86_400],
    ['backup-host-2', 'Backups', 86_400],
    ['build-cache-1', 'CI and release'],
    ['artifact-mirror-1', 'CI and release'],
    ['dr-replica-1', 'Data warehouse', 86_400],
  ]) {
    const id = `arn:aws:ec2:eu-north-1:${production}:instance/i-0example${host.replace(/[^a-z0-9]/g, '')}`
    say(book, id, 'aws.ec2_instance', {
      name: host,
      props: { image: 'base-2026.10', path: '/etc/billing.env' },
      note: 'image scan',
    })
    owned(book, id, 'Site Reliability')
    relate(book, 'USES_CREDENTIAL', id, flagship, {
      delivery: 'baked_image',
      ...(cadence && { cadence, session: [secondsToBackup, secondsToBackup] }),
      note: 'found in /etc/billing.env of image base-2026.10',
    })
    serve(book, id, { name: system, strength: 'soft' })
  }
}

/** A vendor was handed the key; nobody there answers for it, and the system it serves has no owner here. */
function tellVendor(book) {
  const bridge = 'vendor:paperplane-edi/bridge'
  say(book, bridge, 'generic.workload', { name: 'EDI bridge (at the vendor)', note: 'onboarding letter of 2023' })
  relate(book, 'SUPPLIED_BY', bridge, vendorKey('Paperplane EDI'))
  relate(book, 'USES_CREDENTIAL', bridge, flagship, {
    confidence: 'possible',
    delivery: 'vendor_managed',
    note: 'the key was sent to the vendor in 2025; whether it is in use was never answered',
  })
  serve(book, bridge, { name: 'Vendor EDI', strength: 'soft' })

  const batch = run(book, {
    namespace: 'partners',
    name: 'edi-batch',
    schedule: '20 2 * * *',
    system: { name: 'Vendor EDI', strength: 'hard' },
  })
  relate(book, 'USES_CREDENTIAL', batch, flagship, {
    delivery: 'hardcoded',
    cadence: 86_400,
    session: [secondsToRun('20 2 * * *'), secondsToRun('20 2 * * *')],
    note: 'access key id in the source of the batch',
  })
  const mailbox = run(book, {
    namespace: 'partners',
    name: 'edi-mailbox',
    system: { name: 'Vendor EDI', strength: 'soft' },
  })
  for (const name of ['edi-ack', 'edi-archive']) {
    const follower = run(book, { namespace: 'partners', name, system: { name: 'Vendor EDI', strength: 'soft' } })
    for (const source of [batch, mailbox])
      relate(book, 'DEPENDS_ON', follower, source, {
        need: 'partner files',
        note: 'reads either inbox, tried in 2026-08',
      })
  }
}
