import { describe, expect, it } from 'vitest'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { idOf } from '../ids.ts'
import { keys } from '../keys.ts'
import { startMerge } from '../merge.ts'
import { buildEstate } from './build.ts'
import { vaultClients, vaultUnderTwoAddresses, vaultWithoutAddress } from './vault-joins.ts'

const [plain, named] = ['vault', 'vault.example.com']
const mount = (address: string, accessor?: string): EntityFact => ({
  id: keys.vaultMount(address, 'auth/kubernetes/'),
  kind: 'vault.mount',
  ...(accessor === undefined ? {} : { props: { accessor } }),
})
const secret = (address: string): EntityFact => ({
  id: keys.vaultSecret(address, 'secret/a'),
  kind: 'vault.kv2_secret',
})
const server = (address: string): EntityFact => ({ id: keys.vaultServer(address), kind: 'vault.server' })

function factsOf(entities: readonly EntityFact[], relationships: readonly RelationshipFact[] = []) {
  const merge = startMerge()
  entities.forEach(merge.entity)
  relationships.forEach(merge.relationship)
  return merge.finish()
}
function estateOf(entities: readonly EntityFact[], relationships: readonly RelationshipFact[] = []) {
  const scope = {
    scope: 's',
    title: 's',
    importer: 'bundle',
    importerTitle: 'b',
    nature: 'snapshot',
    complete: false,
  } as const
  const rest = { at: '2026-01-01T00:00:00Z', files: [], blindTo: [], facts: factsOf(entities, relationships) }
  return buildEstate([{ ...scope, ...rest }], { id: 'x', at: null, sample: false })
}

describe('one Vault under two names', () => {
  it('is one where mounts have the same accessor', () => {
    const both = [plain, named].flatMap((address) => [server(address), mount(address, 'auth_k_1'), secret(address)])
    const estate = estateOf(both)
    expect(estate.indexOf.has(idOf(secret(plain).id))).toBe(false)
    expect(estate.indexOf.has(idOf(secret(named).id))).toBe(true)
  })

  it('stays two where both have an address: one may be restored from the other, and their readers are not the same', () => {
    const copy = 'vault.staging.example.com'
    const both = [named, copy].flatMap((address) => [server(address), mount(address, 'auth_k_1'), secret(address)])
    expect(estateOf(both).indexOf.has(idOf(secret(copy).id))).toBe(true)
    expect([...vaultUnderTwoAddresses(factsOf(both))].map(({ from, to }) => [from, to])).toContainEqual([
      secret(copy).id,
      secret(named).id,
    ])
    // A log without an address is then of either.
    const log = [server(plain), mount(plain, 'auth_k_1'), secret(plain)]
    expect(estateOf([...both, ...log]).indexOf.has(idOf(secret(plain).id))).toBe(true)
  })

  it('stays two where they have not', () => {
    const both = [
      server(plain),
      mount(plain, 'auth_k_1'),
      secret(plain),
      server(named),
      mount(named, 'auth_k_2'),
      secret(named),
    ]
    expect(estateOf(both).indexOf.has(idOf(secret(plain).id))).toBe(true)
  })

  it('is suggested where one export has no address and one Vault is known', () => {
    const both = [plain, named].flatMap((address) => [server(address), secret(address)])
    expect([...vaultWithoutAddress(factsOf(both))].map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['SAME', keys.vaultServer(plain), keys.vaultServer(named)],
      ['SAME', secret(plain).id, secret(named).id],
    ])
    const three = [...both, server('other.example.com')]
    expect([...vaultWithoutAddress(factsOf(three))]).toEqual([])
  })
})

describe('a client that logged in as a service account', () => {
  const account = (cluster: string, uid?: string): EntityFact => ({
    id: keys.k8s(cluster, 'shop', 'serviceaccount', 'api'),
    kind: 'k8s.service_account',
    ...(uid === undefined ? {} : { props: { uid } }),
  })
  const workload = (cluster: string): EntityFact => ({
    id: keys.k8s(cluster, 'shop', 'deployment', 'api'),
    kind: 'k8s.deployment',
  })
  const runs = (cluster: string): RelationshipFact => ({
    kind: 'RUNS_AS',
    from: workload(cluster).id,
    to: account(cluster).id,
  })
  const client: EntityFact = {
    id: 'vault:vault/client/x',
    kind: 'vault.client',
    props: { kubernetesServiceAccount: 'shop/api', kubernetesServiceAccountUid: 'uid-b' },
  }

  it('is possibly each workload that runs as it', () => {
    const facts = factsOf([client, account('a'), account('b'), workload('a'), workload('b')], [runs('a'), runs('b')])
    expect([...vaultClients(facts)].map(({ from }) => from).sort()).toEqual([workload('a').id, workload('b').id])
  })

  it('is of the account with the same uid where both sides say it', () => {
    const facts = factsOf(
      [client, account('a', 'uid-a'), account('b', 'uid-b'), workload('a'), workload('b')],
      [runs('a'), runs('b')],
    )
    expect([...vaultClients(facts)].map(({ from }) => from)).toEqual([workload('b').id])
  })

  it('counts as possible, and reaches a role that lets the account in', () => {
    const role: EntityFact = {
      id: keys.vaultRole(plain, 'auth/kubernetes/', 'shop'),
      kind: 'vault.role',
      props: { boundServiceAccounts: ['shop/api', 'shop/*'] },
    }
    const estate = estateOf([client, account('a'), workload('a'), role], [runs('a')])
    const of = (kind: string) =>
      estate.relationships.filter((one) => one.kind === kind).map(({ confidence }) => confidence)
    expect(of('DEPENDS_ON')).toEqual(['possible'])
    expect(of('ASSUMES')).toEqual(['none'])
  })
})
