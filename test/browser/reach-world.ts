import { answerReach } from '../../graph/answer/reach.ts'
import { answerTogether } from '../../graph/answer/reach-together.ts'
import type { TogetherQuery, TogetherReply } from '../../graph/wire-contain.ts'
import { buildEstate, type Estate } from '../../graph/estate/build.ts'
import type { EntityFact, RelationshipFact } from '../../graph/facts.ts'
import { startMerge } from '../../graph/merge.ts'
import type { ReachQuery, ReachReply } from '../../graph/wire.ts'
import { hostileNames, WORLD_AT } from './worlds.ts'

const declared = [{ source: 'aws-authorization-details', kind: 'declared' as const, file: 'auth-details.json' }]
const seen = (lastSeen: string) => [{ source: 'cloudtrail', kind: 'observed' as const, lastSeen }]
export const INTRUDER = '203.0.113.0/24'
export const SINCE = '2026-11-13T21:40:00Z'

type Line = readonly [RelationshipFact['kind'], from: string, to: string, usedAt?: string]

/** From the key over its roles, the secrets they read and what these open, to three crown jewels. */
const lines: readonly Line[] = [
  ['USES_CREDENTIAL', 'caller inside', 'std subject', '2026-11-12T03:00:00Z'],
  ['USES_CREDENTIAL', 'caller outside', 'std subject', '2026-11-17T03:12:00Z'],
  ['AUTHENTICATES_AS', 'std subject', 'svc-billing-export', '2026-11-17T03:12:00Z'],
  ['ASSUMES', 'svc-billing-export', 'data-lake-admin', '2026-11-17T03:12:00Z'],
  ['ASSUMES', 'svc-billing-export', 'billing-export-role', '2026-11-12T03:00:00Z'],
  ['ASSUMES', 'svc-billing-export', 'ci-artifacts-rw'],
  ['CAN_ACCESS', 'data-lake-admin', 'customer-pii'],
  ['CAN_ACCESS', 'billing-export-role', 'db-ledger-rw', '2026-11-18T01:00:00Z'],
  ['CAN_ACCESS', 'billing-export-role', 'gh-release-bot'],
  ['CAN_ACCESS', 'ci-artifacts-rw', 'gh-release-bot'],
  ['HOLDS', 'db-ledger-rw', 'ledger password'],
  ['AUTHENTICATES_AS', 'ledger password', 'ledger writer', '2026-11-18T01:05:00Z'],
  ['CAN_ACCESS', 'ledger writer', 'ledger-db', '2026-11-18T01:05:00Z'],
  ['HOLDS', 'gh-release-bot', 'release token'],
  ['AUTHENTICATES_AS', 'release token', 'release-bot'],
  ['CAN_ACCESS', 'release-bot', 'prod-deploy'],
  ['CAN_ACCESS', 'k8s ci runner', 'prod-deploy'],
  ['RUNS_AS', 'glue-nightly', 'data-lake-admin', '2026-11-19T02:00:00Z'],
  ['RUNS_AS', 'app-exporter', 'billing-export-role', '2026-11-19T02:00:00Z'],
  ['RUNS_AS', 'k8s ci jobs', 'k8s ci runner', '2026-11-19T02:00:00Z'],
  ['USES_SECRET', 'ledger-service', 'db-ledger-rw', '2026-11-19T02:00:00Z'],
  ['USES_SECRET', 'release-pipeline', 'gh-release-bot', '2026-11-19T02:00:00Z'],
]

const kinds: Readonly<Record<string, EntityFact['kind']>> = {
  'svc-billing-export': 'aws.iam_user',
  'data-lake-admin': 'aws.iam_role',
  'billing-export-role': 'aws.iam_role',
  'ci-artifacts-rw': 'aws.iam_role',
  'customer-pii': 'aws.s3_bucket',
  'ledger-db': 'aws.rds_instance',
  'db-ledger-rw': 'vault.kv2_secret',
  'gh-release-bot': 'aws.secretsmanager_secret',
  'ledger password': 'db.postgres_password',
  'ledger writer': 'db.user',
  'release token': 'generic.credential',
  'release-bot': 'github.user',
  'k8s ci runner': 'k8s.service_account',
  'glue-nightly': 'k8s.cron_job',
  'app-exporter': 'k8s.deployment',
  'k8s ci jobs': 'k8s.deployment',
  'ledger-service': 'k8s.deployment',
  'release-pipeline': 'github.workflow',
  'prod-deploy': 'generic.resource',
}
const jewels = new Set(['customer-pii', 'ledger-db', 'prod-deploy'])
const READ_ONLY_ROLES = 12
const MORE_SECRETS = 40
const USERS = 4

function facts(hostile: boolean): { entities: EntityFact[]; relationships: RelationshipFact[] } {
  const named = (name: string, at: number): string => (hostile ? hostileNames[at % hostileNames.length]! : name)
  const entities: EntityFact[] = [
    { id: 'std subject', kind: 'aws.iam_access_key', name: named('AKIAEXAMPLEBILLXPQK7', 0), evidence: declared },
    { id: 'caller inside', kind: 'caller', name: 'billing hosts', props: { network: '198.51.100.0/24' } },
    { id: 'caller outside', kind: 'caller', name: INTRUDER, props: { network: INTRUDER } },
    { id: 'alone', kind: 'aws.iam_access_key', name: 'AKIAEXAMPLEALONE', evidence: declared },
    ...Object.entries(kinds).map(([id, kind], at): EntityFact => ({
      ...{ id, kind: kind!, name: named(id, at + 1).slice(0, 1000), evidence: declared },
      ...(jewels.has(id) && { props: { crownJewel: true } }),
    })),
  ]
  const relationships = lines.map(([kind, from, to, usedAt]): RelationshipFact => ({
    ...{ kind, from, to, evidence: [...declared, ...(usedAt === undefined ? [] : seen(usedAt))] },
    ...(kind === 'USES_SECRET' && { delivery: 'env_at_start' as const }),
  }))
  for (let i = 0; i < USERS; i++) {
    entities.push({ id: `exporter ${i}`, kind: 'k8s.deployment', name: `exporter-${i}`, evidence: declared })
    relationships.push({
      ...{ kind: 'USES_CREDENTIAL', from: `exporter ${i}`, to: 'std subject', delivery: 'env_at_start' },
      evidence: declared,
    })
  }
  for (let i = 0; i < READ_ONLY_ROLES; i++) {
    entities.push({ id: `reader ${i}`, kind: 'aws.iam_role', name: `read-only-${i}`, evidence: declared })
    relationships.push({ kind: 'ASSUMES', from: 'svc-billing-export', to: `reader ${i}`, evidence: declared })
  }
  for (let i = 0; i < MORE_SECRETS; i++) {
    const id = `secret ${String(i).padStart(2, '0')}`
    entities.push({ id, kind: 'aws.secretsmanager_secret', name: `team/${id}`, evidence: declared })
    relationships.push({ kind: 'CAN_ACCESS', from: 'billing-export-role', to: id, evidence: declared })
    if (i >= 3) continue
    entities.push({ id: `token ${i}`, kind: 'generic.credential', name: `runner-token-${i}`, evidence: declared })
    relationships.push({ kind: 'HOLDS', from: id, to: `token ${i}`, evidence: declared })
    relationships.push({ kind: 'AUTHENTICATES_AS', from: `token ${i}`, to: 'k8s ci runner', evidence: declared })
  }
  return { entities, relationships }
}

function built(hostile: boolean): Estate {
  const merge = startMerge()
  const { entities, relationships } = facts(hostile)
  entities.forEach(merge.entity)
  relationships.forEach(merge.relationship)
  const scope = {
    ...{ scope: 'aws:111122223333', title: 'Account billing', importer: 'aws-authorization-details' },
    ...{ importerTitle: 'AWS account', nature: 'snapshot' as const, complete: true, at: WORLD_AT },
    ...{ files: [], blindTo: [], facts: merge.finish() },
  }
  return buildEstate([scope], { id: 'stub', at: WORLD_AT, sample: false })
}

const estates = new Map<boolean, Estate>()

/** The real answer over a small estate; `null`: no such thing is in it. */
export function reachOf(id: string, query: ReachQuery, hostile = false): ReachReply | null {
  const estate = estates.get(hostile) ?? built(hostile)
  estates.set(hostile, estate)
  return estate.indexOf.has(id) ? answerReach(estate, id, query, WORLD_AT) : null
}

/** What a set of actions does together, over the same estate. */
export function togetherOf(id: string, query: TogetherQuery, hostile = false): TogetherReply | null {
  const estate = estates.get(hostile) ?? built(hostile)
  estates.set(hostile, estate)
  return estate.indexOf.has(id) ? answerTogether(estate, id, query, WORLD_AT) : null
}
