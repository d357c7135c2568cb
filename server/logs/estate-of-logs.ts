import { buildEstate, type Estate } from '../../graph/estate/build.ts'
import { scopeId } from '../../graph/known.ts'
import { startMerge } from '../../graph/merge.ts'
import { collect } from '../../importers/read/collect.ts'
import { rawFile } from '../../importers/read/raw-file.ts'
import { runImporters } from '../../importers/read/run-importers.ts'
import { importers } from '../../importers/registry.ts'
import type { LogRecord } from './log-records.ts'

/** Parts of logs, in memory: one line a record, by log. */
export interface LogPart {
  add(log: LogRecord['log'], record: object): void
  readonly records: number
  /** What these records alone show. Nothing is stored. */
  estate(): Promise<Estate>
}

const KEY = new Uint8Array(32)
const LINES_A_FILE = 20_000

export function logPart(name: string): LogPart {
  const lines = new Map<LogRecord['log'], string[]>()
  let records = 0
  return {
    add(log, record) {
      const list = lines.get(log) ?? []
      lines.set(log, list)
      list.push(JSON.stringify(record))
      records++
    },
    get records() {
      return records
    },
    estate: async () => {
      const files = [...lines].flatMap(([log, all]) =>
        Array.from({ length: Math.ceil(all.length / LINES_A_FILE) }, (_, at) =>
          rawFile(`${name}/${log}-${at}.json`, `${all.slice(at * LINES_A_FILE, (at + 1) * LINES_A_FILE).join('\n')}\n`),
        ),
      )
      const readers = importers.filter(({ id }) => id === 'cloudtrail' || id === 'vault-audit')
      const { byScope } = await collect(runImporters(files, { importers: readers, fingerprintKey: KEY }))
      const scopes = [...byScope.values()].map(({ scope, facts }) => {
        const merge = startMerge()
        facts.entities.forEach(merge.entity)
        facts.relationships.forEach(merge.relationship)
        facts.observations.forEach(merge.observation)
        return {
          ...{ scope: scopeId(scope.importer, scope.id), title: scope.title, importer: scope.importer },
          ...{ importerTitle: scope.importer, nature: 'log' as const, complete: false, at: '', files: [], blindTo: [] },
          facts: merge.finish(),
        }
      })
      return buildEstate(scopes, { id: name, at: null, sample: false })
    },
  }
}
