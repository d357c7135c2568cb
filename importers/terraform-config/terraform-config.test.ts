import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { runInMemory, unaccounted, type Outcome } from '../read/in-memory.ts'
import { terraformConfig } from './index.ts'

const read = (texts: Record<string, string>, scope?: string) => runInMemory(terraformConfig, texts, scope)
const at = (folder: string, address: string, tree = 'infra') =>
  keys.terraformValue(keys.terraformFolder(tree, folder), address)
const links = (found: Outcome, kind: string) =>
  found.relationships.filter((one) => one.kind === kind).map(({ from, to }) => [from, to])
const propsOf = (found: Outcome, id: string): Record<string, unknown> =>
  Object.assign({}, ...found.entities.filter((one) => one.id === id).map(({ props }) => props)) as Record<
    string,
    unknown
  >

const keyIntoSecrets = `
variable "repositories" { default = ["orders", "billing"] }
variable "env" {}
locals { name = "deploy-\${var.env}" }
provider "github" { owner = "acme" }
resource "aws_iam_user" "ci" { name = local.name }
resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name
  lifecycle { create_before_destroy = true }
}
resource "github_actions_secret" "key" {
  for_each        = toset(var.repositories)
  repository      = each.value
  secret_name     = "AWS_SECRET_ACCESS_KEY"
  plaintext_value = aws_iam_access_key.ci.secret
}
resource "github_actions_secret" "id" {
  repository      = "orders"
  secret_name     = "AWS_ACCESS_KEY_ID"
  plaintext_value = aws_iam_access_key.ci.id
}
resource "kubernetes_secret" "smtp" {
  metadata {
    name      = "smtp"
    namespace = "shop-\${var.env}"
  }
  data = {
    user     = aws_iam_access_key.ci.id
    password = aws_iam_access_key.ci.ses_smtp_password_v4
    api      = "KEYFALL-CANARY-in-clear-0123456789"
  }
}
`

describe('Terraform configuration', () => {
  it('follows a credential from where it is made to where it is written', async () => {
    const found = await read({
      'infra/ci/main.tf': keyIntoSecrets,
      'infra/ci/terraform.tfvars': 'env = "prod"\n',
    })
    const key = at('infra/ci', 'aws_iam_access_key.ci')
    const smtp = keys.k8s('ci', 'shop-prod', 'secret', 'smtp')
    expect(links(found, 'AUTHENTICATES_AS')).toEqual([[key, at('infra/ci', 'aws_iam_user.ci')]])
    expect(links(found, 'HOLDS')).toEqual([
      [keys.githubRepositorySecret('acme/billing', 'AWS_SECRET_ACCESS_KEY'), key],
      [keys.githubRepositorySecret('acme/orders', 'AWS_SECRET_ACCESS_KEY'), key],
      [smtp, key],
    ])
    expect(propsOf(found, key)).toMatchObject({ replacedWithOverlap: true, userName: 'deploy-prod' })
    expect(propsOf(found, smtp)).toMatchObject({ keys: ['user', 'password', 'api'], valueInConfiguration: true })
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
    expect(unaccounted(found)).toEqual([])
  })

  it('leaves open what is only known when it is applied, and counts it', async () => {
    const found = await read({ 'infra/ci/main.tf': keyIntoSecrets })
    expect(found.entities.map(({ kind }) => kind)).not.toContain('k8s.secret_object')
    expect(found.files[0]!.skipped).toMatchObject([{ reason: 'missing-identifier', where: 'line 22' }])
    const several = await read({
      'a/main.tf':
        'resource "aws_iam_user" "u" { for_each = data.x.y.z }\nresource "aws_iam_access_key" "k" { user = aws_iam_user.u["a"].name }',
    })
    expect(several.files[0]!.notes).toEqual(['1 × blocks of which only Terraform knows how many there are'])
    expect(several.relationships).toMatchObject([{ kind: 'AUTHENTICATES_AS', confidence: 'possible' }])
  })

  it('agrees with files of values that somebody passes only where they agree', async () => {
    const main =
      'variable "a" {}\nvariable "b" {}\nresource "kubernetes_service_account" "x" {\n  metadata {\n    name = var.a\n    labels = { stage = var.b }\n  }\n}\nresource "kubernetes_secret" "y" {\n  metadata {\n    name = var.b\n  }\n}'
    const found = await read({
      'i/r/main.tf': main,
      'i/r/dev.tfvars': 'a = "robot"\nb = "dev"',
      'i/r/prod.tfvars': 'a = "robot"\nb = "prod"',
    })
    expect(found.entities.map(({ id }) => id)).toContain(keys.k8s('r', 'default', 'serviceaccount', 'robot'))
    expect(found.files.find(({ name }) => name === 'i/r/main.tf')!.skipped).toMatchObject([
      { reason: 'missing-identifier' },
    ])
  })

  it('opens local modules, with their inputs, outputs and instances', async () => {
    const found = await read({
      'infra/live/main.tf': `
        module "db" {
          source   = "../modules/db"
          for_each = toset(["orders", "carts"])
          name     = each.key
        }
        resource "kubernetes_secret" "db" {
          metadata { name = "db" }
          data = { password = module.db["orders"].password }
        }`,
      'infra/modules/db/main.tf': `
        variable "name" {}
        resource "random_password" "it" {
          length  = 32
          keepers = { on = time_rotating.monthly.id }
        }
        resource "time_rotating" "monthly" { rotation_days = 30 }
        resource "aws_db_instance" "it" {
          identifier = var.name
          engine     = "postgres"
          username   = "app"
          password   = random_password.it.result
        }
        output "password" { value = random_password.it.result }`,
    })
    const passwords = found.entities.filter(({ kind }) => kind === 'db.postgres_password').map(({ name }) => name)
    expect(passwords).toEqual(['password of carts', 'password of orders'])
    const orders = at('infra/live', 'module.db["orders"].aws_db_instance.it')
    expect(links(found, 'HOLDS')).toEqual([[keys.k8s('live', 'default', 'secret', 'db'), orders]])
    // A generated password that a database was given is the database's, and nothing beside it.
    expect(found.entities.map(({ kind }) => kind)).not.toContain('generic.password')
    expect(unaccounted(found)).toEqual([])
  })

  it('reads trusts: in place, encoded, and of policy documents', async () => {
    const found = await read({
      'i/main.tf': `
        data "aws_iam_policy_document" "github" {
          statement {
            actions = ["sts:AssumeRoleWithWebIdentity"]
            principals {
              type        = "Federated"
              identifiers = [data.aws_iam_openid_connect_provider.github.arn]
            }
            condition {
              test     = "StringLike"
              variable = "token.actions.githubusercontent.com:sub"
              values   = ["repo:acme/shop:*"]
            }
          }
        }
        resource "aws_iam_role" "deploy" {
          name               = "deploy"
          assume_role_policy = data.aws_iam_policy_document.github.json
        }
        resource "aws_iam_role" "lambda" {
          name = "lambda"
          assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
        }`,
    })
    expect(links(found, 'ASSUMES')).toEqual([
      [
        keys.awsFederated('token.actions.githubusercontent.com', 'repo:acme/shop:*'),
        at('i', 'aws_iam_role.deploy', 'i'),
      ],
      [keys.awsServicePrincipal('lambda.amazonaws.com'), at('i', 'aws_iam_role.lambda', 'i')],
    ])
    expect(found.relationships.every(({ confidence }) => confidence === 'none')).toBe(true)
  })

  it('follows values into stores, their versions, copies of them and functions', async () => {
    const found = await read({
      'i/main.tf': `
        provider "aws" { region = "eu-west-1" }
        resource "tls_private_key" "signing" { algorithm = "ED25519" }
        resource "aws_secretsmanager_secret" "signing" { name = "shop/signing" }
        resource "aws_secretsmanager_secret_version" "signing" {
          secret_id     = aws_secretsmanager_secret.signing.id
          secret_string = jsonencode({ key = tls_private_key.signing.private_key_pem })
        }
        data "aws_ssm_parameter" "partner" { name = "/shop/partner" }
        resource "kubernetes_secret" "copy" {
          metadata { name = "copy" }
          data = {
            key     = aws_secretsmanager_secret_version.signing.secret_string
            partner = data.aws_ssm_parameter.partner.value
            public  = tls_private_key.signing.public_key_pem
          }
        }
        resource "aws_lambda_function" "shop" {
          function_name = "shop"
          role          = aws_iam_role.shop.arn
          environment { variables = { SECRET = aws_secretsmanager_secret.signing.arn } }
        }
        resource "aws_iam_role" "shop" {}`,
    })
    const secret = 'aws:secretsmanager:eu-west-1:shop/signing'
    const copy = keys.k8s('i', 'default', 'secret', 'copy')
    expect(links(found, 'HOLDS')).toEqual([[secret, at('i', 'tls_private_key.signing', 'i')]])
    expect(links(found, 'SYNCED_FROM')).toEqual([
      [copy, secret],
      [copy, 'aws:ssm:eu-west-1:/shop/partner'],
    ])
    const lambda = at('i', 'aws_lambda_function.shop', 'i')
    expect(links(found, 'RUNS_AS')).toEqual([[lambda, at('i', 'aws_iam_role.shop', 'i')]])
    expect(found.relationships.find(({ kind }) => kind === 'USES_SECRET')).toMatchObject({
      to: secret,
      confidence: 'possible',
    })
  })

  it('is the same tree whatever archive it came in, where --scope names it', async () => {
    const one = await read({ 'monday.tar.gz!/ci/main.tf': keyIntoSecrets }, 'acme/infra')
    const two = await read({ 'tuesday/ci/main.tf': keyIntoSecrets }, 'acme/infra')
    expect(one.entities).toEqual(two.entities)
    expect(one.relationships).toEqual(two.relationships)
    expect(one.entities.map(({ id }) => id)).toContain(at('ci', 'aws_iam_access_key.ci', 'acme/infra'))
  })

  it('says which modules it does not know, and which types it passed over', async () => {
    const found = await read({
      'i/main.tf':
        'module "x" { source = "acme/vault/aws" }\nresource "acme_login" "y" { password = "KEYFALL-CANARY-0123456789abcdef" }\nresource "aws_vpc" "z" {}\nbroken {',
    })
    expect(found.files[0]!.skipped).toEqual([
      { reason: 'unreadable-record', count: 1, where: 'line 4' },
      { reason: 'unknown-type', count: 1, where: 'line 1' },
      { reason: 'unknown-type', count: 1, where: 'line 2' },
      { reason: 'not-relevant', count: 1, where: 'line 3' },
    ])
    expect(found.files[0]!.notes.join()).toContain('acme/vault/aws')
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
  })

  it('ends with circles, endless loops and modules that call themselves', async () => {
    const found = await read({
      'i/main.tf': `
        locals {
          a = local.b
          b = local.a
          list = [for x in range(100) : x]
          big = setproduct(local.l, local.l, local.l, local.l, local.l, local.l, local.l, local.l)
          l = ["a", "b", "c", "d", "e", "f", "g", "h"]
        }
        module "me" { source = "./" }
        resource "aws_iam_user" "u" {
          for_each = toset(local.big)
          name     = local.a
        }`,
    })
    expect(unaccounted(found)).toEqual([])
  })

  it('survives any configuration', async () => {
    const value = fc.constantFrom(
      'var.a',
      'local.b',
      '"x"',
      '[1]',
      '{ a = 1 }',
      'each.key',
      'module.m.o',
      'aws_iam_user.n.name',
      'random_password.n[0]',
      '"${var.a}"',
    )
    const type = fc.constantFrom(
      'aws_iam_access_key',
      'kubernetes_secret',
      'github_actions_secret',
      'aws_iam_role',
      'aws_db_instance',
      'random_password',
    )
    const name = fc.constantFrom(
      'user',
      'data',
      'for_each',
      'count',
      'metadata',
      'assume_role_policy',
      'keepers',
      '__proto__',
      'secret_name',
      'repository',
    )
    const body = fc
      .array(fc.tuple(name, value), { maxLength: 6 })
      .map((pairs) => pairs.map(([n, v]) => `  ${n} = ${v}`).join('\n'))
    const block = fc.tuple(type, body).map(([t, b]) => `resource "${t}" "n" {\n${b}\n}`)
    const others = 'variable "a" {}\nlocals { b = var.a }\nmodule "m" {\n  source = "./m"\n  for_each = local.b\n}\n'
    await fc.assert(
      fc.asyncProperty(fc.array(block, { maxLength: 5 }), async (blocks) => {
        const found = await read({ 'i/main.tf': others + blocks.join('\n'), 'i/m/m.tf': blocks[0] ?? '' })
        expect(unaccounted(found)).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  it('emits what it says it emits', async () => {
    const found = await read({ 'infra/ci/main.tf': keyIntoSecrets, 'infra/ci/x.auto.tfvars': 'env = "prod"' })
    const kinds = new Set(found.entities.map(({ kind }) => kind!))
    expect([...kinds].filter((kind) => !terraformConfig.emits.includes(kind))).toEqual([])
  })
})
