import type { Mark } from '../kinds/marks.ts'

/** What shows after a change that something was refused. Source: change-semantics.md 13.7; rows it lacks have mark A. */
export interface SignalRow {
  /** Begins of the kinds of credentials, places or workloads that it is about. */
  readonly kinds: readonly string[]
  readonly where: string
  readonly signal: string
  readonly means: string
  readonly mark: Mark
  /** What such a line holds, for searching logs of programs. */
  readonly codes: readonly string[]
}

export const signalRows: readonly SignalRow[] = [
  {
    kinds: ['aws.iam_access_key', 'aws.sts_', 'aws.iam_'],
    where: 'AWS: the caller’s own log; CloudTrail where the service records it',
    signal: 'InvalidClientTokenId (403); of S3 InvalidAccessKeyId',
    means: 'the key is disabled or deleted',
    mark: 'S2',
    codes: ['InvalidClientTokenId', 'InvalidAccessKeyId'],
  },
  {
    kinds: ['aws.'],
    where: 'CloudTrail, errorCode',
    signal: 'AccessDenied, AccessDeniedException, Client.UnauthorizedOperation',
    means: 'a permission is gone; calls that fail to authenticate may be missing here',
    mark: 'A',
    codes: ['AccessDenied', 'UnauthorizedOperation'],
  },
  {
    kinds: ['aws.iam_', 'aws.sts_', 'aws.irsa_', 'aws.eks_'],
    where: 'AWS: the caller’s own log',
    signal:
      'ExpiredToken, ExpiredTokenException; “Refreshing temporary credentials failed during advisory refresh period”',
    means: 'what it refreshes from is gone; the second comes about five minutes before the first',
    mark: 'A',
    codes: ['ExpiredToken', 'Refreshing temporary credentials failed'],
  },
  {
    kinds: ['aws.secretsmanager_secret', 'aws.kms_key'],
    where: 'CloudTrail; CloudWatch alarm on access to what is pending deletion',
    signal: 'DisabledException, KMSInvalidStateException, KMSDisabledException; ResourceNotFoundException',
    means: 'a forgotten consumer',
    mark: 'S',
    codes: ['KMSInvalidStateException', 'DisabledException'],
  },
  {
    kinds: ['entra.', 'azure.'],
    where: 'Entra: sign-in log of service principals',
    signal: '7000215, 7000222, 700016, 7000112, 700027, 70021; the old servicePrincipalCredentialKeyId still there',
    means: 'wrong, expired, deleted or disabled; a consumer that was not moved',
    mark: 'S2',
    codes: ['AADSTS7000215', 'AADSTS7000222', 'AADSTS700016', 'AADSTS7000112', 'AADSTS700027', 'AADSTS70021'],
  },
  {
    kinds: ['gcp.'],
    where: 'Google Cloud: the caller’s own log; audit log, serviceAccountKeyName',
    signal: 'invalid_grant: Invalid JWT Signature; authentication with the old key id',
    means: 'the key is disabled or deleted; a consumer that was not moved',
    mark: 'S2',
    codes: ['invalid_grant', 'Invalid JWT Signature'],
  },
  {
    kinds: ['vault.'],
    where: 'Vault: audit log and the agent’s log',
    signal: '403 permission denied',
    means: 'the token or its policy is gone',
    mark: 'S',
    codes: ['permission denied'],
  },
  {
    kinds: ['k8s.'],
    where: 'Kubernetes: API audit log, events of ExternalSecrets',
    signal: '401; annotation authentication.k8s.io/stale-token; SecretSyncedError',
    means: 'the token is refused; the client does not load a new one; the store cannot be read',
    mark: 'S',
    codes: ['Unauthorized', 'SecretSyncedError', 'CreateContainerConfigError'],
  },
  {
    kinds: ['github.', 'gitlab.'],
    where: 'GitHub, GitLab: the caller’s own log; audit log',
    signal: '401 Bad credentials (GitHub), 401 Unauthorized (GitLab); oauth_authorization.destroy',
    means: 'the token is gone',
    mark: 'S2',
    codes: ['Bad credentials', 'HTTP Basic: Access denied'],
  },
  {
    kinds: ['db.postgres_', 'vault.db_'],
    where: 'PostgreSQL log, SQLSTATE',
    signal: '28P01, 28000, 42501, 42704, 57P01, 53300',
    means: 'password, login barred, right missing, role dropped, session ended, connection limit',
    mark: 'L',
    codes: ['28P01', '28000', 'password authentication failed', 'is not permitted to log in'],
  },
  {
    kinds: ['db.mysql_'],
    where: 'MySQL, MariaDB: error number',
    signal: '1045, 4151, 1142, 1820',
    means: 'password, account locked, right missing, password expired',
    mark: 'L',
    codes: ['ERROR 1045', 'Access denied for user'],
  },
  {
    kinds: ['db.redis_'],
    where: 'Redis: the client’s own log',
    signal: 'WRONGPASS, NOPERM, closed connection',
    means: 'password or user off, rights, user deleted',
    mark: 'L',
    codes: ['WRONGPASS', 'NOPERM'],
  },
  {
    kinds: ['db.mssql_'],
    where: 'SQL Server: error log',
    signal: 'error 18456, with its state',
    means: 'the login failed: password, disabled, locked',
    mark: 'A',
    codes: ['Login failed for user'],
  },
  {
    kinds: ['db.oracle_'],
    where: 'Oracle: the client’s own log, unified audit trail',
    signal: 'ORA-01017, ORA-28000, ORA-28001',
    means: 'wrong password, account locked, password expired',
    mark: 'A',
    codes: ['ORA-01017', 'ORA-28000', 'ORA-28001'],
  },
  {
    kinds: ['kafka.'],
    where: 'Kafka: the client’s own log, and the broker’s',
    signal: 'SaslAuthenticationException; “Failed authentication with”',
    means: 'the credential is refused at the next connection or re-authentication',
    mark: 'A',
    codes: ['SaslAuthenticationException', 'Failed authentication with'],
  },
  {
    kinds: ['ssh.'],
    where: 'SSH: log of the server',
    signal: 'Failed publickey; Authentication key … revoked by file',
    means: 'the key or certificate is refused',
    mark: 'L',
    codes: ['Failed publickey', 'revoked by file'],
  },
  {
    kinds: ['tls.', 'ca.', 'spiffe.'],
    where: 'TLS: log of the client',
    signal: 'CERT_HAS_EXPIRED, CERT_REVOKED (Node.js); certificate has expired',
    means: 'expired; revoked, where the client looks at a list',
    mark: 'L',
    codes: ['CERT_HAS_EXPIRED', 'certificate has expired', 'CERT_REVOKED'],
  },
  {
    kinds: ['oauth.', 'mcp.', 'jwt.', 'generic.api_key', 'hcp_terraform.'],
    where: 'token endpoint and API: the caller’s own log',
    signal: 'invalid_grant, invalid_client; 401',
    means: 'the grant or the secret is gone',
    mark: 'A',
    codes: ['invalid_grant', 'invalid_client', '401 Unauthorized'],
  },
  {
    kinds: ['kerberos.', 'ad.'],
    where: 'directory: security log of the domain controllers',
    signal: 'events 4771, 4768, 4769, 4740',
    means: 'pre-authentication failed; an account was locked out',
    mark: 'A',
    codes: ['4771', '4740'],
  },
  {
    kinds: ['db.', 'ad.', 'kerberos.', 'generic.password'],
    where: 'wherever logins are counted',
    signal: 'failures rising from one source, with the old value',
    means: 'a hidden hard-coded consumer: stop before it locks the account',
    mark: 'A',
    codes: [],
  },
]

/** Signals about any of these kinds, in the order of the table. */
export function signalsOf(kinds: Iterable<string>): SignalRow[] {
  const all = [...kinds]
  return signalRows.filter((row) => row.kinds.some((begin) => all.some((kind) => kind.startsWith(begin))))
}
