import { idOf } from '../../graph/ids.ts'
import type {
  BlastReply,
  Hit,
  HomeReply,
  ItemsReply,
  NodeReply,
  Operation,
  SourcesReply,
  Thing,
  Verdict,
  WhyReply,
} from '../../graph/wire.ts'
import { bands, dependentOf, hostileNames, random, WORLD_AT, type World, type WorldDependent } from './worlds.ts'

type Counts = Record<Verdict, number>
const none = (): Counts => ({ breaks: 0, unknown: 0, steps: 0, keeps: 0 })
const glyphOrder: readonly Verdict[] = ['breaks', 'steps', 'unknown', 'keeps']

/** With two values accepted side by side, what would need steps keeps working: enough to see the picture change. */
function under(op: Operation, one: WorldDependent): WorldDependent {
  return op === 'rotate' && one.verdict === 'steps' ? { ...one, verdict: 'keeps', band: 5 } : one
}

const verbOf = (op: Operation): string => (op === 'expire' ? 'let expire' : op)

export function blastOf(world: World, op: Operation): BlastReply {
  const dependents = world.dependents.map((one) => under(op, one))
  const counts = none()
  const grouped = new Map<number, WorldDependent[]>()
  for (const one of dependents) {
    counts[one.verdict]++
    const key = one.sys * world.bands.length + one.band
    const members = grouped.get(key)
    if (members) members.push(one)
    else grouped.set(key, [one])
  }
  const cells = [...grouped].map(([key, members]) => cellOf(key, members, world.bands.length))
  const first = firstOf(world, dependents)
  const broken = new Set(dependents.filter((one) => one.verdict === 'breaks').map((one) => one.sys))
  const now = dependents.filter((one) => one.verdict === 'breaks' && one.band === 0).length
  const capped = world.coverage.state !== 'complete'
  const verdict =
    counts.breaks > 0
      ? 'not-safe'
      : counts.unknown > 0 || capped || dependents.length === 0
        ? 'cannot-say'
        : counts.steps > 0
          ? 'safe-after-steps'
          : 'safe'
  return {
    snapshot: world.snapshot,
    subject: world.subject,
    op,
    ops: [
      { op: 'revoke', title: 'Revoke', available: true },
      { op: 'rotate', title: 'Rotate', available: true },
      { op: 'disable', title: 'Disable', available: true },
      { op: 'expire', title: 'Let expire', available: false, why: 'an AWS access key has no expiry' },
    ],
    change: {
      words: 'deactivated now; refused everywhere within 5 min (assumed)',
      lag: [0, 300],
      overlap: null,
      publish: [],
      undo: 'Activate the key again; what failed meanwhile has to be run again.',
    },
    verdict,
    headline: {
      title: {
        'not-safe': `Not safe to ${verbOf(op)} now`,
        'cannot-say': 'Cannot say yet',
        'safe-after-steps': `Safe to ${verbOf(op)} after 4 steps`,
        safe: `Safe to ${verbOf(op)} now`,
      }[verdict],
      sentence: first
        ? `${counts.breaks} dependants in ${broken.size} systems break, ${now} of them at once, first ${world.systems[first.sys]!.name} / ${first.name}. ${counts.steps} more are safe after 4 steps.`
        : capped
          ? `${world.coverage.sentence} ${counts.steps} of what is seen are safe after 4 steps.`
          : 'Nothing that is seen breaks.',
      first: first ? { id: first.id, name: first.name, system: world.systems[first.sys]!.name } : null,
    },
    counts: {
      ...counts,
      dependents: dependents.length,
      systems: new Set(dependents.map((one) => one.sys)).size,
      systemsBroken: broken.size,
    },
    bands: world.bands,
    systems: world.systems,
    cells,
    steps: world.steps,
    unknowns: world.unknowns,
    notes: world.notes,
    coverage: world.coverage,
  }
}

/** What breaks first in the most critical system. */
function firstOf(world: World, dependents: readonly WorldDependent[]): WorldDependent | null {
  const rank = (one: WorldDependent): number => one.band * 100 + (world.systems[one.sys]!.tier ?? 99)
  let first: WorldDependent | null = null
  for (const one of dependents) if (one.verdict === 'breaks' && (first === null || rank(one) < rank(first))) first = one
  return first
}

function cellOf(key: number, members: readonly WorldDependent[], bandCount: number): BlastReply['cells'][number] {
  const counts = none()
  for (const one of members) counts[one.verdict]++
  const ordered = members.toSorted(
    (a, b) => glyphOrder.indexOf(a.verdict) - glyphOrder.indexOf(b.verdict) || (a.id < b.id ? -1 : 1),
  )
  return {
    sys: Math.floor(key / bandCount),
    band: key % bandCount,
    ...counts,
    members: ordered.slice(0, 24).map(({ id, name, verdict }) => ({ id, name, verdict })),
  }
}

const PAGE = 200

export function itemsOf(world: World, op: Operation, query: URLSearchParams): ItemsReply {
  const sys = query.get('sys')
  const band = query.get('band')
  const verdict = query.get('verdict')
  const cursor = Number(query.get('cursor') ?? 0)
  const found = world.dependents
    .map((one) => under(op, one))
    .filter(
      (one) =>
        (sys === null || one.sys === Number(sys)) &&
        (band === null || world.bands[one.band]!.id === band) &&
        (verdict === null || one.verdict === verdict),
    )
  const items = found.slice(cursor, cursor + PAGE).map((one) => dependentOf(world, one))
  const next = cursor + PAGE < found.length ? { next: cursor + PAGE } : {}
  return { snapshot: world.snapshot, total: found.length, items, ...next }
}

const thing = (name: string, kind: string, title: string, role: string): Thing => ({
  id: idOf(`thing ${name}`),
  kind,
  title,
  role,
  name,
})

export function whyOf(world: World, op: Operation, id: string): WhyReply | null {
  const found = world.dependents.find((one) => one.id === id)
  if (!found) return null
  const one = dependentOf(world, under(op, found))
  const band = world.bands.find((candidate) => candidate.id === one.band)!
  const hostile = world.name === 'hostile'
  const evidence = (kind: WhyReply['paths'][number]['weakest'], source: string, file: string) => [
    {
      source: hostile ? hostileNames[2]! : source,
      kind,
      file: hostile ? hostileNames[7]! : file,
      record: 'line 412',
      firstSeen: '2026-10-21T00:00:00.000Z',
      lastSeen: '2026-11-20T03:58:00.000Z',
      count: 1_204,
    },
  ]
  const subject: Thing = {
    id: world.subject.id,
    kind: world.subject.kind,
    title: 'access key',
    role: 'credential',
    name: world.subject.name,
  }
  const secret = thing('kv/prod/billing', 'vault.kv_secret', 'Vault secret, v17', 'secret')
  const synced = thing('billing/aws-creds', 'k8s.secret', 'k8s Secret, env', 'secret')
  const me: Thing = { id: one.id, kind: one.kind, title: `${one.title}, 4 pods`, role: 'workload', name: one.name }
  const system = thing(
    world.systems[found.sys]!.name,
    'system',
    `tier ${world.systems[found.sys]!.tier ?? '?'} system`,
    'system',
  )
  const hops: WhyReply['paths'][number]['hops'] = [
    {
      from: subject,
      to: secret,
      kind: 'STORED_IN',
      verb: 'stored in',
      strength: 'observed',
      fact: '1,204 reads in 30 d',
      evidence: evidence('observed', 'Vault audit log', 'vault-audit.log.gz'),
      assumed: [],
    },
    {
      from: secret,
      to: synced,
      kind: 'COPIED_TO',
      verb: 'synced by',
      strength: 'declared',
      fact: 'ExternalSecret, 1 h',
      evidence: evidence('declared', 'Kubernetes', 'externalsecrets.yaml'),
      assumed: [{ what: 'pickup', mark: 'S', words: 'picks up within 1 h (default of External Secrets)' }],
    },
    {
      from: synced,
      to: me,
      kind: 'USES_SECRET',
      verb: 'read by',
      strength: one.strength,
      fact: 'CloudTrail',
      factAt: '2026-11-20T03:58:00.000Z',
      evidence: evidence(one.strength, 'CloudTrail', 'cloudtrail-eu.json.gz'),
      assumed: [],
    },
    {
      from: me,
      to: system,
      kind: 'SERVES',
      verb: 'serves',
      strength: 'declared',
      fact: 'catalog-info.yaml',
      evidence: evidence('declared', 'Catalogue', 'catalog-info.yaml'),
      assumed: [],
    },
  ]
  const short = [
    { ...hops[0]!, to: me, verb: 'baked into', strength: 'inferred' as const, fact: 'same fingerprint in the image' },
    hops[3]!,
  ]
  const breaks =
    one.verdict === 'keeps'
      ? 'keeps working'
      : one.verdict === 'unknown'
        ? 'cannot be told'
        : `breaks ${band.kind === 'event' ? `at the ${band.title.toLowerCase()}` : one.band === 'now' ? 'at t+0' : `within ${band.title.replace('≤ ', '')}`}`
  return {
    snapshot: world.snapshot,
    dependent: one,
    claim: `Why ${one.name} ${breaks}`,
    whyThisTime: 'It signs each request with the key and keeps no session; the first call after the change is refused.',
    paths: [
      { weakest: 'declared', hops },
      { weakest: 'inferred', hops: short },
    ],
    alternatives: [
      {
        words: 'the second key of svc-billing-export',
        thing: thing('AKIA…9TD', 'aws.access_key', 'AWS access key', 'credential'),
        out: true,
        why: 'It has been inactive since 3 Nov.',
      },
    ],
  }
}

/** Ten credentials with a front each; the first is the subject of the world. */
export function hitsOf(world: World): Hit[] {
  if (world.name === 'empty') return []
  const names = [
    'db-ledger-rw',
    'gh-release-bot',
    'edi-sftp-gw',
    'sp-kb-indexer',
    'AKIA7QEXAMPLE0000TD9',
    'runner-reg-token',
    'backup-svc-pw',
    'redshift-copy',
    'slack-hook',
  ]
  const kinds = [
    'Vault static role',
    'GitHub token',
    'SSH key',
    'Entra client secret',
    'AWS access key',
    'GitLab token',
    'Password',
    'AWS IAM role session',
    'Webhook',
  ]
  const verdicts = [
    'not-safe',
    'not-safe',
    'cannot-say',
    'safe-after-steps',
    'safe',
    'cannot-say',
    'not-safe',
    'safe-after-steps',
    'safe-after-steps',
  ] as const
  const reply = blastOf(world, 'revoke')
  const cells = world.bands.map((_, band): [number, number, number, number] => {
    const sum = none()
    for (const cell of reply.cells)
      if (cell.band === band) for (const verdict of glyphOrder) sum[verdict] += cell[verdict]
    return [sum.breaks, sum.unknown, sum.steps, sum.keeps]
  })
  const { facts: _facts, owner, lastUsedAt, ...subject } = world.subject
  const first: Hit = {
    ...subject,
    ...(owner ? { owner } : {}),
    ...(lastUsedAt ? { lastUsedAt } : {}),
    front: { verdict: reply.verdict, cells },
  }
  const next = random(7)
  const others = names.map((name, i): Hit => {
    const verdict = verdicts[i]!
    const front = world.bands.map((band): [number, number, number, number] => {
      const n = next() < 0.45 ? 0 : Math.ceil(next() * 6)
      if (band.kind === 'keeps') return [0, 0, 0, n]
      const breaks = verdict === 'not-safe' ? Math.ceil(n / 3) : 0
      const unknown = verdict === 'cannot-say' ? n : 0
      const steps = verdict === 'safe' ? 0 : n - breaks - unknown
      return [breaks, unknown, steps, 0]
    })
    return {
      id: idOf(`${world.name} ${name}`),
      kind: 'generic.credential',
      title: kinds[i]!,
      role: 'credential',
      name: world.name === 'hostile' ? hostileNames[i]! : name,
      where: 'prod-main',
      ...(i === 4 ? {} : { lastUsedAt: new Date(Date.parse(WORLD_AT) - (i + 1) * 7_260_000 * (i + 1)).toISOString() }),
      front: { verdict, cells: front },
    }
  })
  return [first, ...others]
}

export function homeOf(world: World): HomeReply {
  const filled = world.name !== 'empty'
  return {
    snapshot: world.snapshot,
    counts: filled
      ? [
          { role: 'credential', title: 'Credentials', count: 1_284 },
          { role: 'identity', title: 'Identities', count: 912 },
          { role: 'secret', title: 'Secrets', count: 2_310 },
          { role: 'workload', title: 'Workloads', count: 8_822 },
          { role: 'system', title: 'Systems', count: 61 },
        ]
      : [],
    worst: hitsOf(world),
    unknowns: filled
      ? [
          {
            reason: 'No audit log of Vault for the last 23 days',
            settles: 'vault audit log of the last 30 days',
            count: 212,
          },
          { reason: 'Use from addresses no workload owns', settles: 'VPC flow logs, or the DHCP leases', count: 37 },
          { reason: 'Jenkins was last imported 9 days ago', settles: 'A fresh export of its credentials', count: 13 },
        ]
      : [],
    bands: bands.map(({ id, title }) => ({ id, title })),
  }
}

export function nodeOf(world: World, id: string): NodeReply | null {
  const hit = hitsOf(world).find((candidate) => candidate.id === id)
  const found = world.dependents.find((one) => one.id === id)
  const named = world.systems.find((one) => one.id === id)
  const known: Thing | null = hit
    ? {
        id,
        kind: hit.kind,
        title: hit.title,
        role: hit.role,
        name: hit.name,
        ...(hit.where ? { where: hit.where } : {}),
      }
    : found
      ? { id, kind: 'k8s.deployment', title: found.title, role: 'workload', name: found.name }
      : named
        ? { id, kind: 'system', title: 'System', role: 'system', name: named.name }
        : (['kv/prod/billing', 'billing/aws-creds']
            .map((name) => thing(name, 'secret', 'Secret', 'secret'))
            .find((one) => one.id === id) ?? null)
  if (!known) return null
  const neighbours = world.dependents.slice(0, 36).map((one) => ({
    id: one.id,
    kind: 'k8s.deployment',
    title: one.title,
    role: 'workload',
    name: one.name,
    strength: one.strength,
    fact: '1,204 uses, last 2 min ago',
  }))
  const secrets = ['kv/prod/billing', 'billing/aws-creds'].map((name) => ({
    ...thing(name, 'secret', 'Secret', 'secret'),
    strength: 'declared' as const,
  }))
  return {
    snapshot: world.snapshot,
    thing: known,
    key: `aws:iam::123456789012:access-key/${known.name.slice(0, 60)}`,
    aliases: [],
    facts: [
      { label: 'Account', value: 'prod-main' },
      { label: 'Created', value: '2025-10-04', at: '2025-10-04T09:00:00.000Z' },
      { label: 'Last used', value: '2026-11-20', at: '2026-11-20T03:58:00.000Z' },
    ],
    evidence: [
      {
        source: 'AWS IAM, prod-main',
        kind: 'declared',
        file: 'account-authorization-details.json',
        record: 'UserDetailList[12]',
        lastSeen: WORLD_AT,
      },
    ],
    relations: [
      { kind: 'STORED_IN', direction: 'out', words: 'stored in', count: 2, things: secrets },
      { kind: 'USES', direction: 'in', words: 'used by', count: neighbours.length, things: neighbours },
    ],
    credentials: [],
  }
}

export function sourcesOf(world: World): SourcesReply {
  if (world.name === 'empty') return { snapshot: world.snapshot, sources: [] }
  const titles = [
    'AWS IAM, prod-main',
    'CloudTrail, prod-main',
    'Kubernetes, eu-1',
    'Vault audit log',
    'GitHub Actions, 412 repositories',
    'Jenkins (on-prem)',
  ]
  return {
    snapshot: world.snapshot,
    readers: [
      {
        id: 'aws',
        title: 'AWS · account authorization details',
        reads: 'JSON',
        collect: 'aws iam get-account-authorization-details',
      },
      { id: 'vault-audit', title: 'Vault audit log', reads: 'JSON lines' },
    ],
    reach: [{ what: 'AWS accounts', seen: 33, of: 34, missing: ['sandbox-old'] }],
    blindSpots: [
      {
        source: 'a Vault audit log',
        why: 'it reaches back 7 days only',
        collect: 'import the Vault audit log of the last 30 days',
        count: 19,
      },
      {
        source: 'the GitHub audit log',
        why: 'nothing here shows who else uses it',
        collect: 'stream the audit log',
        count: 4,
      },
    ],
    sources: titles.map((title, i) => ({
      scope: idOf(title),
      title,
      importer: 'stub',
      importerTitle: title.split(',')[0]!,
      nature: i % 2 === 0 ? 'snapshot' : 'log',
      complete: i % 2 === 0,
      at: i === 5 ? '2026-11-11T04:00:00.000Z' : WORLD_AT,
      stale: i === 5 || (world.name === 'stale' && i === 3),
      entities: 1_090 * (i + 1),
      relationships: 4_211 * (i + 1),
      files: ['account-authorization-details.json'],
      blindTo: i === 1 ? ['use of a key outside AWS'] : [],
      since: i === 3 ? '2026-11-13T04:00:00.000Z' : null,
      until: i === 3 ? WORLD_AT : null,
      caps: i === 3 ? 19 : 0,
      ...(i === 3 && { capsWhy: 'it reaches back 7 days only' }),
      records: { read: 904, mapped: i === 4 ? 880 : 904, merged: 0, skipped: i === 4 ? 24 : 0 },
    })),
  }
}
