import type { EntityFact } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import { hostOf } from './meta.ts'
import type { Provider } from './store-records.ts'

/** The secret behind a Vault API path: `secret/data/shop/db` of KV v2 is `secret/shop/db`. */
export function vaultPath(address: string, path: string, kv2?: boolean): EntityFact {
  const [mount = '', first, ...rest] = path.split('/').filter((part) => part !== '')
  const isData = first === 'data' && rest.length > 0
  const plain = [mount, ...(isData ? [] : first === undefined ? [] : [first]), ...rest].join('/')
  return {
    id: keys.vaultSecret(address, plain),
    kind: isData || kv2 ? 'vault.kv2_secret' : 'vault.secret_path',
    name: plain,
    aliases: [plain],
  }
}

export function awsSecret(key: string, region: string | undefined, parameter: boolean): EntityFact {
  if (key.startsWith('arn:'))
    return {
      id: keys.awsArn(key),
      kind: key.includes(':ssm:') ? 'aws.ssm_parameter' : 'aws.secretsmanager_secret',
      name: key.slice(key.lastIndexOf(':') + 1),
    }
  const id = `aws:${parameter ? 'ssm' : 'secretsmanager'}:${region ?? 'unknown'}:${key}`
  return { id, kind: parameter ? 'aws.ssm_parameter' : 'aws.secretsmanager_secret', name: key, aliases: [key] }
}

/** `vault` is the host of a Key Vault, or what stands for it where the manifest names none. */
export function azureSecret(vault: string, item: string): EntityFact {
  return {
    id: `azure:keyvault:${vault}/secrets/${item.toLowerCase()}`,
    kind: 'azure.keyvault_secret',
    name: item,
    aliases: [item],
  }
}

/** `projects/shop/secrets/db`, with or without a version behind it. */
export function gcpSecret(resource: string): EntityFact {
  const path = resource.split('/').slice(0, 4).join('/')
  return { id: keys.gcpSecret(path), kind: 'external.secret', name: path, aliases: [path] }
}

export function otherItem(store: string, key: string): EntityFact {
  return { id: `external:${store}/${key}`, kind: 'external.secret', name: key, aliases: [key] }
}

/** Where a provider of External Secrets keeps the item `key`. One row a provider; the others are told apart by store only. */
const providers = new Map<string, (settings: Provider, key: string, store: string) => EntityFact>([
  ['vault', vaultItem],
  ['aws', ({ service, region }, key) => awsSecret(key, region ?? undefined, service === 'ParameterStore')],
  [
    'gcpsm',
    ({ projectID }, key, store) =>
      projectID ? gcpSecret(`projects/${projectID}/secrets/${key}`) : otherItem(store, key),
  ],
  ['azurekv', azureItem],
  ['doppler', ({ project, config }, key) => otherItem(`doppler:${project ?? '?'}/${config ?? '?'}`, key)],
  ['onepassword', ({ connectHost }, key, store) => otherItem(`onepassword:${hostOf(connectHost) ?? store}`, key)],
  ['akeyless', ({ akeylessGWApiURL }, key, store) => otherItem(`akeyless:${hostOf(akeylessGWApiURL) ?? store}`, key)],
  [
    'gitlab',
    ({ projectID, url }, key, store) => otherItem(`gitlab:${hostOf(url) ?? 'gitlab.com'}/${projectID ?? store}`, key),
  ],
  ['infisical', ({ hostAPI }, key, store) => otherItem(`infisical:${hostOf(hostAPI) ?? store}`, key)],
  [
    'github',
    ({ organization, repository, environment }, key, store) =>
      githubItem(organization, repository, environment, key, store),
  ],
])

export function itemOf(type: string, settings: Provider, key: string, store: string): EntityFact {
  return (providers.get(type) ?? ((_settings, item, at) => otherItem(at, item)))(settings, key, store)
}

function vaultItem({ server, path, version }: Provider, key: string): EntityFact {
  const mount = (path ?? '').replace(/\/$/, '')
  const below = mount !== '' && !key.startsWith(`${mount}/`) ? `${mount}/${key}` : key
  return vaultPath(hostOf(server) ?? 'vault', below, version !== 'v1')
}

/** Azure writes `secret/NAME`, `key/NAME`, `cert/NAME`, or the name alone. */
function azureItem({ vaultUrl }: Provider, key: string, store: string): EntityFact {
  return azureSecret(hostOf(vaultUrl) ?? store, key.slice(key.lastIndexOf('/') + 1))
}

/** What External Secrets can only push to: secrets of GitHub Actions. */
function githubItem(
  owner: string | null | undefined,
  repository: string | null | undefined,
  environment: string | null | undefined,
  key: string,
  store: string,
): EntityFact {
  if (!owner) return otherItem(store, key)
  const path = `${owner}/${repository ?? ''}`
  const id = !repository
    ? keys.githubOrganizationSecret(owner, key)
    : environment
      ? keys.githubEnvironmentSecret(path, environment, key)
      : keys.githubRepositorySecret(path, key)
  return { id, kind: 'github.actions_secret', name: key.toUpperCase(), aliases: [key.toUpperCase()] }
}
