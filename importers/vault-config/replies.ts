import type { SkipReason } from '../../graph/facts.ts'
import { jsonDepth } from '../read/json-depth.ts'
import { limits } from '../read/limits.ts'

/** Keys are file text: looked up with `has`, never by index on a prototype. */
export type Data = ReadonlyMap<string, unknown>

/** A reply of Vault's API, and the path that was asked. */
export interface Reply {
  /** `auth/kubernetes/role/shop`, without a slash at its ends. */
  readonly path: string
  readonly data: Data
  readonly where: string
  readonly leaseSeconds?: number | undefined
  readonly leaseId?: string | undefined
  /** Names in `data.keys`, where the reply is a listing. */
  readonly listed?: readonly string[] | undefined
}

export interface Unread {
  readonly reason: SkipReason
  readonly where: string
}

export function isData(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Of JSON an object, of YAML a Map; anything else is empty. */
export function asData(value: unknown): Data {
  if (!(value instanceof Map)) return new Map(isData(value) ? Object.entries(value) : [])
  return new Map(
    [...(value as Map<unknown, unknown>)].filter((entry): entry is [string, unknown] => typeof entry[0] === 'string'),
  )
}
export const textIn = (data: Data, name: string): string | undefined => {
  const value = data.get(name)
  return typeof value === 'string' && value !== '' && value.length <= 2048 ? value : undefined
}
export const textsIn = (data: Data, name: string): string[] => {
  const value = data.get(name)
  const list = Array.isArray(value) ? (value as unknown[]) : typeof value === 'string' ? value.split(',') : []
  return list
    .filter((item): item is string => typeof item === 'string')
    .map((item) => item.trim())
    .filter((item) => item !== '' && item.length <= 1024)
    .slice(0, 10_000)
}
export const numberIn = (data: Data, name: string): number | undefined => {
  const value = data.get(name)
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
export const flagIn = (data: Data, name: string): boolean | undefined => {
  const value = data.get(name)
  return typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined
}

/** Folders of a Vault's own tree: where, in the name of a file, the path that was asked begins. */
const roots = new Set(['sys', 'auth', 'identity'])
const endings = ['.json', '.ndjson', '.jsonl', '.txt', '.log']

/**
 * The path a file's name says: `export/auth/kubernetes/role/shop.json`, `auth__kubernetes__role__shop.json`. Of a
 * secrets mount the whole name below the first folder counts, so such files stand in a folder called after the mount.
 */
export function pathOfName(name: string): string {
  const ending = endings.find((one) => name.endsWith(one)) ?? ''
  const archived = name.lastIndexOf('!/')
  const inside = name.slice(archived < 0 ? 0 : archived + 2, name.length - ending.length)
  const base = inside.slice(inside.lastIndexOf('/') + 1)
  const isWhole = base.includes('__')
  const parts = (isWhole ? base.replaceAll('__', '/') : inside).split('/').filter((part) => part !== '' && part !== '.')
  const root = parts.findIndex((part) => roots.has(part))
  return (root >= 0 ? parts.slice(root) : parts.length > 2 && !isWhole ? parts.slice(1) : parts).join('/')
}

/** Replies in a JSON text: one envelope, `{path, data}` objects in a list or one a line, or a bare table of mounts. */
export function repliesIn(text: string, name: string): (Reply | Unread)[] {
  if (jsonDepth(text, limits.jsonDepth) > limits.jsonDepth) return [{ reason: 'too-deep', where: '/' }]
  const whole = parsed(text)
  if (whole !== undefined) return [...repliesOf(whole, name, '')]
  const found: (Reply | Unread)[] = []
  let line = 0
  for (const one of text.split('\n')) {
    line++
    if (one.trim() === '') continue
    const value = parsed(one)
    if (value === undefined) found.push({ reason: 'not-json', where: `line ${line}` })
    else found.push(...repliesOf(value, name, `line ${line}`))
    if (found.length > limits.recordsPerFile) return [...found, { reason: 'too-large', where: `line ${line}` }]
  }
  return found.every((one) => 'reason' in one) && found.length > 3 ? [{ reason: 'not-json', where: '/' }] : found
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function* repliesOf(value: unknown, name: string, where: string): Generator<Reply | Unread> {
  if (Array.isArray(value)) {
    // `vault list -format=json` prints the bare names.
    const items = value as unknown[]
    if (items.length > 0 && items.every((item) => typeof item === 'string')) {
      yield { path: pathOfName(name), data: new Map(), listed: items, where: where || '/' }
      return
    }
    for (const [index, item] of items.entries()) yield* repliesOf(item, name, `${where}/${index}`)
    return
  }
  if (!isData(value)) return yield { reason: 'unreadable-record', where: where || '/' }
  const whole = asData(value)
  const path = trimmed(textIn(whole, 'path') ?? pathOfName(name))
  const response = whole.has('response') ? asData(whole.get('response')) : whole
  const errors = response.get('errors')
  if (Array.isArray(errors) && !response.has('data')) return yield { reason: 'error-response', where: where || '/' }
  const inner = response.get('data')
  const enveloped = response.has('request_id') || response.has('lease_id') || whole.has('path') || whole.has('response')
  const keys = isData(inner) ? inner['keys'] : undefined
  const data = Array.isArray(inner) ? new Map<string, unknown>() : asData(enveloped ? inner : value)
  const names = Array.isArray(keys) ? keys : Array.isArray(inner) ? inner : undefined
  yield {
    path,
    data,
    where: where || '/',
    leaseSeconds: numberIn(response, 'lease_duration'),
    leaseId: textIn(response, 'lease_id'),
    ...(names ? { listed: (names as unknown[]).filter((one): one is string => typeof one === 'string') } : {}),
  }
}

export function trimmed(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '')
    .join('/')
    .replace(/^v1\//, '')
}
