import { describe, expect, it } from 'vitest'
import { buildEstate, type EstateScope } from '../estate/build.ts'
import type { EntityFact } from '../facts.ts'
import { startMerge } from '../merge.ts'
import { answerSources } from './sources.ts'

const NOW = '2026-11-20T04:00:00.000Z'

function scope(name: string, entities: readonly EntityFact[], more: Partial<EstateScope> = {}): EstateScope {
  const merge = startMerge()
  for (const entity of entities) merge.entity(entity)
  return {
    scope: name,
    title: name,
    importer: name.slice(0, name.indexOf(':')),
    importerTitle: 'IAM',
    nature: 'snapshot',
    complete: true,
    at: NOW,
    files: [],
    blindTo: [],
    facts: merge.finish(),
    ...more,
  }
}

const account = (id: string): EntityFact => ({ id: `aws:account:${id}`, kind: 'aws.account', name: id })
const user: EntityFact = { id: 'arn:aws:iam::111111111111:user/export', kind: 'aws.iam_user', name: 'export' }
const key: EntityFact = { id: 'vault:v/transit/app', kind: 'vault.transit_key', name: 'app' }
const estateOf = (...scopes: readonly EstateScope[]) => buildEstate(scopes, { id: 's', at: NOW, sample: false })

describe('what answers stand on', () => {
  it('counts the accounts that a source is of among those that are named', () => {
    const estate = estateOf(
      scope('aws-authorization-details:aws/111111111111', [account('111111111111'), account('222222222222'), user]),
    )
    expect(answerSources(estate, NOW).reach).toEqual([
      { what: 'AWS accounts', seen: 1, of: 2, missing: ['222222222222'] },
    ])
  })

  it('names the import that most credentials wait for, and stops naming it when it is there', () => {
    const without = answerSources(estateOf(scope('vault-config:vault/v', [key])), NOW)
    expect(without.blindSpots?.[0]).toMatchObject({ source: expect.stringContaining('a Vault audit log'), count: 1 })
    const log = scope('vault-audit:vault/v', [], { nature: 'snapshot' })
    const withIt = answerSources(estateOf(scope('vault-config:vault/v', [key]), log), NOW)
    expect(withIt.blindSpots).toEqual([])
  })

  it('says of a stale source how many credentials it caps, and of a fresh one none', () => {
    const old = scope('vault-audit:vault/v', [], { nature: 'snapshot', at: '2026-10-01T00:00:00.000Z' })
    const { sources } = answerSources(estateOf(scope('vault-config:vault/v', [key]), old), NOW)
    expect(sources.find(({ importer }) => importer === 'vault-audit')).toMatchObject({
      stale: true,
      caps: 1,
      capsWhy: 'it is older than a week',
    })
    expect(sources.find(({ importer }) => importer === 'vault-config')).toMatchObject({ caps: 0 })
  })
})
