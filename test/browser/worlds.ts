import { idOf } from '../../graph/ids.ts'
import type { BlastReply, Coverage, Dependent, EvidenceItem, Snapshot, Verdict } from '../../graph/wire.ts'

/** Moment at which every stub world stands; the browser's clock is set to two hours after it where it matters. */
export const WORLD_AT = '2026-11-20T04:00:00.000Z'

type Strength = EvidenceItem['kind']

export interface WorldDependent {
  readonly id: string
  readonly name: string
  readonly title: string
  readonly sys: number
  readonly band: number
  readonly verdict: Verdict
  readonly strength: Strength
}

export interface World {
  readonly name: WorldName
  readonly snapshot: Snapshot
  readonly subject: BlastReply['subject']
  readonly bands: BlastReply['bands']
  readonly systems: BlastReply['systems']
  readonly dependents: readonly WorldDependent[]
  readonly coverage: Coverage
  readonly unknowns: BlastReply['unknowns']
  readonly steps: BlastReply['steps']
  readonly notes: BlastReply['notes']
}

export const worldNames = ['tiny', 'std', 'big', 'huge', 'hostile', 'stale', 'unseen', 'empty'] as const
export type WorldName = (typeof worldNames)[number]

export const bands: BlastReply['bands'] = [
  { id: 'now', title: 'Now', subtitle: 't+0', kind: 'time', until: 60 },
  { id: '15m', title: '≤ 15 min', subtitle: 'token refresh', kind: 'time', until: 900 },
  { id: '1h', title: '≤ 1 hour', subtitle: 'STS session ends', kind: 'time', until: 3_600 },
  { id: '24h', title: '≤ 24 hours', subtitle: 'nightly jobs', kind: 'time', until: 86_400 },
  { id: 'restart', title: 'Next deploy', subtitle: 'restart or reconnect', kind: 'event', until: null },
  { id: 'keeps', title: 'Keeps working', subtitle: 'verified', kind: 'keeps', until: null },
]

type SystemLine = readonly [name: string, tier: number, team: string, owner: string | null, ...cells: readonly string[]]

/** Letters of verdicts by band: now, 15 min, 1 hour, 24 hours, next deploy, keeps working. 67 dependants in all. */
const stdSystems: readonly SystemLine[] = [
  ['Payments', 1, 'Pay Core', 'Head of Payments', 'b', 'bss', 's', '', '', 'k'],
  ['Checkout', 1, 'Storefront', 'Checkout lead', 's', 'ss', 's', '', 's', 'k'],
  ['Fraud scoring', 1, 'Risk ML', 'Fraud lead', 'b', 'ss', 's', 's', 's', ''],
  ['Billing export', 2, 'FinOps', 'FinOps lead', 'bs', '', 'u', 'bb', '', 'kk'],
  ['Data warehouse', 2, 'Data Platform', 'Data lead', '', '', '', 'ssssu', '', 'kk'],
  ['CI and release', 2, 'DevEx', 'Release manager', 'bb', '', '', '', 'sssu', 'k'],
  ['Mobile API', 2, 'Apps', 'Apps lead', '', 'u', 's', 's', 'bb', 'kk'],
  ['Backups', 2, 'SRE', 'SRE on call', '', '', '', 'bbssuu', '', 'k'],
  ['CRM sync', 3, 'RevOps', 'RevOps lead', '', '', 'suu', 'b', '', ''],
  ['Support AI agent', 3, 'CX', 'Support lead', '', 'ss', 'ss', '', '', ''],
  ['Vendor EDI', 3, 'Supply', null, 'u', '', '', 'b', '', 'kk'],
]

const workloads = [
  'card-vault-sync', 'ledger-writer', 'refund-worker', 'session-broker', 'invoice-export', 'etl-nightly', 'deploy-prod',
  'push-gateway', 'snapshot-job', 'lead-importer', 'reply-drafter', 'edi-bridge', 'rate-limiter', 'report-mailer',
  'index-builder', 'webhook-relay',
] // prettier-ignore
const titles = ['Deployment', 'CronJob', 'GitHub workflow', 'EC2 instance', 'Lambda function']
const strengths: readonly Strength[] = ['observed', 'declared', 'observed', 'inferred']
const verdictOf: Readonly<Record<string, Verdict>> = { b: 'breaks', s: 'steps', u: 'unknown', k: 'keeps' }

/** Small deterministic generator (mulberry32): the same world on every machine. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const system = (
  name: string,
  tier: number | null,
  team: string | null,
  owner: string | null,
): BlastReply['systems'][number] => ({
  id: idOf(`system ${name}`),
  name,
  kind: 'system',
  tier,
  team,
  owner,
})
const unattributed: BlastReply['systems'][number] = {
  id: null,
  name: 'Unattributed use',
  kind: 'unattributed',
  tier: null,
  team: null,
  owner: null,
}

function named(world: string, n: number, sys: number, band: number, verdict: Verdict): WorldDependent {
  const base = workloads[n % workloads.length]!
  return {
    id: idOf(`${world} dependent ${n}`),
    name: n < workloads.length ? base : `${base}-${n}`,
    title: titles[n % titles.length]!,
    sys,
    band,
    verdict,
    strength: strengths[n % strengths.length]!,
  }
}

function stdWorld(): Pick<World, 'systems' | 'dependents'> {
  const dependents: WorldDependent[] = []
  stdSystems.forEach((line, sys) => {
    line.slice(4).forEach((letters, band) => {
      for (const letter of letters as string)
        dependents.push(named('std', dependents.length, sys, band, verdictOf[letter]!))
    })
  })
  const systems = [...stdSystems.map(([name, tier, team, owner]) => system(name, tier, team, owner)), unattributed]
  for (const _ of 'uu')
    dependents.push({
      ...named('std', dependents.length, systems.length - 1, 0, 'unknown'),
      name: `203.0.113.${dependents.length}`,
      title: 'Source address',
    })
  return { systems, dependents }
}

/** Many dependants over many systems; most tiers are low, so that they fold. */
function manyWorld(name: WorldName, count: number, systemCount: number): Pick<World, 'systems' | 'dependents'> {
  const next = random(count)
  const known = stdSystems.map(([title, tier, team, owner]) => system(title, tier, team, owner))
  const systems = Array.from(
    { length: systemCount },
    (_, i) =>
      known[i] ?? system(`Service ${i}`, 3 + (i % 2), `Team ${i % 17}`, i % 5 === 0 ? null : `Lead of team ${i % 17}`),
  )
  systems.push(unattributed)
  const verdicts: readonly Verdict[] = ['breaks', 'steps', 'steps', 'unknown']
  const dependents = Array.from({ length: count }, (_, n) => {
    const band = Math.floor(next() * next() * 6.2) % 6
    const sys = Math.floor(next() * next() * systems.length)
    const verdict = band === 5 ? 'keeps' : verdicts[Math.floor(next() * 4)]!
    return named(name, n, sys, band, sys === systems.length - 1 ? 'unknown' : verdict)
  })
  return {
    systems,
    dependents: dependents.map((one) =>
      one.sys === systems.length - 1 ? { ...one, band: Math.min(one.band, 4) } : one,
    ),
  }
}

/** Names that try to be markup, script, another direction, or invisible. */
export const hostileNames = [
  '<img src=x onerror="globalThis.pwned=1">',
  '<script>globalThis.pwned=1</script>',
  '"><svg/onload=globalThis.pwned=1>',
  '${globalThis.pwned=1}',
  'javascript:globalThis.pwned=1',
  "'; DROP TABLE systems; --",
  '=HYPERLINK("https://example.invalid";"x")',
  '\u202Egnp.exe\u202C invoice',
  'pay\u200Bments\u0000\u0007\u001b[31m',
  '__proto__',
  'A'.repeat(10_000),
  '\uD800 lone surrogate',
  '[click](javascript:globalThis.pwned=1)',
]

function hostileWorld(): Pick<World, 'systems' | 'dependents'> {
  const systems = [
    ...hostileNames.map((name, i) => system(name, 1 + (i % 3), name, i % 2 === 0 ? name : null)),
    unattributed,
  ]
  const dependents = hostileNames.flatMap((name, sys) =>
    (['breaks', 'unknown', 'keeps'] as const).map((verdict, i) => ({
      ...named('hostile', sys * 3 + i, sys, verdict === 'keeps' ? 5 : (sys + i) % 5, verdict),
      name,
    })),
  )
  return { systems, dependents }
}

const shapes: Readonly<Record<WorldName, () => Pick<World, 'systems' | 'dependents'>>> = {
  tiny: () => ({
    systems: [system('Payments', 1, 'Pay Core', 'Head of Payments'), system('Reporting', 3, null, null)],
    dependents: [named('tiny', 0, 0, 0, 'breaks'), named('tiny', 1, 1, 3, 'steps'), named('tiny', 2, 1, 5, 'keeps')],
  }),
  std: stdWorld,
  big: () => manyWorld('big', 10_000, 160),
  huge: () => manyWorld('huge', 100_000, 420),
  hostile: hostileWorld,
  stale: () => {
    const { systems, dependents } = stdWorld()
    return { systems, dependents: dependents.filter((one) => one.verdict === 'keeps' || one.verdict === 'steps') }
  },
  unseen: () => ({ systems: [], dependents: [] }),
  empty: () => ({ systems: [], dependents: [] }),
}

const source = (title: string, complete = true) => ({
  id: idOf(title),
  title,
  at: WORLD_AT,
  nature: 'snapshot',
  complete,
  blindTo: complete ? [] : ['use of a key outside AWS'],
})

function coverageOf(name: WorldName): Coverage {
  const sources = [
    source('AWS IAM, prod-main'),
    source('CloudTrail, prod-main', false),
    source('Kubernetes, eu-1'),
    source('Vault audit log'),
  ]
  if (name !== 'stale' && name !== 'unseen') {
    return {
      state: 'complete',
      sentence: '93 % of the uses of 30 days are attributed to a workload.',
      missing: [],
      sources,
    }
  }
  const missing = [
    { source: 'Vault audit log', why: 'its newest record is 23 days old', collect: 'vault audit list -format=json' },
  ]
  return {
    state: 'stale',
    sentence: 'The Vault audit log is 23 days old; what began to use the key since is not seen.',
    missing,
    sources,
  }
}

const hostileOr = (name: WorldName, text: string): string => (name === 'hostile' ? hostileNames[0]! : text)

/** A whole fictional answer of the given size, from a fixed seed. */
export function worldOf(name: WorldName): World {
  const empty = name === 'empty'
  const { systems, dependents } = shapes[name]()
  const subjectName = name === 'hostile' ? hostileNames[1]! : 'AKIA7QEXAMPLE0000QK7'
  return {
    name,
    snapshot: {
      id: empty ? 'empty' : `${name}-1`,
      at: empty ? null : WORLD_AT,
      sample: name === 'std',
      entities: empty ? 0 : 12_408,
      relationships: empty ? 0 : 44_930,
      sources: empty ? 0 : 6,
    },
    subject: {
      id: idOf(`${name} subject`),
      kind: 'aws.access_key',
      title: 'AWS access key',
      role: 'credential',
      name: subjectName,
      where: hostileOr(name, 'prod-main / svc-billing-export'),
      facts: [
        { label: 'Of', value: hostileOr(name, 'svc-billing-export') },
        { label: 'Created', value: '2025-10-04', at: '2025-10-04T09:00:00.000Z' },
      ],
      owner: hostileOr(name, 'FinOps lead'),
      lastUsedAt: '2026-11-20T03:58:00.000Z',
    },
    bands,
    systems,
    dependents,
    coverage: coverageOf(name),
    unknowns: dependents.some((one) => one.verdict === 'unknown')
      ? [
          {
            reason: 'Called from 203.0.113.7; no workload owns this address',
            settles: 'VPC flow logs or the DHCP leases of that day',
            count: 6,
          },
          { reason: 'Vendor range, no contract names it', settles: 'Ask the vendor contact of Supply', count: 3 },
          {
            reason: 'Jenkins (on-prem) was last imported 9 days ago',
            settles: 'A fresh export of the Jenkins credentials',
            count: 2,
          },
        ]
      : [],
    steps: dependents.some((one) => one.verdict === 'steps')
      ? [
          {
            id: 's1',
            title: 'Update the GitHub environment secret',
            detail: 'billing-export / production',
            settles: 16,
            confirmed: true,
            who: 'Release manager',
          },
          {
            id: 's2',
            title: 'Add a second key, roll it through Vault',
            detail: 'kv/prod/billing, then External Secrets',
            settles: 10,
            confirmed: true,
            who: 'FinOps lead',
          },
          {
            id: 's3',
            title: 'Restart 9 workloads after the roll',
            detail: 'secrets injected as environment are read at start',
            settles: 9,
            confirmed: false,
            who: 'SRE on call',
          },
          {
            id: 's4',
            title: 'Rebuild image base-2026.10 without the key',
            detail: 'hard-coded in /etc/billing.env',
            settles: 9,
            confirmed: false,
          },
        ]
      : [],
    notes:
      name === 'tiny' || empty
        ? []
        : [
            {
              kind: 'survivor',
              text: '2 STS sessions issued before the change live on, the longest for 58 min.',
              count: 2,
            },
            { kind: 'lost-redundancy', text: 'Checkout keeps working on its fallback and has none left.', count: 1 },
            { kind: 'assumed', text: 'Deactivation reaches all regions within 5 min (assumed).' },
          ],
  }
}

/** One dependant as `items` lists it. */
export function dependentOf(world: World, one: WorldDependent): Dependent {
  const band = world.bands[one.band]!
  const start = [0, 60, 900, 3_600, 86_400, 0][one.band]!
  return {
    id: one.id,
    kind: 'k8s.deployment',
    title: one.title,
    role: 'workload',
    name: one.name,
    where: 'eu-1 / billing',
    sys: one.sys,
    system: world.systems[one.sys]!.name,
    band: band.id,
    verdict: one.verdict,
    certain: one.verdict === 'breaks' ? [start, null] : null,
    possible: one.verdict === 'keeps' ? null : [start, null],
    degraded: false,
    why:
      one.verdict === 'keeps'
        ? 'Uses the second key of the same user.'
        : 'Reads the key from billing/aws-creds and has no other.',
    strength: one.strength,
    owner: world.systems[one.sys]!.owner,
    steps: one.verdict === 'steps' ? ['s1'] : [],
  }
}
