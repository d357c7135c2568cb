import { ago } from '../clock.mjs'
import { accountOf, holds, owned, relate, say } from '../book.mjs'
import { accounts, organization, vault } from '../company.mjs'
import { keys } from '../keys.mjs'
import { addRole, allow, trustRepository } from '../native/aws.mjs'
import { nightly, onPush, repositoryFiles, workflow } from '../native/github.mjs'
import { passwordKey } from './databases.mjs'
import { serve } from './workloads.mjs'

export const npmOrganization = 'npm:token/fernwhistle-organization'
export const npmStorefront = 'npm:token/storefront-web'
export const releaseBot = 'github:pat/release-bot'
export const vaultSecretId = `vault:${vault}/approle/ci/secret-id`

const owners = `@${organization}/developer-experience`
const repository = (name) => `${organization}/${name}`

export function tellPipelines(book) {
  tellShadow(book)
  tellOrdered(book)
  tellVaultLogin(book)
  tellForgottenPassword(book)
}

function token(book, key, kind, name) {
  say(book, key, kind, { name, props: { createdAt: ago(365) }, note: 'settings page' })
  owned(book, key, 'Developer Experience')
}

function job(book, repositoryName, file, name) {
  serve(book, keys.githubJob(repository(repositoryName), file, name), { name: 'CI and release', strength: 'soft' })
}

/**
 * A workflow says `secrets.NAME` and not where NAME is kept: importers take it for the repository's. Where the settings
 * show it in the environment or the organization, and none of the repository's own, the name stands for that one.
 */
export function resolvesTo(book, repositoryName, name, place) {
  relate(book, 'SYNCED_FROM', keys.githubRepositorySecret(repository(repositoryName), name), place, {
    pickup: [0, 0],
    delivery: 'ci_run_start',
    note: 'settings page: the repository has none of this name',
  })
}

/** The organization's NPM_TOKEN is shadowed in one repository by the repository's own; in the other it is the one used. */
function tellShadow(book) {
  token(book, npmOrganization, 'generic.api_key', 'npm token of the organization')
  token(book, npmStorefront, 'generic.api_key', 'npm token of storefront-web')
  const shared = keys.githubOrganizationSecret(organization, 'NPM_TOKEN')
  const own = keys.githubRepositorySecret(repository('storefront-web'), 'NPM_TOKEN')
  say(book, shared, 'github.actions_secret', { name: 'NPM_TOKEN', props: { visibility: 'all' }, note: 'settings page' })
  say(book, own, 'github.actions_secret', { name: 'NPM_TOKEN', note: 'settings page' })
  holds(book, shared, npmOrganization, 'settings page')
  holds(book, own, npmStorefront, 'settings page')
  resolvesTo(book, 'design-system', 'NPM_TOKEN', shared)
  for (const name of ['storefront-web', 'design-system']) {
    const text = workflow({
      title: 'Publish',
      on: onPush,
      job: 'publish',
      env: [['NODE_AUTH_TOKEN', 'secrets.NPM_TOKEN']],
    })
    book.repositories.push(...repositoryFiles(organization, name, { 'publish.yml': text }, owners))
    job(book, name, 'publish.yml', 'publish')
  }
}

/** `A || B` in an expression: an ordered alternative. And a password somebody pasted into the file. */
function tellOrdered(book) {
  token(book, releaseBot, 'github.pat', 'personal access token of release-bot')
  const place = keys.githubRepositorySecret(repository('docs-site'), 'RELEASE_TOKEN')
  say(book, place, 'github.actions_secret', { name: 'RELEASE_TOKEN', note: 'settings page' })
  holds(book, place, releaseBot, 'settings page')
  const text = workflow({
    title: 'Docs',
    on: nightly('15 5 * * *'),
    job: 'docs',
    env: [['GH_TOKEN', 'secrets.RELEASE_TOKEN || secrets.GITHUB_TOKEN']],
    plain: ['SEARCH_PASSWORD'],
  })
  book.repositories.push(...repositoryFiles(organization, 'docs-site', { 'docs.yml': text }, owners))
  job(book, 'docs-site', 'docs.yml', 'docs')
}

/** The pipeline logs in to Vault with a SecretID, and to AWS with no secret at all. */
function tellVaultLogin(book) {
  say(book, vaultSecretId, 'vault.approle_secret_id', {
    name: 'SecretID of AppRole ci',
    props: { createdAt: ago(150) },
    note: 'auth/approle/role/ci',
  })
  owned(book, vaultSecretId, 'Developer Experience')
  const place = keys.githubEnvironmentSecret(repository('infrastructure'), 'production', 'VAULT_SECRET_ID')
  say(book, place, 'github.actions_secret', { name: 'VAULT_SECRET_ID', note: 'settings page' })
  holds(book, place, vaultSecretId, 'settings page')
  resolvesTo(book, 'infrastructure', 'VAULT_SECRET_ID', place)
  const role = addRole(accountOf(book, accounts.production), {
    name: 'github-infrastructure',
    createdAt: ago(260),
    trust: [trustRepository(accounts.production, repository('infrastructure'))],
    allows: [allow(['ec2:*', 's3:*'], '*')],
    lastUsedAt: ago(0.4),
  })
  const text = workflow({
    title: 'Apply',
    on: onPush,
    job: 'apply',
    environment: 'production',
    permissions: ['contents: read', 'id-token: write'],
    steps: [
      '- uses: aws-actions/configure-aws-credentials@v4',
      '  with:',
      `    role-to-assume: ${role}`,
      '    aws-region: eu-north-1',
    ],
    env: [['VAULT_SECRET_ID', 'secrets.VAULT_SECRET_ID']],
  })
  book.repositories.push(...repositoryFiles(organization, 'infrastructure', { 'apply.yml': text }, owners))
  job(book, 'infrastructure', 'apply.yml', 'apply')
}

/** The ledger's password was copied into a repository's secrets; the vault's rotation does not reach it. */
function tellForgottenPassword(book) {
  const place = keys.githubRepositorySecret(repository('ledger'), 'LEDGER_DB_PASSWORD')
  say(book, place, 'github.actions_secret', { name: 'LEDGER_DB_PASSWORD', note: 'settings page' })
  relate(book, 'HOLDS', place, passwordKey('ledger', 'ledger_app'), { note: 'entered by hand 180 days ago' })
  const text = workflow({
    title: 'Ledger migrations',
    on: nightly('50 2 * * *'),
    job: 'migrate',
    env: [['DB_PASSWORD', 'secrets.LEDGER_DB_PASSWORD']],
  })
  book.repositories.push(...repositoryFiles(organization, 'ledger', { 'migrate.yml': text }, owners))
  job(book, 'ledger', 'migrate.yml', 'migrate')
}
