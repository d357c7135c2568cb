import { z } from 'zod'
import type { EntityFact } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import { parseYaml, type YamlMap, type YamlValue } from '../read/parse-yaml.ts'
import { declared, type Cluster, type Seen } from './cluster-facts.ts'
import type { Using } from './using.ts'
import { filled, hostOf, text } from './meta.ts'
import { awsSecret, azureSecret, gcpSecret, otherItem, vaultPath } from './remote-items.ts'
import { syncs, type Refresh } from './refresh.ts'

const word = text.nullish().catch(undefined)
const Class = z.object({
  spec: z.object({
    provider: word,
    parameters: z
      .object({
        objects: z.string().max(100_000).nullish().catch(undefined),
        secrets: z.string().max(100_000).nullish().catch(undefined),
        region: word,
        keyvaultName: word,
        vaultAddress: word,
        roleName: word,
        vaultKubernetesMountPath: word,
        clientID: word,
      })
      .nullish(),
    secretObjects: z.array(z.object({ secretName: filled, type: word })).nullish(),
  }),
})
type Parameters = NonNullable<z.infer<typeof Class>['spec']['parameters']>

/** A SecretProviderClass as workloads look it up: what it mounts, and into which secrets it copies that. */
interface NotedClass {
  readonly seen: Seen
  readonly provider: string
  readonly parameters: Parameters
  readonly objects: readonly EntityFact[]
  readonly copies: readonly string[]
}

/** SecretProviderClass of the Secrets Store CSI driver (AWS, Azure, Google Cloud, Vault). */
export function readSecretClass(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const spec = Class.safeParse(value).data?.spec
  if (!spec) return false
  const parameters = spec.parameters ?? {}
  const provider = spec.provider ?? 'unknown'
  const objects = objectsOf(provider, parameters, `${cluster.name}/${seen.meta.name!}`)
  const copies = (spec.secretObjects ?? []).map(({ secretName }) => secretName)
  const noted: NotedClass = { seen, provider, parameters, objects, copies }
  cluster.note(seen, noted)
  cluster.later(() => emitCopies(cluster, noted))
  return true
}

/** Items of a provider: its list stands as YAML text in a parameter. One row a provider. */
const readers = new Map<string, (item: YamlMap, parameters: Parameters, store: string) => EntityFact | undefined>([
  [
    'aws',
    (item, { region }) => {
      const key = textIn(item, 'objectName')
      return key === undefined
        ? undefined
        : awsSecret(key, region ?? undefined, textIn(item, 'objectType') === 'ssmparameter')
    },
  ],
  [
    'azure',
    (item, { keyvaultName }, store) => {
      const key = textIn(item, 'objectName')
      return key === undefined ? undefined : azureSecret(keyvaultName ? `${keyvaultName}.vault.azure.net` : store, key)
    },
  ],
  [
    'gcp',
    (item) => {
      const resource = textIn(item, 'resourceName')
      return resource?.startsWith('projects/') ? gcpSecret(resource) : undefined
    },
  ],
  [
    'vault',
    (item, { vaultAddress }) => {
      const path = textIn(item, 'secretPath')
      return path === undefined ? undefined : vaultPath(hostOf(vaultAddress) ?? 'vault', path)
    },
  ],
])

function objectsOf(provider: string, parameters: Parameters, store: string): EntityFact[] {
  const reader = readers.get(provider)
  const facts = itemsIn(parameters.objects ?? parameters.secrets ?? '').flatMap((item) => {
    const key = textIn(item, 'objectName') ?? textIn(item, 'secretPath')
    const fact = reader?.(item, parameters, store) ?? (key === undefined ? undefined : otherItem(store, key))
    return fact ? [fact] : []
  })
  return [...new Map(facts.map((fact) => [fact.id, fact])).values()].slice(0, 200)
}

/** `- objectName: x`, or Azure's `array:` of texts that are YAML themselves. */
function itemsIn(objects: string): YamlMap[] {
  const value = yamlIn(objects)
  const list = isMap(value) ? value.get('array') : value
  if (!Array.isArray(list)) return []
  return (list as readonly YamlValue[]).slice(0, 500).flatMap((one) => {
    const item = typeof one === 'string' ? yamlIn(one) : one
    return isMap(item) ? [item] : []
  })
}

function yamlIn(source: string): YamlValue | undefined {
  const parsed = parseYaml(source)
  return 'value' in parsed ? parsed.value : undefined
}
const isMap = (value: YamlValue | undefined): value is YamlMap => value instanceof Map
function textIn(item: YamlMap, field: string): string | undefined {
  const value = item.get(field)
  return typeof value === 'string' && value !== '' && value.length <= 1024 ? value : undefined
}

/** The driver refreshes nothing unless its rotation is switched on (change-semantics.md 5.6). */
function rotates(cluster: Cluster): boolean {
  return cluster.find('operator', undefined, 'csi rotation') !== undefined
}

/** Secrets that the driver keeps in step with the mount, as long as some pod mounts the class. */
function emitCopies(cluster: Cluster, { seen, objects, copies }: NotedClass): void {
  const refresh: Refresh = rotates(cluster)
    ? { delivery: 'operator_sync', pickup: [0, 120], note: 'the driver polls every 2 min: rotation is on' }
    : { delivery: 'manual', note: 'copied when a pod mounts the class; that rotation is on is not in the export' }
  for (const copy of copies) {
    const from = cluster.secret(cluster.namespaceOf(seen), copy, seen.place)
    for (const fact of objects)
      syncs(
        cluster,
        { from, to: cluster.entity(fact, seen.place), by: [], refresh, guessed: objects.length > 1 },
        seen.place,
        `SecretProviderClass ${seen.meta.name!}`,
      )
  }
}

/** What a pod gets by mounting a class, and by which identity: the pod's own. */
export function emitSecretClasses(using: Using, className: string): void {
  const { cluster, workload, namespace, id, account, common, said } = using
  const found = (cluster.find('SecretProviderClass', workload.meta.namespace, className) ??
    cluster.find('SecretProviderClass', namespace, className)) as NotedClass | undefined
  if (!found) {
    const unknown = otherItem(`${cluster.name}/${namespace}/secretproviderclass/${className}`, '*')
    const item = cluster.entity({ ...unknown, name: `what class ${className} mounts` }, workload.place)
    use(item, `mounts Secrets Store CSI class ${className}, which is not in the export`)
    return
  }
  for (const fact of found.objects)
    use(cluster.entity(fact, found.seen.place), `Secrets Store CSI class ${className}, provider ${found.provider}`)
  const { vaultAddress, roleName, vaultKubernetesMountPath } = found.parameters
  if (found.provider !== 'vault' || !roleName) return
  const mount = `auth/${(vaultKubernetesMountPath ?? 'kubernetes').replace(/^auth\/|\/$/g, '')}/`
  const role = keys.vaultRole(hostOf(vaultAddress) ?? 'vault', mount, roleName)
  cluster.entity({ id: role, kind: 'vault.role', name: roleName })
  cluster.relationship(
    { kind: 'ASSUMES', from: account, to: role, confidence: 'possible' },
    declared(found.seen.place, `SecretProviderClass ${className} logs in at ${mount}`),
  )

  function use(to: string, words: string): void {
    const delivery = rotates(cluster) ? 'csi_mount' : 'file_static'
    const note = rotates(cluster) ? 'rotation is on' : 'that rotation is on is not in the export'
    cluster.relationship(
      { id: `USES_SECRET ${id} > ${to} ${delivery}`, kind: 'USES_SECRET', from: id, to, delivery, ...common },
      said(`${words}; ${note}`),
    )
  }
}
