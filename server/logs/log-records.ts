import { createReadStream } from 'node:fs'
import { expand } from '../../importers/read/expand.ts'
import { jsonObjects } from '../../importers/read/json-objects.ts'
import { limits } from '../../importers/read/limits.ts'
import { runMeter } from '../../importers/read/meter.ts'
import { walkFiles } from '../import/walk-files.ts'

/** One record of a log that can be cut by time: which log it is of, and the record without what tools wrote round it. */
export interface LogRecord {
  readonly log: 'cloudtrail' | 'vault-audit'
  readonly record: Readonly<Record<string, unknown>>
  /** ISO 8601; undefined where the record has lost its time. */
  readonly at: string | undefined
  /** What was refused with it, if anything was. */
  readonly code: string | undefined
}

/** Records of logs in files and folders, packed or not; what is no such record is counted in `other`. */
export async function* logRecords(paths: readonly string[], seen: { other: number }): AsyncGenerator<LogRecord> {
  const meter = runMeter(limits)
  for (const named of paths)
    for await (const { path, name, error } of walkFiles(named)) {
      if (error !== undefined) {
        seen.other++
        continue
      }
      for await (const one of expand({ name, stream: () => createReadStream(path) }, limits, meter)) {
        if (!('file' in one)) {
          seen.other++
          continue
        }
        for await (const pieces of jsonObjects(one.file.stream(), {
          lists: ['Records', 'Events', 'events'],
          firstKey: 'eventVersion',
        }))
          for (const piece of pieces) {
            const record = 'text' in piece ? recordIn(piece.text) : undefined
            if (record) yield record
            else seen.other++
          }
      }
    }
}

type Fields = Record<string, unknown>
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value.slice(0, 200) : undefined)

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown
  } catch {
    return undefined
  }
}

function recordIn(json: string): LogRecord | undefined {
  const value = parsed(json)
  const event = cloudtrailEvent(value)
  if (event) {
    const at = text(event['eventTime']) ?? text(event['@timestamp'])
    return { log: 'cloudtrail', record: event, at, code: text(event['errorCode']) }
  }
  if (!isFields(value) || !isFields(value['request']) || (value['type'] !== 'request' && value['type'] !== 'response'))
    return undefined
  const response = isFields(value['response']) ? value['response'] : {}
  const isDenied =
    isFields(value['auth']) &&
    isFields(value['auth']['policy_results']) &&
    value['auth']['policy_results']['allowed'] === false
  const code = text(value['error']) ?? text(response['error']) ?? (isDenied ? 'permission denied' : undefined)
  return { log: 'vault-audit', record: value, at: text(value['time']), code: code === '' ? undefined : code }
}

const wrappings: readonly ((outer: Fields) => unknown)[] = [
  (outer) => outer['CloudTrailEvent'],
  (outer) => outer['detail'],
  (outer) => outer['log'],
  (outer) => outer['_source'],
  (outer) => (isFields(outer['aws']) ? outer['aws']['cloudtrail'] : undefined),
  (outer) => (isFields(outer['event']) ? outer['event']['original'] : undefined),
  (outer) => outer['message'],
]

/** The event inside what lookup-events, EventBridge, Logstash or OpenSearch wrote round it. */
function cloudtrailEvent(value: unknown): Fields | undefined {
  let inner = value
  for (let layers = 0; layers < 4; layers++) {
    if (typeof inner === 'string') inner = parsed(inner)
    if (!isFields(inner)) return undefined
    if ('eventSource' in inner && 'eventName' in inner) return inner
    const outer = inner
    inner = wrappings.map((unwrap) => unwrap(outer)).find((one) => one !== undefined)
  }
  return undefined
}

/** The same record as if nothing had been refused: it then shows who tried, as a use does. */
export function withoutRefusal({ log, record }: LogRecord): Fields {
  if (log === 'cloudtrail') {
    const { errorCode: _code, errorMessage: _message, ...event } = record
    return event
  }
  const { error: _error, auth, response, ...entry } = record
  const results = isFields(auth) ? auth['policy_results'] : undefined
  return {
    ...entry,
    ...(isFields(auth) && {
      auth: isFields(results) ? { ...auth, policy_results: { ...results, allowed: true } } : auth,
    }),
    ...(isFields(response) && {
      response: Object.fromEntries(Object.entries(response).filter(([name]) => name !== 'error')),
    }),
  }
}
