import { canary } from '../canary.mjs'
import { ago, ahead, NOW, secondsAgo } from '../clock.mjs'
import { accountOf, addEvent, belongs, holds, owned, relate, say } from '../book.mjs'
import { accounts, addresses, oidcHost, organization, vault, vendorKey } from '../company.mjs'
import { keys } from '../keys.mjs'
import { addRole, addUser, allow, roleArn, trustServiceAccount, trustUser, userArn } from '../native/aws.mjs'
import { agents, assumeRoleReply, keyEvent, moments, sessionEvent } from '../native/cloudtrail.mjs'
import { nightly, onPush, repositoryFiles, workflow } from '../native/github.mjs'
import { awsId } from '../prng.mjs'
import { operatorOnlyPasses, operatorReads } from './operator.mjs'
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
export const flagshipId = awsId('AKIA', 'BILLXPQK7')
export const flagship = keys.awsAccessKey(flagshipId)
export const flagshipPath = keys.vaultSecret(vault, 'kv/billing/aws-export')

const { production } = accounts
const user = 'svc-billing-export'
const bucket = 'arn:aws:s3:::fernwhistle-billing-export'

export function tellFlagship(book) {
  tellIdentity(book)
  tellPlaces(book)
  tellWorkloads(book)
  tellPipelines(book)
  tellMachines(book)
  tellVendor(book)
  tellSession(book)
  tellUse(book)
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

/** `[namespace, Secret, refreshInterval]`: who copies the Vault path. */
const copies = [
  ['billing', 'billing-aws-creds', '15m'],
  ['payments', 'billing-aws-creds', '1h'],
  ['checkout', 'export-aws', '1h'],
  ['warehouse', 'stage-aws', '1h'],
  ['mobile', 'receipts-aws', '1h'],
  ['backup', 'archive-aws', '1h'],
  ['crm', 'crm-sync-aws', undefined],
  ['support', 'agent-tools-aws', '1h'],
]

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

/**
 * `[system, namespace, name, how, argument]`. How it comes by the key, and what that means for the time it breaks:
 * - `env`, `volume`: from the namespace's Secret, at the next request it signs;
 * - `nightly`: the same, in a CronJob;
 * - `direct`: fetched from Vault by the process, which holds a session for `argument` seconds more;
 * - `start`: fetched once at start, to load something; not needed again before the next restart;
 * - `in-code`: the id stands in the manifest, in clear: nothing but a change of code takes it out;
 * - `behind`: does not hold the key: lives on what another workload writes, and has `argument[1]` seconds of it in store;
 * - `other-way`: has the key and a role of its own, and was seen working with either;
 * - `suspected`: somebody thinks so; no export shows it.
 */
const table = [
  ['Payments', 'payments', 'card-vault-sync', 'env', { reload: true }],
  ['Payments', 'payments', 'payout-exporter', 'volume', {}],
  ['Payments', 'payments', 'settlement-reporter', 'direct', [1680, 1680]],
  ['Payments', 'payments', 'bank-file-sender', 'in-code', {}],
  ['Payments', 'payments', 'bank-ack', 'behind', ['bank-file-sender', [600, 900]]],
  ['Payments', 'payments', 'ledger-archiver', 'behind', ['payout-exporter', [600, 900]]],
  ['Payments', 'payments', 'refund-notifier', 'behind', ['card-vault-sync', [300, 600]]],
  ['Payments', 'payments', 'tokenizer', 'other-way'],
  ['Checkout', 'checkout', 'receipt-writer', 'volume', {}],
  ['Checkout', 'checkout', 'order-archive', 'behind', ['receipt-writer', [600, 900]]],
  ['Checkout', 'checkout', 'invoice-pdf', 'behind', ['receipt-writer', [480, 900]]],
  ['Checkout', 'checkout', 'tax-report', 'direct', [2400, 2700]],
  ['Checkout', 'checkout', 'price-rules', 'start', 2.5],
  ['Checkout', 'checkout', 'cart-api', 'other-way'],
  ['Fraud scoring', 'fraud', 'feature-loader', 'env', { secret: 'aws-billing-copy' }],
  ['Fraud scoring', 'fraud', 'blocklist-push', 'in-code', {}],
  ['Fraud scoring', 'fraud', 'score-api', 'behind', ['feature-loader', [600, 900]]],
  ['Fraud scoring', 'fraud', 'rule-refresh', 'behind', ['feature-loader', [300, 900]]],
  ['Fraud scoring', 'fraud', 'model-registry', 'direct', [2700, 3000]],
  ['Fraud scoring', 'fraud', 'nightly-train', 'nightly', { secret: 'aws-billing-copy', schedule: '15 1 * * *' }],
  ['Fraud scoring', 'fraud', 'chargeback-watch', 'start', 6],
  ['Billing export', 'billing', 'billing-exporter', 'env', { reload: true }],
  ['Billing export', 'billing', 'usage-collector', 'volume', {}],
  ['Billing export', 'billing', 'invoice-run', 'nightly', { schedule: '30 2 * * *' }],
  ['Billing export', 'billing', 'dunning-run', 'nightly', { schedule: '0 5 * * *' }],
  ['Billing export', 'billing', 'currency-cache', 'suspected', 'reads the bucket, by its name'],
  ['Billing export', 'billing', 'statement-api', 'other-way'],
  ['Billing export', 'billing', 'ledger-view', 'other-way'],
  ['Data warehouse', 'warehouse', 'stage-loader', 'nightly', { schedule: '10 3 * * *' }],
  ['Data warehouse', 'warehouse', 'usage-export', 'nightly', { schedule: '45 3 * * *' }],
  ['Data warehouse', 'warehouse', 'finance-mart', 'behind', ['stage-loader', [21600, 43200], 'cronjob']],
  ['Data warehouse', 'warehouse', 'margin-model', 'behind', ['stage-loader', [43200, 86400], 'cronjob']],
  ['Data warehouse', 'warehouse', 'notebooks', 'suspected', 'analysts were given the key once'],
  ['Data warehouse', 'warehouse', 'query-api', 'other-way'],
  ['Data warehouse', 'warehouse', 'bi-cache', 'other-way'],
  ['Mobile API', 'mobile', 'receipts-feed', 'env', {}],
  ['Mobile API', 'mobile', 'push-templates', 'direct', [1800, 2700]],
  ['Mobile API', 'mobile', 'legacy-receipts', 'in-code', {}],
  ['Mobile API', 'mobile', 'statement-cache', 'behind', ['receipts-feed', [28800, 43200]]],
  ['Mobile API', 'mobile', 'app-config', 'start', 1.2],
  ['Mobile API', 'mobile', 'feature-flags', 'start', 4],
  ['Mobile API', 'mobile', 'gateway', 'other-way'],
  ['Mobile API', 'mobile', 'profile-api', 'other-way'],
  ['Backups', 'backup', 'archive-verify', 'nightly', { schedule: '0 1 * * *' }],
  ['Backups', 'backup', 'snapshot-copy', 'nightly', { schedule: '0 */6 * * *' }],
  ['Backups', 'backup', 'restore-drill', 'suspected', 'last drill used whatever key was at hand'],
  ['Backups', 'backup', 'backup-monitor', 'other-way'],
  ['CRM sync', 'crm', 'account-sync', 'direct', [2100, 3000]],
  ['CRM sync', 'crm', 'segment-export', 'suspected', 'mentioned in a ticket of 2024'],
  ['CRM sync', 'crm', 'dealer-portal-push', 'in-code', { schedule: '30 4 * * *' }],
  ['CRM sync', 'crm', 'weekly-digest', 'behind', ['account-sync', [14400, 28800]]],
  ['Support AI agent', 'support', 'support-copilot-tools', 'volume', {}],
  ['Support AI agent', 'support', 'ticket-summary', 'behind', ['support-copilot-tools', [300, 600]]],
  ['Support AI agent', 'support', 'refund-lookup', 'behind', ['support-copilot-tools', [600, 900]]],
  ['Support AI agent', 'support', 'knowledge-index', 'direct', [2000, 2900]],
]

/** Without these the system is down; what is not named only takes something away from it. */
const vital = new Set([
  'card-vault-sync',
  'receipt-writer',
  'feature-loader',
  'billing-exporter',
  'stage-loader',
  'snapshot-copy',
  'support-copilot-tools',
])

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

const sessionId = awsId('ASIA', 'SETTLER22')
export const flagshipSession = keys.awsAccessKey(sessionId)
/** Issued 22 minutes before the export, for one hour: 2,280 seconds are left. */
const issuedAt = NOW - 1320 * 1000

function tellSession(book) {
  say(book, flagshipSession, 'aws.sts_role_session', {
    name: 'settlement-reader session of settlement-reporter',
    props: { issuedAt: secondsAgo(1320), expiresAt: ahead(2280 / 86_400) },
  })
  relate(book, 'ISSUED_BY', flagshipSession, flagship, {
    tolerance: [2280, 2280],
    pickup: [0, 3600],
    note: 'a role session outlives the key it was taken with, to its own end',
  })
  relate(book, 'AUTHENTICATES_AS', flagshipSession, roleArn(production, 'settlement-reader'))
  relate(book, 'USES_CREDENTIAL', workloadKey('payments', 'settlement-reporter'), flagshipSession, {
    delivery: 'sdk_refresh',
    note: 'session name in CloudTrail is the pod’s',
  })
}

/** What the trail saw: `[address, agent, call, count, seconds since the last]`. */
const uses = [
  [addresses.clusterEgress, agents.botocore, 'putObject', 210, 120],
  [addresses.clusterEgress, agents.botocore, 'assumeRole', 12, 1320],
  [addresses.ciRunners, agents.cli, 'putObject', 14, 8400],
  [addresses.unknownHost, agents.s3cmd, 'getObject', 160, 240],
  [addresses.vendorRange, agents.curl, 'listBuckets', 6, 180_000],
]

function tellUse(book) {
  for (const [address, agent, call, count, last] of uses)
    for (const at of moments(book.random, count, 30, last)) {
      const use = {
        account: production,
        user,
        arn: userArn(production, user),
        keyId: flagshipId,
        call,
        at,
        address,
        agent,
      }
      addEvent(book, keyEvent, call === 'assumeRole' ? { ...use, ...assumption(at) } : use)
    }
  for (const at of moments(book.random, 8, 0.014, 300))
    addEvent(book, sessionEvent, {
      account: production,
      role: 'settlement-reader',
      sessionName: 'settlement-reporter',
      keyId: sessionId,
      startedAt: issuedAt,
      call: 'getObject',
      at,
      address: addresses.clusterEgress,
      agent: agents.botocore,
    })
  for (const [namespace] of copies)
    for (const at of moments(book.random, 3, 7, 600 + namespace.length * 60))
      operatorReads(book, at, 'kv/data/billing/aws-export')
  operatorOnlyPasses(book, flagshipPath)
}

function assumption(at) {
  const role = 'settlement-reader'
  const id = at === issuedAt ? sessionId : awsId('ASIA', `S${at % 99991}`)
  return {
    request: { roleArn: roleArn(production, role), roleSessionName: 'settlement-reporter', durationSeconds: 3600 },
    response: assumeRoleReply(id, role, production, 'settlement-reporter', at + 3_600_000),
  }
}

export const forgottenCopy = secretKey('fraud', 'aws-billing-copy')
