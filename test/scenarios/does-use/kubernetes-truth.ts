import { parseAllDocuments } from 'yaml'
import type { Plain } from './files.ts'

type Tree = Record<string, unknown>
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)
const list = (value: unknown): Tree[] => (Array.isArray(value) ? value.filter(isTree) : [])
const tree = (value: unknown): Tree => (isTree(value) ? value : {})
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

interface Owned {
  readonly kind: string
  readonly name: string
  readonly owner: { readonly kind: string; readonly name: string } | undefined
}

/**
 * Secrets that pods name, as `kind/name > secret`, with the controller of Kubernetes at the top for the name, and what
 * releases of charts and External Secrets name. A ReplicaSet under a Deployment is an old revision of it or the same.
 */
export function kubernetesUses(files: readonly Plain[]): Set<string> {
  const objects = files.flatMap(({ name, bytes }) => objectsOf(name, bytes.toString()))
  const owners = new Map<string, Owned>()
  for (const object of objects) {
    const own = owned(object)
    if (own) owners.set(`${own.kind}/${own.name}`, own)
  }
  const pulls = new Map<string, string[]>()
  for (const object of objects)
    if (object['kind'] === 'ServiceAccount')
      pulls.set(accountOf(object, text(tree(object['metadata'])['name'])), namesOf(object['imagePullSecrets']))
  const found = new Set<string>()
  for (const object of objects) {
    const own = owned(object)
    const pod = podOf(object)
    if (!own || !pod) continue
    if (own.kind === 'ReplicaSet' && own.owner) continue
    let top: Owned = own
    for (let i = 0; i < 5 && top.owner && !brought.has(top.kind); i++)
      top = owners.get(`${top.owner.kind}/${top.owner.name}`) ?? { ...top.owner, owner: undefined }
    const account = text(pod['serviceAccountName']) ?? text(pod['serviceAccount']) ?? 'default'
    const inherited = namesOf(pod['imagePullSecrets']).length > 0 ? [] : (pulls.get(accountOf(object, account)) ?? [])
    for (const secret of [...secretsOf(pod), ...inherited])
      found.add(`${top.kind.toLowerCase()}/${top.name} > ${secret}`)
  }
  return found
}

const accountOf = (object: Tree, name: string | undefined): string =>
  `${text(tree(object['metadata'])['namespace']) ?? ''}/${name ?? ''}`

function owned(object: Tree): Owned | undefined {
  const meta = tree(object['metadata'])
  const [kind, name] = [text(object['kind']), text(meta['name'])]
  if (kind === undefined || name === undefined || name.includes('{{')) return undefined
  const owner = list(meta['ownerReferences'])[0]
  return { kind, name, owner: owner && { kind: String(owner['kind']), name: String(owner['name']) } }
}

const templated = new Set('Deployment StatefulSet DaemonSet ReplicaSet ReplicationController Job'.split(' '))

function podOf(object: Tree): Tree | undefined {
  const spec = tree(object['spec'])
  if (object['kind'] === 'Pod') return spec
  if (object['kind'] === 'CronJob') return tree(tree(tree(tree(spec['jobTemplate'])['spec'])['template'])['spec'])
  return templated.has(String(object['kind'])) ? tree(tree(spec['template'])['spec']) : undefined
}

const namesOf = (value: unknown): string[] => list(value).flatMap((one) => text(one['name']) ?? [])

function secretsOf(pod: Tree): string[] {
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((one) => list(pod[one]))
  const inEnv = containers.flatMap((container) => [
    ...list(container['env']).map((one) => tree(tree(one['valueFrom'])['secretKeyRef'])['name']),
    ...list(container['envFrom']).map((one) => tree(one['secretRef'])['name']),
  ])
  const inVolumes = list(pod['volumes']).flatMap((volume) => [
    tree(volume['secret'])['secretName'],
    ...list(tree(volume['projected'])['sources']).map((one) => tree(one['secret'])['name']),
  ])
  return [...inEnv, ...inVolumes, ...namesOf(pod['imagePullSecrets'])].flatMap((one) => text(one) ?? [])
}

/** Below an operator, what runs is still the controller that Kubernetes has for it. */
const brought = new Set(['StatefulSet', 'DaemonSet', 'Deployment', 'CronJob'])

/** Secrets that the values of a chart name, as `release > secret`, and those that an External Secret fills, as `secret < key`. */
export function releasedUses(files: readonly Plain[]): Set<string> {
  const found = new Set<string>()
  for (const { name, bytes } of files)
    for (const object of objectsOf(name, bytes.toString())) {
      const [own, spec] = [text(tree(object['metadata'])['name']), tree(object['spec'])]
      if (own === undefined) continue
      if (object['kind'] === 'HelmRelease')
        for (const secret of referencesBelow(spec))
          found.add(`${own} > ${secret.split('{{ .Release.Name }}').join(own)}`)
      if (object['kind'] !== 'ExternalSecret') continue
      const target = text(tree(spec['target'])['name']) ?? own
      const remote = [
        ...list(spec['data']).map((one) => tree(one['remoteRef'])['key']),
        ...list(spec['dataFrom']).map((one) => tree(one['extract'])['key']),
      ]
      // A vault of 1Password names item and field in one.
      for (const key of remote) if (text(key) !== undefined) found.add(`${target} < ${String(key).split('/').at(-1)}`)
    }
  return found
}

/** `secretRef`, `secretKeyRef` and `secret` with a name below them, anywhere. */
function referencesBelow(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesBelow)
  return Object.entries(tree(value)).flatMap(([field, below]) => {
    const here = ['secretRef', 'secretKeyRef'].includes(field) ? text(tree(below)['name']) : undefined
    return here === undefined ? referencesBelow(below) : [here]
  })
}

/** Kinds that lists of the API leave out of their items. */
const listed = new Map([
  ['PodList', 'Pod'],
  ['DeploymentList', 'Deployment'],
  ['ReplicaSetList', 'ReplicaSet'],
  ['DaemonSetList', 'DaemonSet'],
  ['StatefulSetList', 'StatefulSet'],
  ['ServiceAccountList', 'ServiceAccount'],
])

function objectsOf(name: string, content: string): Tree[] {
  if (!['.yaml', '.yml', '.json'].some((ending) => name.endsWith(ending))) return []
  let documents: unknown[]
  try {
    documents = name.endsWith('.json')
      ? [JSON.parse(content)]
      : parseAllDocuments(content, { logLevel: 'silent' }).flatMap((one) => (one.errors.length > 0 ? [] : [one.toJS()]))
  } catch {
    return []
  }
  return documents.filter(isTree).flatMap((one) => {
    if (!Array.isArray(one['items'])) return [one]
    const kind = listed.get(String(one['kind']))
    return list(one['items']).map((item) => ({ ...(kind === undefined ? {} : { kind }), ...item }))
  })
}
