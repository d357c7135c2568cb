import { describe, expect, it } from 'vitest'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { idOf } from '../ids.ts'
import { startMerge } from '../merge.ts'
import { buildEstate } from '../estate/build.ts'
import type { Estate } from '../estate/estate.ts'
import type { Operation } from '../wire.ts'
import { answerBlast } from './blast.ts'
import { ringsAmong } from './rings.ts'

const NOW = '2026-11-20T04:00:00Z'
const seen = [{ source: 'bundle', kind: 'declared' as const }]

function estateOf(entities: EntityFact[], relationships: RelationshipFact[]): Estate {
  const merge = startMerge()
  entities.forEach(merge.entity)
  relationships.forEach((one) => merge.relationship({ evidence: seen, ...one }))
  const about = { importer: 'bundle', importerTitle: 'bundle', nature: 'snapshot' as const, complete: true, at: NOW }
  const scope = { ...about, scope: 'bundle:x', title: 'x', files: [], blindTo: [], facts: merge.finish() }
  return buildEstate([scope], { id: 'test', at: NOW, sample: false })
}

const notes = (estate: Estate, key: string, op: Operation) =>
  new Map(answerBlast(estate, idOf(key), { op }, NOW).notes.map(({ kind, text }) => [kind, text]))

const password: EntityFact = { id: 'password', kind: 'db.postgres_password', name: 'shop' }
const vault: EntityFact = { id: 'vault', kind: 'vault.kv2_secret', name: 'secret/shop' }
const copy: EntityFact = { id: 'copy', kind: 'k8s.secret_object', name: 'shop/db' }
const app = (id: string): EntityFact => ({ id, role: 'workload', name: id })

describe('what the spans do not say', () => {
  it('a ring of hard needs may not come back by itself', () => {
    const estate = estateOf(
      [password, app('login'), app('ledger')],
      [
        { kind: 'USES_CREDENTIAL', from: 'ledger', to: 'password', delivery: 'env_at_start' },
        { kind: 'DEPENDS_ON', from: 'login', to: 'ledger' },
        { kind: 'DEPENDS_ON', from: 'ledger', to: 'login' },
      ],
    )
    expect(notes(estate, 'password', 'revoke').get('cycle')).toContain('ledger, login need each other')
  })

  it('a forgotten copy that retries the old password may lock the account', () => {
    const estate = estateOf(
      [password, vault, app('forgotten')],
      [
        { kind: 'HOLDS', from: 'vault', to: 'password' },
        { kind: 'USES_CREDENTIAL', from: 'forgotten', to: 'password', delivery: 'hardcoded' },
      ],
    )
    expect(notes(estate, 'password', 'rotate').get('lockout')).toContain('forgotten')
    expect(notes(estate, 'password', 'revoke').has('lockout')).toBe(false)
  })

  it('another way that nothing shows in use was never tried', () => {
    const ways = (kind: 'declared' | 'observed'): RelationshipFact[] => [
      { kind: 'USES_CREDENTIAL', from: 'api', to: 'password', need: 'login' },
      { kind: 'USES_CREDENTIAL', from: 'api', to: 'spare', need: 'login', evidence: [{ source: 'bundle', kind }] },
    ]
    const things = [password, { ...password, id: 'spare', name: 'spare' }, app('api')]
    expect(notes(estateOf(things, ways('declared')), 'password', 'revoke').get('untested-fallback')).toContain('spare')
    expect(notes(estateOf(things, ways('observed')), 'password', 'revoke').has('untested-fallback')).toBe(false)
  })

  it('a copy that a sync fills overwrites what is put there by hand', () => {
    const estate = estateOf(
      [password, vault, copy, app('api')],
      [
        { kind: 'HOLDS', from: 'vault', to: 'password' },
        { kind: 'HOLDS', from: 'copy', to: 'password' },
        { kind: 'SYNCED_FROM', from: 'copy', to: 'vault', delivery: 'operator_sync' },
        { kind: 'USES_SECRET', from: 'api', to: 'copy', delivery: 'env_at_start' },
      ],
    )
    expect(notes(estate, 'password', 'rotate').get('overwritten')).toContain('shop/db')
  })

  it('a value that no vault holds reaches nobody through one', () => {
    const estate = estateOf(
      [password, copy, app('api')],
      [
        { kind: 'HOLDS', from: 'copy', to: 'password' },
        { kind: 'USES_SECRET', from: 'api', to: 'copy', delivery: 'env_at_start' },
      ],
    )
    expect(notes(estate, 'password', 'enforce-vault').get('not-held')).toContain('No vault')
    expect(notes(estate, 'password', 'rotate').has('not-held')).toBe(false)
  })

  it('a pool fails one connection after the other', () => {
    const estate = estateOf(
      [password, app('api')],
      [{ kind: 'USES_CREDENTIAL', from: 'api', to: 'password', props: { poolSeconds: 1800 } }],
    )
    expect(notes(estate, 'password', 'revoke').get('partial')).toContain('all of them up to 30 min after')
  })

  it('rings are found in a long chain without running out of stack', () => {
    const many = Array.from({ length: 5000 }, (_, at) => app(`w${at}`))
    const chain = many.slice(1).map(({ id }, at): RelationshipFact => ({ kind: 'DEPENDS_ON', from: `w${at}`, to: id }))
    const estate = estateOf(many, [...chain, { kind: 'DEPENDS_ON', from: 'w4999', to: 'w4000' }])
    const all = estate.entities.map((_, index) => index)
    expect(ringsAmong(estate, all).map((ring) => ring.length)).toEqual([1000])
  })
})
