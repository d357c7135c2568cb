import { z } from 'zod'
import { limits } from '../read/limits.ts'
import { parseYaml, type YamlValue } from '../read/parse-yaml.ts'
import type { SkipReason } from '../../graph/facts.ts'

/** Kind, namespace and name: what names an entity of a catalog. Lower case, as the catalog compares. */
export interface Ref {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** What is taken of an entity. People (`User`, members of a group, owners by name) are not. */
export interface CatalogEntity {
  readonly ref: Ref
  readonly title: string
  readonly where: string
  readonly description: string | undefined
  readonly type: string | undefined
  readonly lifecycle: string | undefined
  readonly owner: Ref | undefined
  readonly system: Ref | undefined
  readonly parents: readonly Ref[]
  readonly dependsOn: readonly Ref[]
  readonly provides: readonly Ref[]
  readonly consumes: readonly Ref[]
  /** Annotations and labels, by name: only those of `hints`. */
  readonly hints: ReadonlyMap<string, string>
}

/** Annotations and labels that are taken, and what they become. */
export const hints = new Map([
  ['github.com/project-slug', 'repository'],
  ['github.com/team-slug', 'githubTeam'],
  ['backstage.io/kubernetes-id', 'kubernetesId'],
  ['backstage.io/kubernetes-namespace', 'kubernetesNamespace'],
  ['backstage.io/kubernetes-cluster', 'kubernetesCluster'],
  ['pagerduty.com/service-id', 'onCall'],
  ['opsgenie.com/component-selector', 'onCall'],
  ['backstage.io/source-location', 'sourceLocation'],
  ['circleci.com/project-slug', 'circleciProject'],
  ['vault.io/secrets-path', 'vaultPath'],
])
/** Companies put their own prefix before these. */
const ownHints = new Set(['criticality', 'tier'])

const text = z.string().max(1024)
const maybe = z
  .union([text, z.number().transform(String)])
  .optional()
  .catch(undefined)
const texts = z.array(text).max(1000).optional().catch(undefined)
const Entity = z.object({
  apiVersion: text,
  kind: text,
  metadata: z.object({
    name: text,
    namespace: maybe,
    title: maybe,
    description: z.string().optional().catch(undefined),
    annotations: z.map(z.unknown(), z.unknown()).optional().catch(undefined),
    labels: z.map(z.unknown(), z.unknown()).optional().catch(undefined),
  }),
  spec: z
    .object({
      type: maybe,
      lifecycle: maybe,
      owner: maybe,
      system: maybe,
      domain: maybe,
      subcomponentOf: maybe,
      parent: maybe,
      dependsOn: texts,
      providesApis: texts,
      consumesApis: texts,
    })
    .optional()
    .catch(undefined),
})

export type Read = CatalogEntity | { readonly reason: SkipReason; readonly where: string }

/** Every document of a catalog file. `---` at the start of a line always begins one, also inside a text. */
export function readEntities(file: string): Read[] {
  const documents: string[] = ['']
  for (const line of file.split('\n')) {
    if (line === '---' || line.startsWith('--- ') || line === '---\r') documents.push('')
    else documents[documents.length - 1] += `${line}\n`
  }
  const whole = documents.map((content, index) => ({ content, where: `document ${index}` }))
  const filled = whole.filter(({ content }) =>
    content.split('\n').some((line) => line.trim() !== '' && !line.trim().startsWith('#')),
  )
  const kept = filled.slice(0, limits.yamlDocuments).map(({ content, where }) => readEntity(content, where))
  return filled.length > limits.yamlDocuments ? [...kept, { reason: 'too-large', where: 'the documents after' }] : kept
}

/** Every entity of a reply of the catalog's API: a list, `{ items: […] }`, or one entity. JSON is YAML. */
export function readReply(text: string): Read[] {
  const parsed = parseYaml(text)
  if ('reason' in parsed) return [{ reason: parsed.reason, where: parsed.where }]
  const root = parsed.value instanceof Map ? (parsed.value.get('items') ?? parsed.value) : parsed.value
  const all = Array.isArray(root) ? root : [root as YamlValue]
  return all.map((one, at) => entityOf(one, Array.isArray(root) ? `/${at}` : '/'))
}

function readEntity(content: string, where: string): Read {
  const parsed = parseYaml(content)
  return 'reason' in parsed ? { reason: parsed.reason, where } : entityOf(parsed.value, where)
}

function entityOf(value: YamlValue, where: string): Read {
  const plain = Entity.safeParse(asObject(value)).data
  if (!plain) return { reason: 'unreadable-record', where }
  const { metadata, spec } = plain
  if (!plain.apiVersion.includes('backstage.io/')) return { reason: 'not-relevant', where }
  // `${{ values.name }}` stands in skeletons that somebody has yet to fill.
  if (metadata.name.includes('{{')) return { reason: 'template', where }
  const namespace = (metadata.namespace ?? 'default').toLowerCase()
  const refs = (kind: string, ...names: (string | undefined)[]): Ref[] =>
    names.flatMap((name) => (name === undefined ? [] : (refOf(name, kind, namespace) ?? [])))
  return {
    ref: { kind: plain.kind.toLowerCase(), namespace, name: metadata.name.toLowerCase() },
    title: metadata.title ?? metadata.name,
    where,
    description: metadata.description?.slice(0, 1000),
    type: spec?.type,
    lifecycle: spec?.lifecycle,
    owner: refs('group', spec?.owner)[0],
    system: refs('system', spec?.system)[0],
    parents: [
      ...refs('domain', spec?.domain),
      ...refs('component', spec?.subcomponentOf),
      ...refs('group', spec?.parent),
    ],
    dependsOn: refs('component', ...(spec?.dependsOn ?? [])),
    provides: refs('api', ...(spec?.providesApis ?? [])),
    consumes: refs('api', ...(spec?.consumesApis ?? [])),
    hints: hintsIn([...(metadata.annotations ?? []), ...(metadata.labels ?? [])]),
  }
}

function hintsIn(pairs: readonly (readonly [unknown, unknown])[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of pairs) {
    if (typeof key !== 'string' || (typeof value !== 'string' && typeof value !== 'number')) continue
    const last = key.slice(key.lastIndexOf('/') + 1).toLowerCase()
    const hint = hints.get(key) ?? (ownHints.has(last) ? last : undefined)
    if (hint !== undefined && value !== '') found.set(hint, String(value).slice(0, 256))
  }
  return found
}

/** `component:shop/api`, `shop/api`, `api`; undefined where it is none. */
function refOf(written: string, kind: string, namespace: string): Ref | undefined {
  const colon = written.indexOf(':')
  const rest = written.slice(colon + 1)
  const slash = rest.indexOf('/')
  const name = rest
    .slice(slash + 1)
    .trim()
    .toLowerCase()
  if (name === '') return undefined
  return {
    kind: colon < 0 ? kind : written.slice(0, colon).trim().toLowerCase(),
    namespace: slash < 0 ? namespace : rest.slice(0, slash).trim().toLowerCase(),
    name,
  }
}

/** The few levels that have fixed names; maps of annotations stay maps, their keys are text of the file. */
function asObject(root: YamlValue): unknown {
  if (!(root instanceof Map)) return undefined
  const fields = (value: unknown) =>
    value instanceof Map ? Object.fromEntries([...value].filter(([key]) => key !== '__proto__')) : undefined
  return { ...fields(root), metadata: fields(root.get('metadata')), spec: fields(root.get('spec')) }
}
