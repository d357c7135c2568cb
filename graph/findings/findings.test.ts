import { describe, expect, it } from 'vitest'
import { buildEstate } from '../estate/build.ts'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { idOf } from '../ids.ts'
import { startMerge } from '../merge.ts'
import { controls } from './controls.ts'
import { findings } from './registry.ts'
import { sceneOf } from './scene.ts'

const NOW = '2026-11-20T04:00:00Z'
const KEY = 'aws:key:AKIAEXAMPLE000000001'
const USER = 'arn:aws:iam::111122223333:user/export'
const declared = [{ source: 'test', kind: 'declared' as const }]
const asserted = [{ source: 'test', kind: 'asserted' as const }]
const daysAgo = (days: number): string => new Date(Date.parse(NOW) - days * 86_400_000).toISOString()

interface Estate {
  readonly props?: EntityFact['props']
  readonly without?: readonly string[]
  readonly user?: Partial<EntityFact>
  readonly entities?: readonly EntityFact[]
  readonly relationships?: readonly RelationshipFact[]
}

/** Findings on one key: young, in use, owned, unless a case says otherwise. */
function found({ props = {}, without = [], user = {}, entities = [], relationships = [] }: Estate): string[] {
  const merge = startMerge()
  const calm = { createdAt: daysAgo(20), lastUsedAt: daysAgo(1), owner: 'Payments', expiresAt: daysAgo(-90) }
  const told = Object.fromEntries(Object.entries({ ...calm, ...props }).filter(([name]) => !without.includes(name)))
  merge.entity({ id: KEY, kind: 'aws.iam_access_key', props: told, evidence: declared })
  merge.entity({ id: USER, kind: 'aws.iam_user', name: 'export', props: {}, evidence: declared, ...user })
  merge.relationship({ kind: 'AUTHENTICATES_AS', from: KEY, to: USER, evidence: declared })
  entities.forEach(merge.entity)
  relationships.forEach((one) => merge.relationship({ evidence: declared, ...one }))
  const scope = {
    ...{
      scope: 'bundle:test',
      title: 'Test',
      importer: 'bundle',
      importerTitle: 'Bundle',
      nature: 'asserted' as const,
    },
    ...{ complete: true, at: NOW, files: [], blindTo: [] },
  }
  const estate = buildEstate([{ ...scope, facts: merge.finish() }], { id: 'x', at: NOW, sample: false })
  const scene = sceneOf(estate, estate.indexOf.get(idOf(KEY))!, NOW)
  return findings.filter((finding) => finding.look(scene) !== null).map(({ id }) => id)
}

const vault: EntityFact = { id: 'vault:v/secret/a', kind: 'vault.kv2_secret', name: 'secret/a' }
const copy: EntityFact = { id: 'k8s:p/n/secret/a', kind: 'k8s.secret_object', name: 'a' }
const app: EntityFact = { id: 'w:app', kind: 'k8s.deployment', name: 'app' }
const nightly: EntityFact = { id: 'w:nightly', kind: 'k8s.cron_job', name: 'copy-orders' }
const system = (name: string): EntityFact => ({ id: `system:${name}`, kind: 'business.system', name })
const holds = (from: string): RelationshipFact => ({ kind: 'HOLDS', from, to: KEY })
const uses = (from: string, more: Partial<RelationshipFact> = {}): RelationshipFact => ({
  ...{ kind: 'USES_CREDENTIAL', from, to: KEY },
  ...more,
})
const serves = (name: string, by: string): RelationshipFact => ({ kind: 'DEPENDS_ON', from: `system:${name}`, to: by })
const rights = ['a', 'b', 'c', 'd'].map((name): RelationshipFact => ({
  kind: 'CAN_ACCESS',
  from: USER,
  to: `r:${name}`,
}))

describe('findings', () => {
  it('are silent about a key that is young, in use, owned, ends, and rotates', () => {
    expect(found({ entities: [app], relationships: [uses('w:app')] })).toEqual([])
  })

  const cases: readonly (readonly [string, Estate])[] = [
    ['unowned', { props: { owner: '' } }],
    ['orphaned', { entities: [{ id: 'team:other', kind: 'business.team', name: 'Other', evidence: asserted }] }],
    [
      'shared',
      {
        entities: [app, nightly, system('a'), system('b')],
        relationships: [uses('w:app'), uses('w:nightly'), serves('a', 'w:app'), serves('b', 'w:nightly')],
      },
    ],
    ['standing-privilege', { user: { props: { policies: ['arn:aws:iam::aws:policy/AdministratorAccess'] } } }],
    ['stale', { props: { lastUsedAt: daysAgo(120) } }],
    ['never-rotated', { props: { createdAt: daysAgo(400) } }],
    ['expiring', { props: { expiresAt: daysAgo(-9) } }],
    ['no-expiry', { without: ['expiresAt'] }],
    ['hard-coded', { entities: [app], relationships: [uses('w:app', { delivery: 'hardcoded' })] }],
    ['forgotten-copy', { entities: [vault, copy], relationships: [holds(vault.id), holds(copy.id)] }],
    [
      'unattributed-use',
      { entities: [{ id: 'caller:x', kind: 'caller', name: 'somebody' }], relationships: [uses('caller:x')] },
    ],
    [
      'over-entitled',
      {
        relationships: [
          ...rights,
          { kind: 'CAN_ACCESS', from: USER, to: 'r:e', evidence: [{ source: 'log', kind: 'observed' }] },
        ],
      },
    ],
    ['break-glass', { props: { breakGlass: true, lastUsedAt: daysAgo(3) } }],
    ['break-glass', { props: { breakGlass: true, lastUsedAt: daysAgo(300), lastTestedAt: daysAgo(300) } }],
    [
      'vendor-without-contact',
      {
        entities: [{ id: 'vendor:v', kind: 'business.vendor', name: 'Paperplane EDI' }],
        relationships: [{ kind: 'SUPPLIED_BY', from: KEY, to: 'vendor:v' }],
      },
    ],
    ['outside-lifecycle', { entities: [nightly], relationships: [uses('w:nightly')] }],
    [
      'agent-standing-secret',
      { entities: [{ id: 'agent:a', kind: 'ai.agent', name: 'helper' }], relationships: [uses('agent:a')] },
    ],
    ['vaulted-not-governed', { entities: [vault, copy], relationships: [holds(vault.id), holds(copy.id)] }],
  ]
  it.each(cases)('say %s', (id, estate) => expect(found(estate)).toContain(id))

  it('each has a case above, a reason to act, and controls that exist', () => {
    expect([...new Set(cases.map(([id]) => id))].sort()).toEqual(findings.map(({ id }) => id).sort())
    for (const { controls: ids, todo } of findings) {
      expect(ids.length).toBeGreaterThan(0)
      expect(ids.every((id) => Object.hasOwn(controls, id))).toBe(true)
      expect(todo).not.toBe('')
    }
  })

  it('do not call a break-glass key stale or a standing privilege', () => {
    const glass = found({
      props: { breakGlass: true, lastUsedAt: daysAgo(300), lastTestedAt: daysAgo(10) },
      user: { props: { policies: ['AdministratorAccess'] } },
    })
    expect(glass).not.toContain('stale')
    expect(glass).not.toContain('standing-privilege')
    expect(glass).not.toContain('break-glass')
  })

  it('do not claim more rights than use where no log shows any use', () => {
    expect(found({ relationships: rights })).not.toContain('over-entitled')
  })
})
