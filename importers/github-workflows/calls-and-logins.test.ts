import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { runInMemory, unaccounted } from '../read/in-memory.ts'
import { githubWorkflows } from './index.ts'

const read = (files: Record<string, string>) =>
  runInMemory(
    githubWorkflows,
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name.replace(':', '/.github/workflows/'), text])),
  )
const usesOf = (found: Awaited<ReturnType<typeof read>>, job: string) =>
  found.relationships
    .filter(({ kind, from }) => kind === 'USES_SECRET' && from === job)
    .map(({ to, confidence }) => `${to} ${confidence}`)
    .sort()

describe('workflows of other repositories', () => {
  const shared = `on:
  workflow_call:
    secrets: { npm_token: { required: true } }
jobs:
  publish:
    environment: production
    steps: [{ run: npm publish, env: { TOKEN: '\${{ secrets.NPM_TOKEN }}' } }]
`
  const calling = (secrets: string) => `on: push
jobs:
  release:
    uses: Acme/workflows/.github/workflows/publish.yml@v1
    secrets: ${secrets}
`
  const publish = keys.githubJob('acme/workflows', 'publish.yml', 'publish')
  const release = keys.githubJob('acme/shop', 'release.yml', 'release')

  it('take the secrets of whoever calls them, by the names that were passed', async () => {
    const found = await read({
      'acme__workflows:publish.yml': shared,
      'acme__shop:release.yml': calling('{ npm_token: "${{ secrets.SHOP_NPM }}" }'),
      'acme__till:release.yml': calling('inherit'),
    })
    expect(usesOf(found, publish)).toEqual([
      `${keys.githubRepositorySecret('acme/shop', 'SHOP_NPM')} confirmed`,
      `${keys.githubRepositorySecret('acme/till', 'NPM_TOKEN')} confirmed`,
    ])
    expect(usesOf(found, release)).toEqual([`${keys.githubRepositorySecret('acme/shop', 'SHOP_NPM')} confirmed`])
    // What `inherit` hands over is known, because what the called workflow takes is.
    const till = keys.githubJob('acme/till', 'release.yml', 'release')
    expect(usesOf(found, till)).toEqual([`${keys.githubRepositorySecret('acme/till', 'NPM_TOKEN')} confirmed`])
  })

  it('take any secret of the caller where they were not imported', async () => {
    const found = await read({ 'acme__till:release.yml': calling('inherit') })
    const till = keys.githubJob('acme/till', 'release.yml', 'release')
    expect(usesOf(found, till)).toEqual([`${keys.githubSecretScope('acme/till')} confirmed`])
  })
})

describe('where a job signs in with its own token', () => {
  it('is known where the file names it, and counted where it does not', async () => {
    const text = `on: push
permissions: { id-token: write }
jobs:
  deploy:
    environment: production
    steps:
      - uses: azure/login@v2
        with: { client-id: 11111111-2222-3333-4444-555555555555, tenant-id: '\${{ vars.TENANT }}' }
      - uses: azure/login@v2
        with: { client-id: '\${{ secrets.AZURE_CLIENT_ID }}' }
      - uses: google-github-actions/auth@v2
        with: { service_account: Deploy@shop.iam.gserviceaccount.com, workload_identity_provider: projects/1/x }
      - uses: hashicorp/vault-action@v3
        with:
          url: https://vault.shop.example:8200
          method: jwt
          path: github-ci
          role: shop
          secrets: |
            secret/data/payments/db password | KEYFALL-CANARY-NAME ;
            \${{ inputs.path }}/x y
      - run: |
          curl -H "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" "$ACTIONS_ID_TOKEN_REQUEST_URL"
`
    const found = await read({ 'acme__shop:deploy.yml': text })
    const job = keys.githubJob('acme/shop', 'deploy.yml', 'deploy')
    const identities = found.relationships.filter(({ kind, from }) => kind === 'RUNS_AS' && from === job)
    expect(identities.map(({ to }) => to)).toEqual([
      'entra:app:11111111-2222-3333-4444-555555555555',
      'gcp:sa:deploy@shop.iam.gserviceaccount.com',
      keys.vaultRole('vault.shop.example', 'auth/github-ci/', 'shop'),
    ])
    expect(usesOf(found, job)).toEqual([
      `${keys.githubRepositorySecret('acme/shop', 'AZURE_CLIENT_ID')} confirmed`,
      `${keys.vaultSecret('vault.shop.example', 'secret/payments/db')} undefined`,
    ])
    expect(found.files[0]!.notes.join()).toContain('2 steps sign in at Azure, Google, Vault or elsewhere')
    const environment = keys.githubEnvironment('acme/shop', 'production')
    expect(found.entities.find(({ id }) => id === environment)).toMatchObject({ kind: 'github.environment' })
    expect(unaccounted(found)).toEqual([])
    expect(JSON.stringify(found)).not.toContain('CANARY')
    const kinds = new Set(found.entities.map(({ kind }) => kind!))
    expect([...kinds].filter((kind) => !githubWorkflows.emits.includes(kind))).toEqual([])
  })
})
