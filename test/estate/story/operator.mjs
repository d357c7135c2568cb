import { addVaultRead, owned, relate, say } from '../book.mjs'
import { cluster, vault } from '../company.mjs'

/** The sync operator of the cluster as Vault's audit log knows it. */
const operator = `vault:${vault}/client/kubernetes-${cluster}-external-secrets@10.20.4.0/24`

/** External Secrets reads a path, as the audit device writes it. */
export function operatorReads(book, at, path) {
  addVaultRead(book, {
    at,
    mount: `auth/kubernetes-${cluster}/`,
    role: 'external-secrets',
    policies: ['external-secrets'],
    path,
    address: '10.20.4.17',
    displayName: `kubernetes-${cluster}-external-secrets`,
    entityId: '0e5a1000-0000-4000-a000-000000000001',
    metadata: {
      role: 'external-secrets',
      service_account_name: 'external-secrets',
      service_account_namespace: 'platform',
    },
  })
}

/** It passes values on and uses none; what it reads again it has within the hour. */
export function operatorOnlyPasses(book, secret) {
  say(book, operator, 'vault.client', { name: 'External Secrets (prod-eu)', note: 'platform runbook' })
  owned(book, operator, 'Site Reliability')
  relate(book, 'USES_SECRET', operator, secret, {
    delivery: 'operator_sync',
    pickup: [0, 3600],
    session: [0, null],
    note: 'passes the value on; signs nothing with it',
  })
}
