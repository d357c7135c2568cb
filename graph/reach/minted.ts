import { changeKinds } from '../kinds/change-kinds.ts'
import type { EntityKind } from '../kinds/entity-kinds.ts'
import type { Mark } from '../kinds/marks.ts'

/** What a credential leaves behind: sessions, tokens and connections made from it before it was stopped. */
export interface Minted {
  readonly what: string
  /** Seconds that one can still live at most; `null`: no known end. */
  readonly longest: number | null
  /** What ends it earlier. */
  readonly cut: string
  readonly mark: Mark
  /** Section of change-semantics.md. */
  readonly section: string
}

const seconds = (ttl: number | string): number | null => (typeof ttl === 'number' ? ttl : null)

const awsSessions: Minted = {
  what: 'sessions of roles that it assumed',
  longest: seconds(changeKinds['aws.sts_role_session'].maxTtl),
  cut: 'on each of those roles the deny-older-sessions policy (AWSRevokeOlderSessions: deny all where aws:TokenIssueTime is before now)',
  mark: 'S',
  section: '2.2',
}
const entraTokens: Minted = {
  what: 'access tokens',
  longest: seconds(changeKinds['entra.access_token'].maxTtl),
  cut: 'they cannot be revoked; remove the role assignments, or disable the service principal where the resource checks continuously',
  mark: 'S',
  section: '3.1',
}
const connections = (section: string, cut: string, mark: Mark): Minted => ({
  what: 'open connections',
  longest: null,
  cut,
  mark,
  section,
})

/** Kinds of which the platform's own way of ending what is left is known; others get what their effect says. */
export const minted: Partial<Record<EntityKind, readonly Minted[]>> = {
  'aws.iam_access_key': [
    awsSessions,
    {
      what: 'temporary credentials of the user itself (GetSessionToken, GetFederationToken)',
      longest: seconds(changeKinds['aws.sts_session_token'].maxTtl),
      cut: 'on the user a policy that denies all where aws:TokenIssueTime is before now',
      mark: 'S',
      section: '2.2',
    },
  ],
  'aws.irsa_oidc_token': [awsSessions],
  'entra.client_secret': [entraTokens],
  'entra.client_certificate': [entraTokens],
  'entra.federated_credential': [entraTokens],
  'gcp.service_account_key': [
    {
      what: 'access tokens',
      longest: seconds(changeKinds['gcp.access_token'].maxTtl),
      cut: 'disable the service account',
      mark: 'S',
      section: '4.2',
    },
  ],
  'vault.approle_secret_id': [
    {
      what: 'Vault tokens from logins with it',
      longest: seconds(changeKinds['vault.service_token'].maxTtl),
      cut: 'revoke the tokens of the AppRole mount (lease revoke -prefix auth/approle/login), which ends its other logins too',
      mark: 'D',
      section: '6.2',
    },
  ],
  'vault.cloud_lease_key': [awsSessions],
  'github.app_private_key': [
    {
      what: 'installation tokens',
      longest: seconds(changeKinds['github.app_installation_token'].maxTtl),
      cut: 'suspend the installation of the App',
      mark: 'A',
      section: '7.2',
    },
  ],
  'db.postgres_password': [connections('8.1', 'pg_terminate_backend on the sessions of that role', 'L')],
  'db.mysql_password': [connections('8.2', 'KILL the sessions of that user', 'A')],
  'db.mssql_login': [connections('8.3', 'KILL the sessions of that login', 'S')],
  'db.redis_acl_user': [connections('8.5', 'ACL DELUSER, or reset its rules: the next command is refused', 'L')],
  'kafka.sasl_credential': [connections('8.6', 'restart the listeners, or set connections.max.reauth.ms', 'S2')],
  'ssh.authorized_key': [connections('9.3', 'end its sshd sessions on the host', 'L')],
  'ssh.user_certificate': [connections('9.3', 'end its sshd sessions on the host', 'L')],
  'tls.certificate': [connections('9.1', 'restart the peers, with the revocation list loaded', 'L')],
  'kerberos.keytab_or_service_password': [
    {
      what: 'tickets',
      longest: 604_800,
      cut: 'change krbtgt, twice in AD: it ends every ticket',
      mark: 'A',
      section: '10.1',
    },
  ],
  'spiffe.x509_svid': [connections('11.1', 'remove the authority from the bundle and close the connections', 'D')],
}
