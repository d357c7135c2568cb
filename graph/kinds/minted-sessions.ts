import type { Client } from './clients.ts'
import type { EntityKind } from './entity-kinds.ts'
import type { Mark } from './marks.ts'

export interface MintedRow {
  /** Seconds that what is made from it usually lives, and at most; `null`: set by the operator, no limit known. */
  readonly usual: number
  readonly most: number | null
  /** Who holds and renews it, where the platform itself does. */
  readonly client?: Client
  /** Property of the credential, or of the identity it proves, that says the longest life in seconds. */
  readonly said?: string
  readonly mark: Mark
}

const entra: MintedRow = { usual: 4500, most: 5400, mark: 'S' }
const awsRole: MintedRow = { usual: 3600, most: 43_200, said: 'maxSessionSeconds', mark: 'S' }
const vaultToken: MintedRow = { usual: 2_764_800, most: 2_764_800, said: 'maxTtlSeconds', mark: 'S' }

/**
 * What is made from a credential or by an identity, and lives on when only the making is refused (effect `mint`).
 * Source: change-semantics.md 2.2, 3.1, 3.4, 4.2, 5.1, 6.1, 7.2, 10.1, 11.1 and 13.8.
 */
export const mintedSessions: Partial<Record<EntityKind, MintedRow>> = {
  'aws.irsa_oidc_token': awsRole,
  'aws.identity_provider_or_trust_anchor': awsRole,
  'aws.iam_role': awsRole,
  'aws.rds_iam_token': { usual: 900, most: 900, mark: 'S' },
  'aws.ecr_token': { usual: 43_200, most: 43_200, mark: 'S' },
  'entra.client_secret': entra,
  'entra.client_certificate': entra,
  'entra.federated_credential': entra,
  // With continuous evaluation tokens run for up to 28 hours unless the event ends them, which not all resources hear.
  'entra.service_principal': { usual: 4500, most: 100_800, mark: 'S' },
  'azure.managed_identity': { usual: 86_400, most: 86_400, mark: 'S' },
  'gcp.service_account_key': { usual: 3600, most: 43_200, mark: 'S' },
  'gcp.workload_identity_provider': { usual: 3600, most: 43_200, mark: 'S' },
  'gcp.workload_identity_pool': { usual: 3600, most: 43_200, mark: 'S' },
  'vault.approle_secret_id': vaultToken,
  'vault.role': vaultToken,
  'github.app_private_key': { usual: 3600, most: 3600, mark: 'S' },
  'oauth.refresh_token': { usual: 3600, most: null, mark: 'A' },
  'mcp.oauth_grant': { usual: 3600, most: null, mark: 'A' },
  'kerberos.keytab_or_service_password': { usual: 86_400, most: 604_800, mark: 'A' },
  'ad.gmsa': { usual: 2_592_000, most: 2_592_000, mark: 'A' },
  'vault.cloud_lease_key': { usual: 3600, most: 43_200, mark: 'D' },
  'spiffe.x509_svid': { usual: 3600, most: null, client: 'spire', said: 'ttlSeconds', mark: 'S' },
}
