import type { Mark } from '../kinds/marks.ts'

/** A check on the workload's own path. Source: change-semantics.md 13.6; `…` stands for what only its owner knows. */
export interface CheckRow {
  /** Begins of the kinds of credentials or identities. */
  readonly kinds: readonly string[]
  readonly family: string
  readonly run: string
  readonly proves: string
  readonly provesNot: string
  readonly mark: Mark
}

/** The first row whose begin fits a kind is its check, so the narrower ones come first. */
export const checkRows: readonly CheckRow[] = [
  {
    kinds: ['aws.iam_role', 'aws.sts_', 'aws.eks_', 'aws.irsa_'],
    family: 'attached role (EC2, ECS, EKS, Lambda)',
    run: 'env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY aws sts get-caller-identity  # compare the ARN, then make its real call',
    proves: 'the attached way is the one in use',
    provesNot: 'that no static key is left as a fallback',
    mark: 'A',
  },
  {
    kinds: ['aws.secretsmanager_secret', 'aws.ssm_'],
    family: 'AWS secret',
    run: 'aws secretsmanager describe-secret --secret-id …  # the version it has loaded has to be AWSCURRENT',
    proves: 'which version is current',
    provesNot: 'that the application loaded it',
    mark: 'A',
  },
  {
    kinds: ['aws.'],
    family: 'AWS key',
    run: 'aws sts get-caller-identity && aws s3api head-object …  # its real call, in its Region',
    proves: 'who it is, and the permission of that call',
    provesNot: 'other Regions, resource policies, grants of KMS',
    mark: 'A',
  },
  {
    kinds: ['azure.managed_identity', 'entra.', 'azure.'],
    family: 'Entra application or managed identity',
    run: 'az account get-access-token --resource …  # by its own way of signing in; read roles and exp, then call ARM or Graph',
    proves: 'the new secret, and its claims',
    provesNot: 'old tokens, in use until exp',
    mark: 'A',
  },
  {
    kinds: ['gcp.'],
    family: 'Google Cloud',
    run: 'gcloud auth print-access-token --credential-file-override=… && …  # then its real call',
    proves: 'the exchange and the permission',
    provesNot: 'tokens minted earlier',
    mark: 'A',
  },
  {
    kinds: ['vault.'],
    family: 'Vault',
    run: 'vault token lookup-self && vault token capabilities …',
    proves: 'the token, the time it has left, its policy',
    provesNot: 'that the application loaded the rendered file',
    mark: 'A',
  },
  {
    kinds: ['k8s.'],
    family: 'Kubernetes',
    run: 'kubectl auth whoami  # in the pod, with the mounted token; then kubectl auth can-i VERB RESOURCE',
    proves: 'rights, and the way of the token',
    provesNot: 'federation to the outside',
    mark: 'A',
  },
  {
    kinds: ['github.actions_', 'gitlab.ci_'],
    family: 'secret of a CI system',
    run: '# run the job again in its dry-run mode, newly queued',
    proves: 'that the value is read when the run is queued or the job starts',
    provesNot: 'scheduled jobs on other branches',
    mark: 'A',
  },
  {
    kinds: ['github.', 'gitlab.'],
    family: 'GitHub, GitLab',
    run: 'git ls-remote …  # or: gh api rate_limit',
    proves: 'that the token is valid',
    provesNot: 'its scopes in other repositories',
    mark: 'A',
  },
  {
    kinds: ['db.', 'kafka.'],
    family: 'database or broker',
    run: '# a new connection as the user with its own pool settings and TLS mode, one statement on its own object; then recycle the pool',
    proves: 'login and grants',
    provesNot: 'live sessions of other replicas',
    mark: 'L',
  },
  {
    kinds: ['tls.', 'ca.'],
    family: 'TLS',
    run: 'openssl s_client -connect … -verify_return_error </dev/null | openssl x509 -noout -serial -issuer -enddate',
    proves: 'the chain, and that it was loaded again',
    provesNot: 'clients that pin, or trust something else',
    mark: 'A',
  },
  {
    kinds: ['ssh.'],
    family: 'SSH',
    run: 'ssh -o IdentitiesOnly=yes -i … user@host true',
    proves: 'that the key is accepted',
    provesNot: 'open sessions, agents that hold the old key',
    mark: 'L',
  },
  {
    kinds: ['kerberos.', 'ad.'],
    family: 'Kerberos',
    run: 'kinit -kt … principal && kvno service/host',
    proves: 'that the keytab fits the directory',
    provesNot: 'cached tickets',
    mark: 'A',
  },
  {
    kinds: ['spiffe.'],
    family: 'SPIFFE',
    run: 'spire-agent api fetch x509 -socketPath …  # its expiry and trust domain',
    proves: 'issuance',
    provesNot: 'the bundles of its peers',
    mark: 'A',
  },
  {
    kinds: ['oauth.', 'mcp.', 'jwt.'],
    family: 'OAuth, MCP',
    run: '# a token request, then one call of the API or tool; introspection where there is one',
    proves: 'that the grant works',
    provesNot: 'servers that check tokens by themselves',
    mark: 'A',
  },
  {
    kinds: [''],
    family: 'any other credential',
    run: '# its real call with the new value, from where it runs',
    proves: 'that this call works',
    provesNot: 'its other calls, and other holders',
    mark: 'A',
  },
]

export function checkOf(kind: string): CheckRow {
  return checkRows.find((row) => row.kinds.some((begin) => kind.startsWith(begin)))!
}
