import type { SourcesReply } from '../../../../graph/wire.ts'
import { say } from '../../app/say.ts'
import { csv } from '../../model/csv.ts'
import { exportName } from '../../model/export-name.ts'
import { save } from '../../model/save.ts'
import { plural } from '../../model/verdict.ts'

const columns = [
  'source',
  'read by',
  'imported or last event',
  'stale',
  'whole scope',
  'first event',
  'last event',
  'things',
  'relations',
  'records read',
  'records not understood',
  'credentials it caps',
  'why',
  'cannot see',
  'scope',
] as const

/** Every source with what it is blind to. */
export function exportSources({ sources, snapshot }: SourcesReply): void {
  const rows = sources.map((one) => [
    one.title,
    one.importerTitle,
    one.at,
    one.stale ? 'yes' : 'no',
    one.complete ? 'yes' : 'no',
    one.since ?? '',
    one.until ?? '',
    String(one.entities),
    String(one.relationships),
    String(one.records?.read ?? ''),
    String(one.records?.skipped ?? ''),
    String(one.caps ?? ''),
    one.capsWhy ?? '',
    one.blindTo.join('; '),
    one.scope,
  ])
  const foot = [
    ['snapshot', snapshot.id],
    ['link', location.href],
  ]
  save(csv([[...columns], ...rows, [], ...foot]), exportName('sources', '', snapshot.at, 'csv'), 'text/csv')
  say(`${plural(sources.length, 'source')} exported`)
}
