/**
 * Canonical keys: what two sources must agree on for a thing to be one thing. A key has a scheme before its first
 * colon. Where the platform has a global name (ARN), that is the key.
 */
export const keys = {
  awsAccessKey: (accessKeyId: string) => `aws:key:${accessKeyId}`,
  awsPassword: (userArn: string) => `aws:password:${userArn}`,
  awsAccount: (account: string) => `aws:account:${account}`,
  /** `arn:aws:iam::123456789012:role/path/name`; an assumed-role ARN is reduced to its role by the importer. */
  awsArn: (arn: string) => arn,
  awsService: (host: string) => `aws:service:${host}`,
  /** A service as one who acts: `lambda.amazonaws.com` in a trust. Its API as something used is `awsService`. */
  awsServicePrincipal: (host: string) => `aws:service-principal:${host}`,
  /** Whoever the account itself lets: what a trust in `arn:aws:iam::…:root` means. Not the root user. */
  awsPrincipalsOf: (account: string) => `aws:principals-of:${account}`,
  awsAnyone: () => 'aws:anyone',
  /** `AIDA…`, `AROA…`: all that is left of a principal that was deleted, or that another account's log shows. */
  awsPrincipalId: (uniqueId: string) => `aws:principal:${uniqueId}`,
  /** Who comes through an identity provider: its ARN (or host), and the subject it vouches for (`*`: any). */
  awsFederated: (provider: string, subject: string) => `aws:federated:${provider}|${subject}`,
  /** A key of which only the slot is known (the credential report names no key ids). `slot` is 1 or 2. */
  awsKeySlot: (userArn: string, slot: 1 | 2) => `aws:key-slot:${userArn}/${slot}`,
  /** The master user of an RDS instance or cluster, and that user's password. */
  awsRdsMaster: (databaseArn: string) => `aws:rds-master:${databaseArn}`,
  awsRdsMasterPassword: (databaseArn: string) => `aws:rds-master-password:${databaseArn}`,
  /** What runs as a role where a log shows the platform and no more: `ecs-tasks`, `codebuild`. */
  awsWorkloadsOf: (platform: string, roleArn: string) => `aws:${platform}-of:${roleArn}`,
  awsCertificateSlot: (userArn: string, slot: 1 | 2) => `aws:certificate-slot:${userArn}/${slot}`,
  /** The policy that belongs to a thing itself: of a secret, a key, a bucket. */
  awsResourcePolicy: (arn: string) => `${arn}/resource-policy`,
  awsOrganization: (id: string) => `aws:organization:${id}`,
  /** A unit (`ou-…`) or the root (`r-…`) of an organization. */
  awsOrganizationalUnit: (id: string) => `aws:organizational-unit:${id}`,
  /** Who comes with a certificate of IAM Roles Anywhere: by its trust anchor and the subject in it (`*`: any). */
  awsCertificateSubject: (trustAnchor: string, subject: string) => `aws:certificate-subject:${trustAnchor}|${subject}`,
  /** An unattributed caller: the credential it used, its network and its kind of client. */
  caller: (subjectKey: string, network: string, agent: string) => `caller:${subjectKey}|${network}|${agent}`,

  k8sCluster: (cluster: string) => `k8s:${cluster}`,
  k8sNamespace: (cluster: string, namespace: string) => `k8s:${cluster}/ns/${namespace}`,
  /** `type` in lower case, singular, as kubectl says it: `deployment`, `secret`, `serviceaccount`. */
  k8s: (cluster: string, namespace: string, type: string, name: string) =>
    `k8s:${cluster}/${namespace}/${type}/${name}`,

  /** The token that a service account has for good, whichever secret it stands in: rotating it makes another secret. */
  k8sAccountToken: (cluster: string, namespace: string, account: string) =>
    `k8s:${cluster}/${namespace}/serviceaccount/${account}#token`,
  /** The token that stands in one secret. */
  k8sSecretToken: (cluster: string, namespace: string, secret: string) =>
    `k8s:${cluster}/${namespace}/secret/${secret}#token`,

  /** `address` is `vault` where the log does not say which one: set it with `--scope`. */
  vaultServer: (address: string) => `vault:${address}`,
  /** The API path without `data/` or `metadata/` of KV v2: `secret/payments/db`. */
  vaultSecret: (address: string, path: string) => `vault:${address}/secret/${path}`,
  vaultRole: (address: string, mount: string, role: string) => `vault:${address}/role/${mount}${role}`,
  vaultEntity: (address: string, entityId: string) => `vault:${address}/entity/${entityId}`,
  vaultSecretId: (address: string, accessor: string) => `vault:${address}/secret-id/${accessor}`,
  /** What somebody keeps to log in with, where no accessor tells one from the other: all SecretIDs of a role, a user's password. */
  vaultLogin: (address: string, method: string, mount: string, owner: string) =>
    `vault:${address}/${method}/${mount}${owner}`,
  vaultToken: (address: string, accessor: string) => `vault:${address}/token/${accessor}`,
  /** `secret/`, `auth/kubernetes/`. */
  vaultMount: (address: string, path: string) => `vault:${address}/mount/${path}`,
  vaultPolicy: (address: string, name: string) => `vault:${address}/policy/${name}`,
  /** Whom an issuer vouches for at an auth mount: `repo:acme/shop:*`. */
  vaultSubject: (address: string, mount: string, subject: string) => `vault:${address}/subject/${mount}|${subject}`,
  vaultGroup: (address: string, groupId: string) => `vault:${address}/group/${groupId}`,
  /** Whatever credential a path holds or hands out; of a role that makes them, its leases as one thing. */
  vaultCredential: (secretKey: string, what: 'lease' | 'password' | 'root' | 'key' | 'issuer') =>
    `${secretKey}#${what}`,

  githubOrganization: (owner: string) => `github:${owner.toLowerCase()}`,
  githubRepository: (repository: string) => `github:${repository.toLowerCase()}`,
  githubWorkflow: (repository: string, file: string) => `github:${repository.toLowerCase()}/workflow/${file}`,
  githubJob: (repository: string, file: string, job: string) =>
    `github:${repository.toLowerCase()}/workflow/${file}#${job}`,
  /** Names of GitHub secrets compare without case. */
  githubRepositorySecret: (repository: string, name: string) =>
    `github:${repository.toLowerCase()}/secret/${name.toUpperCase()}`,
  githubEnvironmentSecret: (repository: string, environment: string, name: string) =>
    `github:${repository.toLowerCase()}/environment/${environment.toLowerCase()}/secret/${name.toUpperCase()}`,
  /** Everything `secrets` holds for the workflows of a repository: `secrets: inherit`, `toJSON(secrets)`. */
  githubSecretScope: (repository: string) => `github:${repository.toLowerCase()}/secrets`,
  githubEnvironment: (repository: string, environment: string) =>
    `github:${repository.toLowerCase()}/environment/${environment.toLowerCase()}`,
  /** `GITHUB_TOKEN`: made anew for each job, here as one thing. */
  githubActionsToken: (repository: string) => `github:${repository.toLowerCase()}/actions-token`,
  githubOrganizationSecret: (owner: string, name: string) =>
    `github:${owner.toLowerCase()}/secret/${name.toUpperCase()}`,

  /** Dependabot and Codespaces keep secrets of their own; `place` is `owner` or `owner/name`. */
  githubDependabotSecret: (place: string, name: string) =>
    `github:${place.toLowerCase()}/dependabot/secret/${name.toUpperCase()}`,
  githubCodespacesSecret: (place: string, name: string) =>
    `github:${place.toLowerCase()}/codespaces/secret/${name.toUpperCase()}`,
  githubDeployKey: (repository: string, id: string) => `github:${repository.toLowerCase()}/deploy-key/${id}`,
  /** A key pair by the fingerprint of its public half (`SHA256:…`), wherever it is authorized. */
  sshKey: (fingerprint: string) => `ssh:key:${fingerprint}`,
  githubWebhookSecret: (place: string, id: string) => `github:${place.toLowerCase()}/webhook/${id}`,
  /** A token by the number GitHub gave it, as listings and the audit log call it. */
  githubToken: (tokenId: string) => `github:token/${tokenId}`,
  /** A token of which the audit log knows only the hash that GitHub writes. */
  githubTokenHash: (hash: string) => `github:token-hash/${hash}`,
  githubApp: (slug: string) => `github:app/${slug.toLowerCase()}`,
  /** The private keys of an App, of which no listing says how many there are. */
  githubAppKeys: (slug: string) => `github:app/${slug.toLowerCase()}/private-keys`,
  githubUser: (login: string) => `github:user/${login.toLowerCase()}`,
  githubRunner: (place: string, id: string) => `github:${place.toLowerCase()}/runner/${id}`,
  githubRunnerGroup: (owner: string, id: string) => `github:${owner.toLowerCase()}/runner-group/${id}`,
  githubAlert: (repository: string, number: string) => `github:${repository.toLowerCase()}/secret-scanning/${number}`,

  /** A state by its lineage, which stays; without one by the name of its file. */
  terraformState: (lineage: string) => `tfstate:${lineage}`,
  /** A folder of configuration, by the name its tree has (`--scope`) and its path in it: what states are made from. */
  terraformFolder: (tree: string, path: string) => `terraform:${tree}/${path}`,
  /** What Terraform made up itself (a password, a private key), or what its configuration alone names. */
  terraformValue: (stateKey: string, address: string) => `${stateKey}#${address}`,
  /** What a template of CloudFormation alone names: the stack it became, or the template, and its logical id in there. */
  cloudformation: (stackOrTemplate: string, logicalId: string) => `cfn:${stackOrTemplate}#${logicalId}`,
  gcpServiceAccountKey: (email: string, keyId: string) => `gcp:sa-key:${email}/${keyId}`,
  /** `projects/shop/secrets/db`. */
  gcpSecret: (path: string) => `gcp:secret:${path}`,
  entraClientSecret: (keyId: string) => `entra:client-secret:${keyId.toLowerCase()}`,

  circleciWorkflow: (repository: string, workflow: string) =>
    `circleci:${repository.toLowerCase()}/workflow/${workflow}`,
  circleciJob: (repository: string, job: string) => `circleci:${repository.toLowerCase()}/job/${job}`,
  /** Contexts belong to the organization and are shared by its projects. */
  circleciContext: (owner: string, context: string) => `circleci:${owner.toLowerCase()}/context/${context}`,
  /** `place` is the key of a context or of the variables of a project. */
  circleciVariable: (place: string, name: string) => `${place}/variable/${name}`,
  circleciProjectVariables: (repository: string) => `circleci:${repository.toLowerCase()}/variables`,

  /** `resource:default/orders-db`, as a catalog names what is neither system nor team. */
  catalogEntity: (ref: string) => `catalog:${ref}`,

  system: (name: string) => `system:${name.toLowerCase()}`,
  team: (name: string) => `team:${name.toLowerCase()}`,
  vendor: (name: string) => `vendor:${name.toLowerCase()}`,
} as const
