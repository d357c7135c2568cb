import type { EntityFact } from '../../../graph/facts.ts'
import { keys } from '../../../graph/keys.ts'
import type { VaultCopy, VaultRecord, VaultSyncAssociation, VaultSyncDestination } from './model.ts'
import { given, type Scene } from './scene.ts'

/** Copies of secrets: into other platforms by secrets sync, into other paths by whoever writes them. */
export function mapSync(scene: Scene, record: VaultRecord): void {
  if (record.what === 'sync-association') mapAssociation(scene, record)
  else if (record.what === 'copy') mapCopy(scene, record)
}

/** Vault pushes on change, "in a handful of seconds" (secrets sync documentation). */
const pushSeconds: [number, number] = [0, 60]

function mapAssociation(scene: Scene, one: VaultSyncAssociation): void {
  const { address } = scene.vault
  const mount = one.mount ?? mountBehind(scene, one.mountAccessor)
  if (mount === undefined) return
  const path = `${one.namespace ?? ''}${mount}${one.secret}`
  const source = scene.secret(path, { kind: 'vault.kv2_secret' }, one.place)
  const destination = scene
    .of('sync-destination')
    .find((other) => other.type === one.type && other.name === one.destination)
  const accessor = one.mountAccessor ?? scene.mounts.get(`${one.namespace ?? ''}${mount}`)?.accessor
  const copy = scene.entity(copyAt(address, one, destination, accessor), one.place)
  scene.relate(
    {
      kind: 'SYNCED_FROM',
      from: copy,
      to: source,
      by: [keys.vaultServer(address)],
      delivery: 'operator_sync',
      pickup: pushSeconds,
      props: given({ syncStatus: one.status, lastSyncedAt: one.updatedAt }),
    },
    one.place,
    `secrets sync to ${one.type}/${one.destination}${one.status && one.status !== 'SYNCED' ? `, last: ${one.status}` : ''}`,
  )
}

function mountBehind(scene: Scene, accessor: string | undefined): string | undefined {
  if (accessor === undefined) return undefined
  const found = [...scene.mounts.values()].find((mount) => mount.accessor === accessor)
  // Not listed: the accessor stands for it, so that two secrets of one mount stay under one name.
  return found?.path ?? `${accessor}/`
}

interface Kinds {
  readonly template: string
  /** The copy as its own platform calls it; undefined where something of its name is not known. */
  readonly copy: (name: string, destination: VaultSyncDestination) => EntityFact | undefined
}

/** Names that Vault gives unless told otherwise, and how each platform's importer calls the same thing. */
const destinations = new Map<string, Kinds>([
  [
    'aws-sm',
    {
      template: 'vault/{{ .MountAccessor }}/{{ .SecretPath }}',
      copy: (name, { region }) =>
        region === undefined
          ? undefined
          : { id: `aws:secretsmanager:${region}:${name}`, kind: 'aws.secretsmanager_secret', name, aliases: [name] },
    },
  ],
  [
    'azure-kv',
    {
      template: 'vault-{{ .MountAccessor }}-{{ .SecretPath }}',
      copy: (name, { vaultUri }) => {
        const host = vaultUri !== undefined && URL.canParse(vaultUri) ? new URL(vaultUri).hostname : undefined
        const item = normal(name, '-')
        return host === undefined
          ? undefined
          : { id: `azure:keyvault:${host}/secrets/${item.toLowerCase()}`, kind: 'azure.keyvault_secret', name: item }
      },
    },
  ],
  [
    'gcp-sm',
    {
      template: 'vault-{{ .MountAccessor }}-{{ .SecretPath }}',
      copy: (name, { project }) =>
        project === undefined
          ? undefined
          : { id: keys.gcpSecret(`projects/${project}/secrets/${normal(name, '-')}`), kind: 'external.secret', name },
    },
  ],
  [
    'gh',
    {
      template: 'VAULT_{{ .MountAccessor | uppercase }}_{{ .SecretPath | uppercase }}',
      copy: (name, { repository, environment }) => {
        if (repository === undefined) return undefined
        const secret = normal(name, '_').toUpperCase()
        const id =
          environment === undefined
            ? keys.githubRepositorySecret(repository, secret)
            : keys.githubEnvironmentSecret(repository, environment, secret)
        return { id, kind: 'github.actions_secret', name: secret }
      },
    },
  ],
])

/** The copy in the destination: under its own platform's name where that is certain, else as something of its own. */
function copyAt(
  address: string,
  one: VaultSyncAssociation,
  destination: VaultSyncDestination | undefined,
  accessor: string | undefined,
): EntityFact {
  const kinds = destinations.get(one.type)
  const template = destination?.nameTemplate ?? kinds?.template
  const perKey = destination?.granularity === 'secret-key'
  const values = new Map([
    ['.MountAccessor', accessor],
    ['.SecretPath', one.secret],
    ['.SecretKey', one.key],
  ])
  const name =
    template === undefined || (perKey && one.key === undefined) ? undefined : filled(template, perKey, values)
  const known = name !== undefined && destination && kinds?.copy(name, destination)
  if (known) return known
  const called = `${one.type}/${one.destination}/${one.secret}${one.key === undefined ? '' : `#${one.key}`}`
  return {
    id: `${keys.vaultServer(address)}/sync/${called}`,
    kind: 'external.secret',
    name: `copy of ${one.secret} in ${one.type}/${one.destination}`,
  }
}

/** A template of plain placeholders filled in; undefined where it asks for more than that. */
function filled(
  template: string,
  perKey: boolean,
  values: ReadonlyMap<string, string | undefined>,
): string | undefined {
  let text = ''
  let rest = perKey && !template.includes('.SecretKey') ? `${template}/{{ .SecretKey }}` : template
  for (let begin = rest.indexOf('{{'); begin >= 0; begin = rest.indexOf('{{')) {
    const end = rest.indexOf('}}', begin)
    if (end < 0) return undefined
    const [name = '', change, ...more] = rest
      .slice(begin + 2, end)
      .split('|')
      .map((part) => part.trim())
    const value = values.get(name)
    if (value === undefined || more.length > 0) return undefined
    if (change !== undefined && change !== 'uppercase' && change !== 'lowercase') return undefined
    text += rest.slice(0, begin) + (change === 'uppercase' ? value.toUpperCase() : change ? value.toLowerCase() : value)
    rest = rest.slice(end + 2)
  }
  return text + rest
}

/** Characters that the platform's names cannot have. */
function normal(name: string, instead: '-' | '_'): string {
  let text = ''
  for (const letter of name) {
    const plain =
      (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9')
    text += plain || letter === instead ? letter : instead
  }
  return text
}

function mapCopy(scene: Scene, one: VaultCopy): void {
  const namespace = one.namespace ?? ''
  const from = scene.secret(`${namespace}${one.to}`, {}, one.place)
  const to = scene.secret(`${namespace}${one.from}`, {}, one.place)
  scene.relate({ kind: 'SYNCED_FROM', from, to, delivery: 'manual' }, one.place, one.note)
}
