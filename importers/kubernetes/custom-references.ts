import { PodSpec } from './pod-spec.ts'

/** A secret or service account that an object of an operator names. */
export interface Reference {
  readonly what: 'secret' | 'account'
  readonly name: string
  readonly namespace: string | undefined
  /** Names of the fields that lead to it, the last ones; never a value. */
  readonly path: string
  /** Inside what a chart or an operator will make something of: only possibly so. */
  readonly guessed: boolean
}

export interface CustomReferences {
  readonly references: readonly Reference[]
  /** Specifications of pods found anywhere in it. */
  readonly pods: readonly PodSpec[]
}

/** How much of one object is walked; more is no definition of anything. */
const MAX_NODES = 200_000
const MAX_REFERENCES = 500

/** Field names of which the text is the name of a secret. `clientSecret` and the like may hold the secret itself: never taken. */
const namesSecret = (field: string): boolean =>
  /^(secretName|secretRef|credentialName|configSecret|existingSecret)$/i.test(field) ||
  /(SecretName|SecretRef|existingSecret|ExistingSecret)$/.test(field)
/** Field names below which an object with `name` refers to a secret. */
const refersToSecret = (field: string): boolean =>
  /secret(key)?(ref|refs|selector|reference)$/i.test(field) || field === 'secret' || field === 'existingSecret'
const listsSecrets = (field: string): boolean => field === 'imagePullSecrets' || field === 'pullSecrets'
const isConfigMap = (field: string): boolean => field.toLowerCase().includes('configmap')
/** What a chart is given: whether it makes something of a name, only the chart knows. */
const isInput = (field: string): boolean => ['values', 'valuesInline', 'parameters', 'valuesObject'].includes(field)

/** As Kubernetes allows names, with a substitution of Flux or Kustomize in them. */
const isName = (value: unknown): value is string =>
  typeof value === 'string' && /^[a-z0-9$][a-zA-Z0-9.${}_:-]{0,252}$/.test(value) && !value.includes('{{')

function released(said: unknown, release: string | undefined): unknown {
  if (typeof said !== 'string' || release === undefined || said.length > 500) return said
  return said.split('{{ .Release.Name }}').join(release).split('{{.Release.Name}}').join(release)
}

interface Node {
  readonly field: string
  readonly value: unknown
  readonly path: string
  readonly guessed: boolean
}

interface Options {
  readonly selectors: boolean
  /** Name of the release of a chart: what `{{ .Release.Name }}` will be in its values. */
  readonly release: string | undefined
}

/**
 * What an object of a kind we don't know refers to, by the names that operators give such fields. `selectors`: objects
 * of `name` and `key` are secrets too, as in monitors of Prometheus.
 */
export function referencesIn(object: unknown, { selectors, release }: Options): CustomReferences {
  const references = new Map<string, Reference>()
  const pods: PodSpec[] = []
  const open: Node[] = [{ field: '', value: (object as { spec?: unknown } | null)?.spec, path: 'spec', guessed: false }]
  const add: Add = (what, said, namespace, node) => {
    const name = released(said, release)
    if (!isName(name) || references.size >= MAX_REFERENCES) return
    const at = isName(namespace) ? namespace : undefined
    const key = `${what} ${at ?? ''}/${name}`
    if (references.has(key) && !references.get(key)!.guessed) return
    references.set(key, {
      what,
      name,
      namespace: at,
      path: node.path.split('.').slice(-4).join('.'),
      guessed: node.guessed,
    })
  }
  let nodes = 0
  for (let node = open.pop(); node && nodes < MAX_NODES; node = open.pop()) {
    nodes++
    const { field, value } = node
    if (typeof value === 'string') readText(node, add)
    if (typeof value !== 'object' || value === null) continue
    if (Array.isArray(value)) {
      if (listsSecrets(field)) for (const one of value) add('secret', nameOf(one), undefined, node)
      for (let i = value.length - 1; i >= 0; i--) open.push({ ...node, value: value[i] })
      continue
    }
    const pod = podIn(value, node.guessed)
    if (pod) {
      pods.push(pod)
      continue
    }
    readObject(node, value as Fields, selectors, add)
    for (const [name, child] of Object.entries(value)) {
      if (isConfigMap(name)) continue
      const path = `${node.path}.${name.slice(0, 60)}`
      open.push({ field: name, value: child, path, guessed: node.guessed || isInput(name) })
    }
  }
  return { references: [...references.values()], pods }
}

type Fields = Readonly<Record<string, unknown>>
type Add = (what: Reference['what'], name: unknown, namespace: unknown, node: Node) => void

const nameOf = (one: unknown): unknown =>
  typeof one === 'string' ? one : (one as { name?: unknown } | null | undefined)?.name

function readText(node: Node, add: Add): void {
  if (namesSecret(node.field)) add('secret', node.value, undefined, node)
  else if (node.field === 'serviceAccountName') add('account', node.value, undefined, node)
}

function readObject(node: Node, value: Fields, selectors: boolean, add: Add): void {
  const { name, key, namespace, kind } = value
  const selector = selectors && typeof key === 'string' && Object.keys(value).every((one) => selectorFields.has(one))
  if (refersToSecret(node.field) || selector || (kind === 'Secret' && value['metadata'] === undefined))
    add('secret', name, namespace, node)
  else if (node.field === 'serviceAccountRef') add('account', name, namespace, node)
}
const selectorFields = new Set(['name', 'key', 'optional', 'namespace'])

/** `containers: [{ name, … }]` is a pod wherever it stands. */
function podIn(value: object, guessed: boolean): PodSpec | undefined {
  if (guessed) return undefined
  const containers: unknown = (value as { containers?: unknown }).containers
  if (!Array.isArray(containers) || containers.length === 0) return undefined
  const first = containers[0] as { name?: unknown; image?: unknown } | null
  if (typeof first?.name !== 'string' && typeof first?.image !== 'string') return undefined
  return PodSpec.safeParse(value).data
}
