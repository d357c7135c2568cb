import { canary } from '../canary.mjs'
import { ago, ahead, secondsAgo } from '../clock.mjs'
import { accountOf, addEvent, belongs, clusterOf, holds, owned, relate, say } from '../book.mjs'
import { accounts, addresses, cluster, dissolvedTeam, slug, vault, vendorKey } from '../company.mjs'
import { keys } from '../keys.mjs'
import { addRole, addRoot, addUser, allow, trustService, userArn } from '../native/aws.mjs'
import { agents, keyEvent, moments } from '../native/cloudtrail.mjs'
import { addSecret } from '../native/kubernetes.mjs'
import { awsId } from '../prng.mjs'
import { awsEnv, awsPair, madeByHand, run, secretKey, seenSigning, serve, synced } from './workloads.mjs'

const { production, data } = accounts
const vaultPath = (path) => keys.vaultSecret(vault, `kv/${path}`)

/** A user with its keys in the production account, and what the trail saw of them. */
function user(book, { name, team, account = production, ...rest }) {
  const { uses = [], ...fields } = rest
  addUser(accountOf(book, account), { name, ...fields, tags: { ...(team && { owner: slug(team) }), ...rest.tags } })
  for (const [keyId, address, agent, call, count, last] of uses)
    for (const at of moments(book.random, count, 30, last))
      addEvent(book, keyEvent, { account, user: name, arn: userArn(account, name), keyId, call, at, address, agent })
  for (const key of rest.keys) {
    if (team) owned(book, keys.awsAccessKey(key.id), team)
    belongs(book, key.id, account, name)
  }
}

/** A Vault path that holds the key and the copies External Secrets makes of it: `[namespace, Secret]`. */
function delivered(book, path, keyId, copies) {
  holds(book, vaultPath(path), keys.awsAccessKey(keyId), 'entered when the key was made')
  for (const [namespace, name] of copies)
    synced(book, {
      namespace,
      name,
      path,
      refreshInterval: '1h',
      properties: awsPair,
      identifiers: { AWS_ACCESS_KEY_ID: keyId },
    })
}

export const ids = {
  mailerOld: awsId('AKIA', 'MAILEROLD'),
  mailerNew: awsId('AKIA', 'MAILERNEW'),
  assets: awsId('AKIA', 'SHAREDAST'),
  breakGlass: awsId('AKIA', 'BRKGLASS2'),
  loyalty: awsId('AKIA', 'LOYALTYIM'),
  newsletter: awsId('AKIA', 'OLDNEWSLT'),
  metrics: awsId('AKIA', 'METRICSPS'),
  paperplane: awsId('AKIA', 'PAPERPLAN'),
  copilot: awsId('AKIA', 'SUPPCOPIL'),
  search: awsId('AKIA', 'SEARCHIDX'),
  cdnFirst: awsId('AKIA', 'CDNFIRST2'),
  cdnSecond: awsId('AKIA', 'CDNSECND2'),
  ftp: awsId('AKIA', 'LEGACYFTP'),
}

export function tellKeys(book) {
  for (const tell of [dualKeys, shared, breakGlass, orphan, unused, onlyStrangers, vendorHeld, agent, safeAfterSteps])
    tell(book)
  for (const tell of [fallback, hardCoded, root]) tell(book)
}

/** Two active keys: everybody moved to the new one, but for one weekly job. */
function dualKeys(book) {
  user(book, {
    name: 'svc-report-mailer',
    team: 'Data Platform',
    createdAt: ago(900),
    keys: [
      { id: ids.mailerOld, createdAt: ago(900), lastUsedAt: ago(4), service: 'ses' },
      { id: ids.mailerNew, createdAt: ago(60), lastUsedAt: secondsAgo(900), service: 'ses' },
    ],
    allows: [allow('ses:SendEmail', '*')],
  })
  delivered(book, 'reporting/mailer', ids.mailerNew, [['reporting', 'mailer-aws']])
  const mailer = run(book, {
    namespace: 'reporting',
    name: 'report-mailer',
    env: awsEnv('mailer-aws'),
    system: { name: 'Reporting' },
  })
  seenSigning(book, mailer, secretKey('reporting', 'mailer-aws'), 'env_at_start', 1904, secondsAgo(900))
  madeByHand(book, {
    namespace: 'crm',
    name: 'mailer-aws-old',
    createdAt: ago(880),
    identifiers: { AWS_ACCESS_KEY_ID: ids.mailerOld },
    values: ['AWS_SECRET_ACCESS_KEY'],
  })
  const weekly = run(book, {
    namespace: 'crm',
    name: 'weekly-statement-mail',
    schedule: '0 6 * * 1',
    env: awsEnv('mailer-aws-old'),
    system: { name: 'CRM sync', strength: 'soft' },
  })
  seenSigning(book, weekly, secretKey('crm', 'mailer-aws-old'), 'env_at_start', 212, ago(4))
}

/** One key, five systems: no team can change it alone. */
const sharers = [
  ['Checkout', 'checkout', 'image-resizer'],
  ['Mobile API', 'mobile', 'asset-sync'],
  ['Search', 'search', 'thumbnail-indexer'],
  ['Orders', 'orders', 'label-printer'],
  ['CRM sync', 'crm', 'logo-fetch'],
]

function shared(book) {
  user(book, {
    name: 'svc-shared-assets',
    team: 'Storefront',
    createdAt: ago(1100),
    keys: [{ id: ids.assets, createdAt: ago(760), lastUsedAt: secondsAgo(60) }],
    allows: [allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::fernwhistle-assets/*')],
  })
  delivered(
    book,
    'shared/assets',
    ids.assets,
    sharers.map(([, namespace]) => [namespace, 'assets-aws']),
  )
  for (const [system, namespace, name] of sharers) {
    const key = run(book, { namespace, name, env: awsEnv('assets-aws'), system: { name: system, strength: 'soft' } })
    seenSigning(book, key, secretKey(namespace, 'assets-aws'), 'env_at_start', 4000 + 31 * name.length, secondsAgo(60))
  }
}

/** For the day when nothing else works: nothing depends on it by design, and nobody ever tried it. */
function breakGlass(book) {
  user(book, {
    name: 'break-glass-admin',
    team: 'Identity',
    createdAt: ago(800),
    tags: { purpose: 'break-glass' },
    attached: ['AdministratorAccess'],
    keys: [{ id: ids.breakGlass, createdAt: ago(800) }],
  })
  const safe = 'place:safe/break-glass'
  say(book, safe, 'generic.secret', { name: 'Envelope in the safe', note: 'emergency manual, page 3' })
  holds(book, safe, keys.awsAccessKey(ids.breakGlass), 'emergency manual, page 3')
  say(book, keys.awsAccessKey(ids.breakGlass), 'aws.iam_access_key', {
    props: { breakGlass: true, lastTestedAt: 'never' },
    note: 'emergency manual',
  })
}

/** Works every night, belongs to a team that is gone. */
function orphan(book) {
  user(book, {
    name: 'svc-loyalty-import',
    createdAt: ago(1300),
    tags: { owner: slug(dissolvedTeam) },
    keys: [{ id: ids.loyalty, createdAt: ago(930), lastUsedAt: ago(0.11) }],
    allows: [allow('s3:GetObject', 'arn:aws:s3:::fernwhistle-loyalty/*')],
    uses: [[ids.loyalty, addresses.clusterEgress, agents.botocore, 'getObject', 20, 9500]],
  })
  madeByHand(book, {
    namespace: 'loyalty',
    name: 'import-aws',
    createdAt: ago(930),
    identifiers: { AWS_ACCESS_KEY_ID: ids.loyalty },
    values: ['AWS_SECRET_ACCESS_KEY'],
  })
  run(book, {
    namespace: 'loyalty',
    name: 'points-import',
    schedule: '20 1 * * *',
    team: slug(dissolvedTeam),
    env: awsEnv('import-aws'),
    system: { name: 'Loyalty points' },
  })
}

/** Last used 410 days ago, in no place that any export shows, and every source that could show it is there. */
function unused(book) {
  user(book, {
    name: 'svc-old-newsletter',
    team: 'Customer Experience',
    createdAt: ago(640),
    keys: [{ id: ids.newsletter, createdAt: ago(640), lastUsedAt: ago(410), service: 'ses' }],
    allows: [allow('ses:SendEmail', '*')],
  })
}

/** In daily use, and nobody of ours is known to hold it. */
function onlyStrangers(book) {
  user(book, {
    name: 'svc-metrics-push',
    createdAt: ago(1000),
    keys: [{ id: ids.metrics, createdAt: ago(1000), lastUsedAt: secondsAgo(30), service: 'monitoring' }],
    allows: [allow('cloudwatch:PutMetricData', '*')],
    uses: [
      [ids.metrics, addresses.unknownScript, agents.curl, 'putMetric', 50, 30],
      [ids.metrics, '2001:db8:40::17', agents.go, 'putMetric', 30, 3600],
    ],
  })
}

/** A vendor holds the key on its own machines. */
function vendorHeld(book) {
  user(book, {
    name: 'svc-paperplane-drop',
    team: 'Logistics',
    createdAt: ago(500),
    keys: [{ id: ids.paperplane, createdAt: ago(500), lastUsedAt: ago(0.2) }],
    allows: [allow('s3:PutObject', 'arn:aws:s3:::fernwhistle-edi-inbox/*')],
    uses: [[ids.paperplane, addresses.vendorEdi, agents.java, 'putObject', 30, 17_000]],
  })
  const sender = 'vendor:paperplane-edi/sender'
  say(book, sender, 'generic.workload', { name: 'EDI sender (at the vendor)', note: 'contract annex' })
  relate(book, 'SUPPLIED_BY', sender, vendorKey('Paperplane EDI'))
  relate(book, 'SUPPLIED_BY', keys.awsAccessKey(ids.paperplane), vendorKey('Paperplane EDI'))
  relate(book, 'USES_CREDENTIAL', sender, keys.awsAccessKey(ids.paperplane), {
    delivery: 'vendor_managed',
    note: 'contract annex; the vendor needs five working days for a change',
  })
  serve(book, sender, { name: 'Vendor EDI', strength: 'hard', tolerance: [86_400, 172_800] })
}

/** An AI agent with a standing key that may read more than its task needs, and a key of its model's vendor. */
export const lanternfish = 'lanternfish:key/support-copilot'

function agent(book) {
  user(book, {
    name: 'svc-support-copilot',
    team: 'Customer Experience',
    createdAt: ago(310),
    attached: ['ReadOnlyAccess'],
    keys: [{ id: ids.copilot, createdAt: ago(310), lastUsedAt: secondsAgo(15) }],
    allows: [allow('secretsmanager:GetSecretValue', '*')],
    uses: [[ids.copilot, addresses.clusterEgress, agents.botocore, 'getSecret', 40, 15]],
  })
  const copilot = 'agent:support-copilot'
  say(book, copilot, 'ai.agent', { name: 'support-copilot', props: { standing: true }, note: 'agent register' })
  owned(book, copilot, 'Customer Experience')
  relate(book, 'USES_CREDENTIAL', copilot, keys.awsAccessKey(ids.copilot), {
    delivery: 'env_at_start',
    note: 'agent register: standing key, no expiry',
  })
  serve(book, copilot, { name: 'Support AI agent', strength: 'hard' })

  say(book, lanternfish, 'generic.api_key', {
    name: 'Lanternfish AI key of support-copilot',
    props: { createdAt: ago(310) },
    note: 'vendor console',
  })
  owned(book, lanternfish, 'Customer Experience')
  relate(book, 'SUPPLIED_BY', lanternfish, vendorKey('Lanternfish AI'))
  holds(book, vaultPath('support/lanternfish'), lanternfish, 'vendor console')
  synced(book, {
    namespace: 'support',
    name: 'lanternfish',
    path: 'support/lanternfish',
    refreshInterval: '1h',
    properties: [['LANTERNFISH_API_KEY', 'api_key']],
  })
  relate(
    book,
    'DEPENDS_ON',
    copilot,
    run(book, {
      namespace: 'support',
      name: 'copilot-api',
      env: [['LANTERNFISH_API_KEY', 'lanternfish', 'LANTERNFISH_API_KEY']],
      system: { name: 'Support AI agent', strength: 'hard' },
    }),
  )
}

/** A second key, the Vault path, one restart: then the old one can go. */
function safeAfterSteps(book) {
  user(book, {
    name: 'svc-search-index',
    team: 'Storefront',
    createdAt: ago(420),
    keys: [{ id: ids.search, createdAt: ago(420), lastUsedAt: secondsAgo(45) }],
    allows: [allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::fernwhistle-search/*')],
  })
  delivered(book, 'search/index', ids.search, [['search', 'index-aws']])
  const system = { name: 'Search' }
  const builder = run(book, { namespace: 'search', name: 'index-builder', env: awsEnv('index-aws'), system })
  const reader = run(book, { namespace: 'search', name: 'index-reader', volumes: ['index-aws'], system })
  const secret = secretKey('search', 'index-aws')
  seenSigning(book, builder, secret, 'env_at_start', 812, secondsAgo(45))
  seenSigning(book, reader, secret, 'volume_refresh', 9120, secondsAgo(50))
}

/** Two keys of two users, either will do: seen to work with each. */
function fallback(book) {
  for (const [name, id, path] of [
    ['svc-cdn-purge', ids.cdnFirst, 'search/cdn'],
    ['svc-cdn-purge-standby', ids.cdnSecond, 'search/cdn-standby'],
  ]) {
    user(book, {
      name,
      team: 'Storefront',
      createdAt: ago(300),
      keys: [{ id, createdAt: ago(300), lastUsedAt: secondsAgo(7200) }],
      allows: [allow('sns:Publish', '*')],
    })
    holds(book, vaultPath(path), keys.awsAccessKey(id), 'runbook of the purger')
  }
  const purger = run(book, { namespace: 'search', name: 'cdn-purger', system: { name: 'Search', strength: 'hard' } })
  for (const path of ['search/cdn', 'search/cdn-standby'])
    relate(book, 'USES_SECRET', purger, vaultPath(path), {
      need: 'purge-key',
      delivery: 'fetch_per_use',
      evidence: [
        {
          source: 'bundle',
          kind: 'observed',
          note: 'failover exercised with either key',
          firstSeen: ago(55),
          lastSeen: secondsAgo(7200),
          count: 2,
        },
      ],
    })
}

/** The key stands in a manifest, in clear. */
function hardCoded(book) {
  user(book, {
    name: 'svc-legacy-ftp',
    team: 'Site Reliability',
    account: data,
    createdAt: ago(1500),
    keys: [{ id: ids.ftp, createdAt: ago(1500), lastUsedAt: secondsAgo(5000) }],
    allows: [allow('s3:*', 'arn:aws:s3:::fernwhistle-ftp/*')],
    uses: [[ids.ftp, addresses.clusterEgress, agents.s3cmd, 'putObject', 20, 5000]],
  })
  run(book, {
    namespace: 'warehouse',
    name: 'ftp-bridge',
    plain: [
      ['AWS_ACCESS_KEY_ID', ids.ftp],
      ['AWS_SECRET_ACCESS_KEY', canaryOfManifest],
    ],
    system: { name: 'Data warehouse', strength: 'soft' },
  })
}

/** The root user of the data account still has a key. */
function root(book) {
  addRoot(accountOf(book, production), ago(2600), [], ago(90))
  addRole(accountOf(book, data), {
    name: 'warehouse-loader',
    createdAt: ago(900),
    trust: [trustService('glue.amazonaws.com')],
    allows: [allow('s3:GetObject', 'arn:aws:s3:::fernwhistle-warehouse/*')],
    lastUsedAt: ago(0.2),
  })
  addRoot(accountOf(book, data, 'data'), ago(2600), [{ createdAt: ago(2000), lastUsedAt: ago(900) }], ago(200))
}

/** A certificate that partners check, with nine days to go. */
export const partnerCertificate = `${secretKey('partners', 'partner-mtls')}#tls`

export function tellPartners(book) {
  say(book, paperplaneKey, 'generic.api_key', {
    name: 'Paperplane EDI key of Fernwhistle',
    props: { createdAt: ago(700) },
    note: 'partner portal',
  })
  relate(book, 'SUPPLIED_BY', paperplaneKey, vendorKey('Paperplane EDI'))
  owned(book, paperplaneKey, 'Logistics')
  holds(book, vaultPath('partners/paperplane'), paperplaneKey, 'partner portal')
  synced(book, {
    namespace: 'partners',
    name: 'paperplane',
    path: 'partners/paperplane',
    refreshInterval: '30m',
    properties: [['API_KEY', 'api_key']],
  })
  addSecret(clusterOf(book, cluster), {
    namespace: 'partners',
    name: 'partner-mtls',
    type: 'kubernetes.io/tls',
    createdAt: ago(356),
    values: ['tls.crt', 'tls.key'],
  })
  say(book, partnerCertificate, 'tls.certificate', {
    name: 'edi.fernwhistle.example (client certificate)',
    props: { expiresAt: ahead(9) },
    note: 'certificate inventory',
  })
  owned(book, partnerCertificate, 'Logistics')
  run(book, {
    namespace: 'partners',
    name: 'edi-gateway',
    env: [['PAPERPLANE_API_KEY', 'paperplane', 'API_KEY']],
    volumes: ['partner-mtls'],
    system: { name: 'Vendor EDI', strength: 'hard', tolerance: [14_400, 28_800] },
  })
}

export const paperplaneKey = 'paperplane:key/fernwhistle'
const canaryOfManifest = canary('manifest warehouse/ftp-bridge AWS_SECRET_ACCESS_KEY')
