/**
 * What shared modules make, for those whose source is not among the files. A row stands in for the module: a short
 * description, in the language of modules, of the credentials it makes and where it writes them, in our own words.
 * Nothing here is run; it is read by the same code as the files. To know another module is to add a row.
 *
 * `keyfall_rotation` says which input makes a new value (`by`), what it is now (`value`), whether the module offers any
 * way to rotate today (`on_demand`). `keyfall_copied_secret` is a secret that an operator copies from another.
 */
export interface ModuleKind {
  /** Ends the source, without `?ref=`, `//folder` and `.git`: `github.com/acme/terraform-service-account`. */
  readonly source: string
  /** For refs below this one; the row without it is for the others. */
  readonly below?: string
  readonly description: string
}

const serviceAccount = `
  variable "serviceaccount_name" { default = "cd-serviceaccount" }
  variable "serviceaccount_token_rotated_date" { default = "dd-mm-yyyy" }
  variable "github_repositories" { default = [] }
  variable "github_environments" { default = [] }
  variable "github_actions_secret_kube_token" { default = "KUBE_TOKEN" }
  variable "keyfall_on_demand" { default = true }
  resource "kubernetes_service_account" "account" {
    metadata {
      name      = var.serviceaccount_name
      namespace = var.namespace
    }
  }
  resource "kubernetes_secret_v1" "token" {
    metadata {
      name        = "\${var.serviceaccount_name}-token-\${var.serviceaccount_token_rotated_date}"
      namespace   = var.namespace
      annotations = { "kubernetes.io/service-account.name" = var.serviceaccount_name }
    }
    type = "kubernetes.io/service-account-token"
    keyfall_rotation {
      by        = "serviceaccount_token_rotated_date"
      value     = var.serviceaccount_token_rotated_date
      on_demand = var.keyfall_on_demand
    }
  }
  resource "github_actions_secret" "token" {
    for_each        = length(var.github_environments) == 0 ? toset(var.github_repositories) : []
    repository      = each.key
    secret_name     = var.github_actions_secret_kube_token
    plaintext_value = kubernetes_secret_v1.token.data["token"]
  }
  resource "github_actions_environment_secret" "token" {
    for_each        = { for pair in setproduct(var.github_repositories, var.github_environments) : "\${pair[0]} \${pair[1]}" => pair }
    repository      = each.value[0]
    environment     = each.value[1]
    secret_name     = var.github_actions_secret_kube_token
    plaintext_value = kubernetes_secret_v1.token.data["token"]
  }
  output "default_secret_name" { value = kubernetes_secret_v1.token.metadata[0].name }
`

const template = (date: string, onDemand: boolean) => `
  variable "force_rotate_token" { default = false }
  variable "custom_token_rotation_date" { default = "" }
  resource "time_rotating" "weekly" { rotation_days = 7 }
  module "service_account" {
    source                            = "github.com/ministryofjustice/cloud-platform-terraform-serviceaccount?ref=1.1.0"
    namespace                         = var.namespace
    serviceaccount_name               = "\${var.application}-github-actions-sa"
    github_repositories               = [var.github_repo]
    github_environments               = [var.environment]
    serviceaccount_token_rotated_date = ${date}
    keyfall_on_demand                 = ${onDemand}
  }
  output "application" { value = var.application }
`

const database = (kind: string) => `
  variable "db_engine" { default = "postgres" }
  variable "db_password_rotated_date" { default = "" }
  resource "random_password" "password" {
    keepers = { date = var.db_password_rotated_date }
  }
  resource "${kind}" "database" {
    engine          = var.db_engine
    ${kind === 'aws_db_instance' ? 'password' : 'master_password'} = random_password.password.result
    keyfall_rotation {
      by        = "db_password_rotated_date"
      value     = var.db_password_rotated_date
      on_demand = true
    }
  }
  output "database_password" { value = ${kind}.database.password }
`

const userWithKey = `
  resource "aws_iam_user" "user" { path = "/system/" }
  resource "aws_iam_access_key" "key" { user = aws_iam_user.user.name }
  output "access_key_id" { value = aws_iam_access_key.key.id }
  output "secret_access_key" { value = aws_iam_access_key.key.secret }
`

const platform = 'github.com/ministryofjustice/cloud-platform-terraform-'

export const moduleKinds: readonly ModuleKind[] = [
  { source: `${platform}serviceaccount`, description: serviceAccount },
  // Its own clock rotated the token every week; from 1.2.1 on somebody can ask for a rotation.
  { source: `${platform}hmpps-template`, below: '1.2.1', description: template('time_rotating.weekly.unix', false) },
  {
    source: `${platform}hmpps-template`,
    description: template('var.force_rotate_token ? var.custom_token_rotation_date : time_rotating.weekly.unix', true),
  },
  {
    source: `${platform}irsa`,
    description: `
      resource "aws_iam_role" "role" {}
      resource "kubernetes_service_account" "account" {
        metadata {
          name        = var.service_account_name
          namespace   = var.namespace
          annotations = { "eks.amazonaws.com/role-arn" = aws_iam_role.role.arn }
        }
      }
      output "role_arn" { value = aws_iam_role.role.arn }
      output "service_account" { value = kubernetes_service_account.account.metadata[0] }
    `,
  },
  { source: `${platform}rds-instance`, description: database('aws_db_instance') },
  { source: `${platform}rds-aurora`, description: database('aws_rds_cluster') },
  {
    source: `${platform}elasticache-cluster`,
    description: `
      variable "auth_token_rotated_date" { default = "" }
      resource "random_password" "token" {
        keepers = { date = var.auth_token_rotated_date }
      }
      resource "aws_elasticache_replication_group" "cluster" {
        auth_token = random_password.token.result
        keyfall_rotation {
          by        = "auth_token_rotated_date"
          value     = var.auth_token_rotated_date
          on_demand = true
        }
      }
      output "auth_token" { value = aws_elasticache_replication_group.cluster.auth_token }
    `,
  },
  {
    source: `${platform}secrets-manager`,
    description: `
      resource "aws_secretsmanager_secret" "secret" {
        for_each = var.secrets
      }
      resource "keyfall_copied_secret" "copy" {
        for_each  = var.secrets
        name      = each.value.k8s_secret_name
        namespace = var.namespace
        from      = aws_secretsmanager_secret.secret[each.key]
        seconds   = 3600
      }
    `,
  },
  {
    // It trusts GitHub and CircleCI by OIDC; older ones hand out a key.
    source: `${platform}ecr-credentials`,
    description: `
      variable "github_repositories" { default = [] }
      variable "oidc_providers" { default = [] }
      resource "aws_iam_role" "github" {
        count = contains(var.oidc_providers, "github") ? 1 : 0
        assume_role_policy = jsonencode({
          Statement = [{
            Effect    = "Allow"
            Action    = "sts:AssumeRoleWithWebIdentity"
            Principal = { Federated = "token.actions.githubusercontent.com" }
            Condition = { StringLike = {
              "token.actions.githubusercontent.com:sub" = [for name in var.github_repositories : "repo:ministryofjustice/\${name}:*"]
            } }
          }]
        })
      }
      resource "aws_iam_role" "circleci" {
        count = contains(var.oidc_providers, "circleci") ? 1 : 0
      }
    `,
  },
  { source: `${platform}ecr-credentials`, below: '6.1.0', description: userWithKey },
  {
    source: 'terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks',
    description: `
      resource "aws_iam_role" "role" { name = var.role_name }
      output "iam_role_arn" { value = aws_iam_role.role.arn }
    `,
  },
  {
    source: 'terraform-aws-modules/iam/aws//modules/iam-user',
    description: `
      resource "aws_iam_user" "user" { name = var.name }
      resource "aws_iam_access_key" "key" { user = aws_iam_user.user.name }
      output "iam_access_key_id" { value = aws_iam_access_key.key.id }
      output "iam_access_key_secret" { value = aws_iam_access_key.key.secret }
    `,
  },
]
