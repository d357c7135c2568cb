import type { Operation } from '../wire.ts'
import type { EntityKind } from './entity-kinds.ts'
import type { Mark } from './marks.ts'

/** What a person runs on the platform. We print it and never run it. Words in braces are filled in or left as they are. */
export interface PlatformCall {
  readonly run: readonly string[]
  /** The exact call that takes it back; `null`: nothing does. */
  readonly undo: string | null
  /** Until when it can be taken back, in words; absent with an `undo`: as long as nobody does more. */
  readonly until?: string
  readonly mark: Mark
  /** Sources of change-semantics.md 16.2. */
  readonly sources: readonly string[]
}

type Calls = Partial<Record<Operation, PlatformCall>>

const call = (
  run: string | readonly string[],
  undo: string | null,
  mark: Mark,
  sources: readonly string[] = [],
  until?: string,
): PlatformCall => ({
  run: typeof run === 'string' ? [run] : run,
  undo,
  mark,
  sources,
  ...(until !== undefined && { until }),
})

const awsKey = '--user-name {identity} --access-key-id {name}'
const awsUser = '--user-name {name}'
const detach = 'aws iam detach-{type}-policy --{type}-name {name} --policy-arn {POLICY_ARN}'
const denyAll = 'file://deny-all.json'

/** By kind and operation. Sources: the tables of change-semantics.md, sections 2 to 11. */
export const platformCalls: Partial<Record<EntityKind, Calls>> = {
  'aws.iam_access_key': {
    disable: call(
      `aws iam update-access-key ${awsKey} --status Inactive`,
      `aws iam update-access-key ${awsKey} --status Active`,
      'S',
      ['AWS-3'],
      'until it is deleted',
    ),
    revoke: call(`aws iam delete-access-key ${awsKey}`, null, 'S', ['AWS-3']),
    rotate: call(
      ['aws iam create-access-key --user-name {identity}', `aws iam update-access-key ${awsKey} --status Inactive`],
      `aws iam update-access-key ${awsKey} --status Active`,
      'S',
      ['AWS-3'],
      'until the old key is deleted',
    ),
    'rotate-in-place': call(
      [`aws iam delete-access-key ${awsKey}`, 'aws iam create-access-key --user-name {identity}'],
      null,
      'D',
      ['AWS-3'],
    ),
    reduce: call(
      'aws iam detach-user-policy --user-name {identity} --policy-arn {POLICY_ARN}',
      'aws iam attach-user-policy --user-name {identity} --policy-arn {POLICY_ARN}',
      'S',
      ['AWS-2'],
    ),
    'enforce-vault': call(
      `aws iam update-access-key ${awsKey} --status Inactive`,
      `aws iam update-access-key ${awsKey} --status Active`,
      'S',
      ['AWS-3'],
      'until it is deleted',
    ),
  },
  'aws.iam_user': {
    delete: call(`aws iam delete-user ${awsUser}`, null, 'S', ['AWS-4', 'AWS-10']),
    disable: call(
      `aws iam put-user-policy ${awsUser} --policy-name keyfall-deny --policy-document ${denyAll}`,
      `aws iam delete-user-policy ${awsUser} --policy-name keyfall-deny`,
      'S',
      ['AWS-2'],
    ),
    reduce: call(
      detach.replaceAll('{type}', 'user'),
      detach.replaceAll('{type}', 'user').replace('detach-', 'attach-'),
      'S',
      ['AWS-2'],
    ),
    offboard: call([`aws iam list-access-keys ${awsUser}`, `aws iam delete-user ${awsUser}`], null, 'S', ['AWS-4']),
  },
  'aws.iam_role': {
    delete: call('aws iam delete-role --role-name {name}', null, 'S', ['AWS-20', 'AWS-10']),
    disable: call(
      [
        `aws iam put-role-policy --role-name {name} --policy-name keyfall-deny --policy-document ${denyAll}`,
        'aws iam put-role-policy --role-name {name} --policy-name AWSRevokeOlderSessions --policy-document file://deny-older.json',
      ],
      'aws iam delete-role-policy --role-name {name} --policy-name keyfall-deny',
      'S',
      ['AWS-18', 'AWS-20'],
    ),
    reduce: call(
      detach.replaceAll('{type}', 'role'),
      detach.replaceAll('{type}', 'role').replace('detach-', 'attach-'),
      'S',
      ['AWS-2'],
    ),
    distrust: call(
      'aws iam update-assume-role-policy --role-name {name} --policy-document file://trust-without.json',
      'aws iam update-assume-role-policy --role-name {name} --policy-document file://trust-before.json',
      'D',
      ['AWS-2'],
      'while the former document is kept',
    ),
  },
  'aws.sts_role_session': {
    revoke: call(
      'aws iam put-role-policy --role-name {identity} --policy-name AWSRevokeOlderSessions --policy-document file://deny-older.json',
      'aws iam delete-role-policy --role-name {identity} --policy-name AWSRevokeOlderSessions',
      'S',
      ['AWS-18'],
    ),
  },
  'aws.iam_policy': {
    reduce: call(
      'aws iam detach-role-policy --role-name {ROLE} --policy-arn {key}',
      'aws iam attach-role-policy --role-name {ROLE} --policy-arn {key}',
      'S',
      ['AWS-2'],
    ),
    delete: call('aws iam delete-policy --policy-arn {key}', null, 'A', ['AWS-2']),
  },
  'aws.identity_provider_or_trust_anchor': {
    delete: call(
      'aws iam delete-open-id-connect-provider --open-id-connect-provider-arn {key}',
      'aws iam create-open-id-connect-provider --url {URL} --client-id-list {AUDIENCE}',
      'A',
      ['AWS-2'],
    ),
    disable: call(
      'aws rolesanywhere disable-trust-anchor --trust-anchor-id {name}',
      'aws rolesanywhere enable-trust-anchor --trust-anchor-id {name}',
      'S',
      ['AWS-13'],
    ),
  },
  'aws.eks_pod_identity_association': {
    revoke: call(
      'aws eks delete-pod-identity-association --cluster-name {cluster} --association-id {name}',
      'aws eks create-pod-identity-association --cluster-name {cluster} --namespace {namespace} --service-account {SERVICE_ACCOUNT} --role-arn {ROLE_ARN}',
      'S',
      ['AWS-19'],
    ),
  },
  'aws.secretsmanager_secret': {
    delete: call(
      'aws secretsmanager delete-secret --secret-id {key} --recovery-window-in-days 30',
      'aws secretsmanager restore-secret --secret-id {key}',
      'S',
      ['AWS-28'],
      'for 7 to 30 days; never with --force-delete-without-recovery',
    ),
    disable: call(
      'aws secretsmanager put-resource-policy --secret-id {key} --resource-policy file://deny.json',
      'aws secretsmanager delete-resource-policy --secret-id {key}',
      'D',
      ['AWS-28'],
    ),
  },
  'aws.ssm_parameter': { delete: call('aws ssm delete-parameter --name {name}', null, 'A') },
  'aws.kms_key': {
    disable: call('aws kms disable-key --key-id {key}', 'aws kms enable-key --key-id {key}', 'S', ['AWS-35']),
    delete: call(
      'aws kms schedule-key-deletion --key-id {key} --pending-window-in-days 30',
      'aws kms cancel-key-deletion --key-id {key}, then aws kms enable-key --key-id {key}',
      'S',
      ['AWS-35'],
      'for 7 to 30 days; after that what it encrypted is lost for good',
    ),
  },
  'entra.client_secret': {
    revoke: call('az ad app credential delete --id {APP_ID} --key-id {name}', null, 'S', ['AZ-1']),
    rotate: call(
      [
        'az ad app credential reset --id {APP_ID} --append',
        'az ad app credential delete --id {APP_ID} --key-id {name}',
      ],
      'go back to the old secret',
      'S',
      ['AZ-1'],
      'until the old secret is removed',
    ),
    'rotate-in-place': call('az ad app credential reset --id {APP_ID}', null, 'A', ['AZ-1']),
  },
  'entra.client_certificate': {
    revoke: call('az ad app credential delete --id {APP_ID} --key-id {name} --cert', null, 'S', ['AZ-1']),
  },
  'entra.federated_credential': {
    revoke: call(
      'az ad app federated-credential delete --id {APP_ID} --federated-credential-id {name}',
      'az ad app federated-credential create --id {APP_ID} --parameters credential.json',
      'D',
      ['AZ-5'],
    ),
  },
  'entra.service_principal': {
    disable: call(
      'az ad sp update --id {name} --set accountEnabled=false',
      'az ad sp update --id {name} --set accountEnabled=true',
      'A',
      ['AZ-6'],
    ),
    delete: call(
      'az ad sp delete --id {name}',
      'restore it from the deleted items of Microsoft Graph',
      'S',
      ['AZ-2'],
      'for 30 days',
    ),
  },
  'azure.managed_identity': {
    delete: call('az identity delete --ids {key}', null, 'S', ['AZ-13']),
    reduce: call(
      'az role assignment delete --assignee {name} --role {ROLE} --scope {SCOPE}',
      'az role assignment create --assignee {name} --role {ROLE} --scope {SCOPE}',
      'D',
      ['AZ-14'],
    ),
  },
  'azure.role_assignment': {
    delete: call(
      'az role assignment delete --ids {key}',
      'az role assignment create --assignee {ASSIGNEE} --role {ROLE} --scope {SCOPE}',
      'D',
      ['AZ-14'],
    ),
  },
  'azure.storage_account_key': {
    revoke: call('az storage account keys renew --account-name {ACCOUNT} --key {name}', null, 'A', ['AZ-15']),
    rotate: call('az storage account keys renew --account-name {ACCOUNT} --key {name}', null, 'A', ['AZ-15']),
  },
  'azure.keyvault_secret': {
    disable: call(
      'az keyvault secret set-attributes --id {key} --enabled false',
      'az keyvault secret set-attributes --id {key} --enabled true',
      'S',
      ['AZ-17'],
    ),
    delete: call(
      'az keyvault secret delete --id {key}',
      'az keyvault secret recover --id {key}',
      'S',
      ['AZ-18'],
      'for 7 to 90 days, unless purged',
    ),
  },
  'gcp.service_account_key': {
    disable: call(
      'gcloud iam service-accounts keys disable {name} --iam-account {identity}',
      'gcloud iam service-accounts keys enable {name} --iam-account {identity}',
      'S',
      ['GCP-2'],
      'until it is deleted',
    ),
    revoke: call('gcloud iam service-accounts keys delete {name} --iam-account {identity}', null, 'S', ['GCP-4']),
    rotate: call(
      [
        'gcloud iam service-accounts keys create {FILE} --iam-account {identity}',
        'gcloud iam service-accounts keys disable {name} --iam-account {identity}',
      ],
      'gcloud iam service-accounts keys enable {name} --iam-account {identity}',
      'S',
      ['GCP-2'],
      'until the old key is deleted',
    ),
  },
  'gcp.service_account': {
    disable: call('gcloud iam service-accounts disable {name}', 'gcloud iam service-accounts enable {name}', 'S', [
      'GCP-2',
    ]),
    delete: call(
      'gcloud iam service-accounts delete {name}',
      'gcloud iam service-accounts undelete {UNIQUE_ID}',
      'S',
      ['GCP-7'],
      'for 30 days, and it may not work',
    ),
  },
  'gcp.workload_identity_pool': {
    disable: call(
      'gcloud iam workload-identity-pools update {name} --location global --disabled',
      'gcloud iam workload-identity-pools update {name} --location global --no-disabled',
      'S2',
      ['GCP-8'],
    ),
    delete: call(
      'gcloud iam workload-identity-pools delete {name} --location global',
      'gcloud iam workload-identity-pools undelete {name} --location global',
      'S2',
      ['GCP-8'],
      'for about 30 days',
    ),
  },
  'gcp.workload_identity_provider': {
    disable: call(
      'gcloud iam workload-identity-pools providers update-oidc {name} --workload-identity-pool {POOL} --location global --disabled',
      'gcloud iam workload-identity-pools providers update-oidc {name} --workload-identity-pool {POOL} --location global --no-disabled',
      'S2',
      ['GCP-8'],
    ),
  },
  'gcp.secret_version': {
    disable: call(
      'gcloud secrets versions disable {name} --secret {SECRET}',
      'gcloud secrets versions enable {name} --secret {SECRET}',
      'D',
      ['GCP-11'],
    ),
    delete: call('gcloud secrets versions destroy {name} --secret {SECRET}', null, 'A', ['GCP-11']),
  },
  'k8s.service_account': {
    delete: call(
      'kubectl -n {namespace} delete serviceaccount {name}',
      'kubectl -n {namespace} create serviceaccount {name}',
      'S',
      ['K8S-1'],
      'its old tokens stay invalid: the pods have to start again',
    ),
    reduce: call('kubectl -n {namespace} delete rolebinding {BINDING}', 'kubectl apply -f binding.yaml', 'A'),
  },
  'k8s.sa_token_legacy_secret': {
    revoke: call('kubectl -n {namespace} delete secret {secretName}', null, 'S', ['K8S-5']),
  },
  'k8s.secret_object': {
    delete: call(
      'kubectl -n {namespace} delete secret {name}',
      'kubectl apply -f secret.yaml',
      'D',
      ['K8S-8'],
      'while its manifest is kept',
    ),
  },
  'k8s.rbac_binding': {
    delete: call('kubectl delete rolebinding {name}', 'kubectl apply -f binding.yaml', 'A'),
  },
  'k8s.client_certificate': {
    reduce: call('kubectl delete clusterrolebinding {BINDING}', 'kubectl apply -f binding.yaml', 'D', ['K8S-7']),
  },
  'vault.service_token': {
    revoke: call('vault token revoke -accessor {name}', null, 'S', ['VLT-2']),
  },
  'vault.approle_secret_id': {
    revoke: call(
      'vault write auth/approle/role/{identity}/secret-id-accessor/destroy secret_id_accessor={ACCESSOR}',
      null,
      'S',
      ['VLT-4'],
    ),
    rotate: call(
      [
        'vault write -f auth/approle/role/{identity}/secret-id',
        'vault write auth/approle/role/{identity}/secret-id-accessor/destroy secret_id_accessor={ACCESSOR}',
      ],
      'go back to the old SecretID',
      'S',
      ['VLT-4'],
      'until the old SecretID is destroyed',
    ),
  },
  'vault.role': { delete: call('vault delete {mount}role/{name}', 'write the role again', 'A', ['VLT-4']) },
  'vault.entity': {
    disable: call(
      'vault write identity/entity/name/{name} disabled=true',
      'vault write identity/entity/name/{name} disabled=false',
      'A',
    ),
  },
  'vault.kv2_secret': {
    disable: call(
      'vault kv delete {name}',
      'vault kv undelete -versions={VERSION} {name}',
      'S',
      ['VLT-5'],
      'until destroyed, or older than max-versions',
    ),
    delete: call('vault kv metadata delete {name}', null, 'S', ['VLT-5']),
  },
  'vault.db_dynamic_lease': { revoke: call('vault lease revoke {LEASE_ID}', null, 'S', ['VLT-9']) },
  'vault.server': { 'take-down': call('vault operator seal', 'vault operator unseal', 'A') },
  'github.pat': { revoke: call('revoke it in the settings of its owner, or of the organization', null, 'S', ['GH-1']) },
  'github.app_private_key': {
    revoke: call('delete the key in the settings of the App; at least one other has to be there', null, 'S', ['GH-2']),
  },
  'github.actions_secret': {
    delete: call(
      'gh secret delete {name} --repo {repository}',
      'gh secret set {name} --repo {repository}',
      'A',
      ['GH-4'],
      'while the value is known elsewhere',
    ),
  },
  'github.repository': { offboard: call('gh repo archive {name}', 'gh repo unarchive {name}', 'A') },
  'gitlab.access_token': {
    revoke: call('curl --request DELETE "$GITLAB/api/v4/personal_access_tokens/{name}"', null, 'S', ['GL-1']),
    'rotate-in-place': call('curl --request POST "$GITLAB/api/v4/personal_access_tokens/{name}/rotate"', null, 'S', [
      'GL-1',
    ]),
  },
  'db.postgres_password': {
    disable: call('ALTER ROLE {identity} NOLOGIN', 'ALTER ROLE {identity} LOGIN', 'L', ['LAB']),
    revoke: call(
      'ALTER ROLE {identity} PASSWORD NULL',
      'ALTER ROLE {identity} PASSWORD …',
      'L',
      ['LAB'],
      'while the old value is kept',
    ),
    rotate: call(
      'ALTER ROLE {identity} PASSWORD …',
      'ALTER ROLE {identity} PASSWORD …',
      'L',
      ['LAB'],
      'while the old value is kept',
    ),
    'rotate-users': call(
      ['CREATE ROLE {SECOND_USER} LOGIN IN ROLE {OWNER}', 'ALTER ROLE {identity} NOLOGIN'],
      'ALTER ROLE {identity} LOGIN',
      'D',
      ['LAB'],
    ),
  },
  'db.mysql_password': {
    disable: call('ALTER USER {identity} ACCOUNT LOCK', 'ALTER USER {identity} ACCOUNT UNLOCK', 'L', ['LAB']),
    rotate: call(
      'ALTER USER {identity} IDENTIFIED BY …',
      'ALTER USER {identity} IDENTIFIED BY …',
      'L',
      ['LAB'],
      'while the old value is kept',
    ),
    'rotate-users': call(
      'ALTER USER {identity} IDENTIFIED BY … RETAIN CURRENT PASSWORD',
      'ALTER USER {identity} DISCARD OLD PASSWORD',
      'S',
      ['DB-3'],
    ),
  },
  'db.mssql_login': { disable: call('ALTER LOGIN {identity} DISABLE', 'ALTER LOGIN {identity} ENABLE', 'S', ['DB-4']) },
  'db.oracle_password': {
    disable: call('ALTER USER {identity} ACCOUNT LOCK', 'ALTER USER {identity} ACCOUNT UNLOCK', 'A'),
  },
  'db.redis_acl_user': {
    disable: call('ACL SETUSER {identity} off', 'ACL SETUSER {identity} on', 'L', ['DB-6']),
    revoke: call(
      'ACL DELUSER {identity}',
      'ACL SETUSER {identity} …',
      'L',
      ['DB-6'],
      'while its rules and passwords are known',
    ),
    rotate: call(['ACL SETUSER {identity} >NEW', 'ACL SETUSER {identity} <OLD'], 'ACL SETUSER {identity} >OLD', 'S', [
      'DB-6',
    ]),
  },
  'ssh.authorized_key': {
    revoke: call('remove its line from authorized_keys', 'put the line back', 'L', ['LAB']),
    disable: call('add the key to the RevokedKeys file', 'remove it from the RevokedKeys file', 'L', ['SSH-1']),
  },
  'ca.issuer': {
    revoke: call('remove the CA from the trust stores', 'add it to the trust stores again', 'D', ['K8S-7']),
    rotate: call(
      ['add the new CA to every trust store', 'sign with it', 'remove the old CA'],
      'add the old CA again',
      'D',
    ),
  },
  'jwt.signing_key': {
    revoke: call(
      'remove the key from the published set',
      'publish the key again',
      'D',
      ['JWT-1'],
      'while the key is kept',
    ),
  },
  'spiffe.x509_svid': { disable: call('spire-server agent ban -spiffeID {name}', null, 'S', ['SP-1']) },
}
