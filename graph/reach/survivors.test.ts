import { describe, expect, it } from 'vitest'
import { changeKinds } from '../kinds/change-kinds.ts'
import { entityKinds, type EntityKind } from '../kinds/entity-kinds.ts'
import { estateOf, indexIn, NOW } from './estate.test-data.ts'
import { minted } from './minted.ts'
import { survivorsOf } from './survivors.ts'

const alone = (kind: EntityKind) => {
  const estate = estateOf([{ id: 'it', kind }], [])
  return { estate, it: indexIn(estate, 'it') }
}
const whatSurvives = (kind: EntityKind, op: 'revoke' | 'disable' = 'revoke') => {
  const { estate, it } = alone(kind)
  return survivorsOf(estate, it, op, NOW)
}

describe('what lives on after a revoke', () => {
  it('role sessions of an access key: twelve hours at most, cut by denying older sessions', () => {
    const [roles, own] = whatSurvives('aws.iam_access_key')
    expect(roles).toMatchObject({ until: '2026-11-20T16:00:00Z', exact: false, mark: 'S' })
    expect(roles!.cut).toContain('AWSRevokeOlderSessions')
    expect(own).toMatchObject({ until: '2026-11-21T16:00:00Z' })
  })

  it('a session that the estate knows, until it really ends, and none that has ended', () => {
    const estate = estateOf(
      [
        { id: 'key', kind: 'aws.iam_access_key' },
        { id: 'live', kind: 'aws.sts_role_session', props: { expiresAt: '2026-11-20T05:00:00Z' } },
        { id: 'over', kind: 'aws.sts_role_session', props: { expiresAt: '2026-11-20T03:00:00Z' } },
      ],
      [
        { kind: 'ISSUED_BY', from: 'live', to: 'key' },
        { kind: 'ISSUED_BY', from: 'over', to: 'key' },
      ],
    )
    const found = survivorsOf(estate, indexIn(estate, 'key'), 'disable', NOW)
    expect(found.filter(({ session }) => session !== undefined)).toMatchObject([
      { what: 'live', until: '2026-11-20T05:00:00Z', exact: true },
    ])
  })

  it('nothing where the platform ends everything; the credential itself where it can’t be revoked', () => {
    expect(whatSurvives('vault.service_token')).toEqual([])
    expect(whatSurvives('github.pat')).toEqual([])
    expect(whatSurvives('k8s.client_certificate')).toMatchObject([{ what: 'the credential itself', until: null }])
  })

  it('open connections of a database have no known end', () => {
    expect(whatSurvives('db.postgres_password')).toMatchObject([{ what: 'open connections', until: null, mark: 'L' }])
  })

  it('every credential kind whose sessions survive, by the table, has a survivor', () => {
    for (const [kind, row] of Object.entries(changeKinds))
      if (row.role === 'credential' && row.survives === 'true' && row.effects.revoke.codes[0] !== 'cut')
        expect([kind, whatSurvives(kind as EntityKind).length]).not.toEqual([kind, 0])
    expect(whatSurvives('generic.password').length).toBe(1)
  })

  it('the table speaks of credentials alone', () => {
    for (const kind of Object.keys(minted) as (keyof typeof minted)[]) expect(entityKinds[kind].role).toBe('credential')
  })
})
