import type { Origin, Run } from '../read/aws/scene.ts'
import {
  readAlias,
  readDatabase,
  readKey,
  readKeyEntry,
  readParameter,
  readSecret,
  type Outcome,
} from '../read/aws/map-secrets.ts'
import {
  readBucketPolicy,
  readFunctionPolicy,
  readKeyPolicy,
  readQueue,
  readSecretPolicy,
  readTopic,
} from '../read/aws/map-policies.ts'
import {
  readCluster,
  readFunction,
  readInstance,
  readPodIdentity,
  readProject,
  readService,
  readTaskDefinition,
} from '../read/aws/map-workloads.ts'

/** Names at the top of a reply, each with the first character of its value. */
export type Shape = ReadonlyMap<string, string>
type Item = readonly [pointer: string, item: unknown]

interface Reply {
  /** What has to be at the top, as `name` and first character of its value; any one of `or` besides. */
  readonly top: readonly (readonly [name: string, opens: string])[]
  readonly or?: readonly string[]
  /** A word that its items have, where the name at the top alone could be of another service. */
  readonly word?: string
  /** What it is about stands in the name of its file: the same reply in two files is about two things. */
  readonly byFile?: true
  readonly items: (body: Body) => readonly Item[]
  readonly read: (item: unknown, origin: Origin, run: Run) => Outcome
}

type Body = Readonly<Record<string, unknown>>

const whole = (body: Body): readonly Item[] => [['', body]]
const under =
  (name: string) =>
  (body: Body): readonly Item[] => [[`/${name}`, body[name]]]
const list =
  (name: string) =>
  (body: Body): readonly Item[] =>
    itemsOf(body[name]).map((item, at) => [`/${name}/${at}`, item])

/** Every reply that is read, one row an operation; the first that fits counts. */
const replies: readonly Reply[] = [
  { top: [['SecretList', '[']], items: list('SecretList'), read: readSecret },
  { top: [['ARN', '"']], or: ['VersionIdsToStages', 'LastChangedDate'], items: whole, read: readSecret },
  { top: [['Parameters', '[']], word: '"Type"', items: list('Parameters'), read: readParameter },
  { top: [['Functions', '[']], items: list('Functions'), read: readFunction },
  {
    top: [
      ['FunctionArn', '"'],
      ['FunctionName', '"'],
    ],
    items: whole,
    read: readFunction,
  },
  { top: [['Configuration', '{']], word: '"FunctionArn"', items: functionWithTags, read: readFunction },
  { top: [['taskDefinition', '{']], items: taskWithTags, read: readTaskDefinition },
  { top: [['services', '[']], word: '"serviceArn"', items: list('services'), read: readService },
  { top: [['Reservations', '[']], items: instances, read: readInstance },
  { top: [['projects', '[']], word: '"serviceRole"', items: list('projects'), read: readProject },
  { top: [['DBInstances', '[']], items: list('DBInstances'), read: readDatabase },
  { top: [['DBClusters', '[']], items: list('DBClusters'), read: readDatabase },
  { top: [['KeyMetadata', '{']], items: under('KeyMetadata'), read: readKey },
  { top: [['Keys', '[']], word: '"KeyArn"', items: list('Keys'), read: readKeyEntry },
  { top: [['Aliases', '[']], word: '"AliasName"', items: list('Aliases'), read: readAlias },
  { top: [['association', '{']], word: '"serviceAccount"', items: under('association'), read: readPodIdentity },
  { top: [['associations', '[']], word: '"serviceAccount"', items: list('associations'), read: readPodIdentity },
  { top: [['cluster', '{']], word: ':eks:', items: under('cluster'), read: readCluster },
  {
    top: [
      ['ARN', '"'],
      ['ResourcePolicy', '"'],
    ],
    word: 'Statement',
    items: whole,
    read: readSecretPolicy,
  },
  {
    top: [
      ['Policy', '"'],
      ['RevisionId', '"'],
    ],
    word: ':lambda:',
    items: whole,
    read: readFunctionPolicy,
  },
  { top: [['Policy', '"']], or: ['PolicyName', 'KeyId'], word: 'kms', items: whole, read: readKeyPolicy, byFile: true },
  // The reply names no account: somebody has to add it.
  {
    top: [
      ['Policy', '"'],
      ['Account', '"'],
    ],
    word: ':s3:::',
    items: whole,
    read: readBucketPolicy,
  },
  { top: [['Attributes', '{']], word: '"QueueArn"', items: under('Attributes'), read: readQueue },
  { top: [['Attributes', '{']], word: '"TopicArn"', items: under('Attributes'), read: readTopic },
]

/** The row of a reply with this top whose text, or the begin of it, is `text()`; undefined where it is none of ours. */
export function replyOf(top: Shape, text: () => string): Reply | undefined {
  return replies.find(
    (reply) =>
      reply.top.every(([name, opens]) => top.get(name) === opens) &&
      (reply.or === undefined || reply.or.some((name) => top.has(name))) &&
      (reply.word === undefined || text().includes(reply.word)),
  )
}

/** The top of a parsed reply. */
export function shapeOf(body: Body): Shape {
  return new Map(Object.entries(body).map(([name, value]) => [name, firstOf(value)]))
}

function firstOf(value: unknown): string {
  if (Array.isArray(value)) return '['
  if (typeof value === 'string') return '"'
  return typeof value === 'object' && value !== null ? '{' : '0'
}

/** The top of a text that may be cut anywhere: of its first object, and of `data` in a recording. */
export function shapeOfText(text: string): Shape {
  const shape = new Map<string, string>()
  let depth = 0
  let base = 0
  let inData = false
  let key: string | undefined
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (character === '"') {
      const end = endOfString(text, at)
      if (depth === base) {
        const after = nextOf(text, end + 1)
        if (key === undefined && text[after] === ':') {
          key = text.slice(at + 1, end)
          at = after
          continue
        }
        if (key !== undefined) shape.set(key, '"')
      }
      key = undefined
      at = end
    } else if (character === '{' || character === '[') {
      depth++
      if (base === 0 && character === '{') base = depth
      else if (depth === base + 1 && key !== undefined) {
        if (key === 'data' && character === '{' && !inData) {
          inData = true
          base = depth
        } else shape.set(key, character)
      }
      key = undefined
    } else if (character === '}' || character === ']') {
      depth--
      // The first object is over: what follows is another reply.
      if (depth < base) return shape
    } else if (depth === base && key !== undefined && character > ' ') {
      shape.set(key, '0')
      key = undefined
    }
  }
  return shape
}

/** Where the string that begins at `from` ends; the end of the text where it is cut. */
function endOfString(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return Math.min(at, text.length)
}

function nextOf(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at]! <= ' ') at++
  return at
}

const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const fieldsOf = (value: unknown): Body => (typeof value === 'object' && value !== null ? (value as Body) : {})

/** `get-function` has the tags beside the configuration. */
function functionWithTags(body: Body): readonly Item[] {
  return [['/Configuration', { ...fieldsOf(body['Configuration']), Tags: body['Tags'] }]]
}

function taskWithTags(body: Body): readonly Item[] {
  return [['/taskDefinition', { ...fieldsOf(body['taskDefinition']), tags: body['tags'] }]]
}

/** Instances stand in reservations, which know the account. */
function instances(body: Body): readonly Item[] {
  return itemsOf(body['Reservations']).flatMap((item, at) => {
    const reservation = fieldsOf(item)
    return itemsOf(reservation['Instances']).map((instance, number): Item => {
      const fields = { OwnerId: reservation['OwnerId'], ...fieldsOf(instance) }
      return [`/Reservations/${at}/Instances/${number}`, fields]
    })
  })
}
