import type { FileReport, Importer, Probe, RunContext } from '../importer.ts'
import { catalogKinds, mapCatalog, type Stated } from './map.ts'
import { readEntities, readReply } from './records.ts'

/** Backstage's descriptor files: what people say of systems, parts and owners. */
export const catalog: Importer = {
  id: 'catalog',
  title: 'Backstage catalog',
  reads: 'Backstage catalog files (catalog-info.yaml) and replies of its API: systems, components, owners',
  emits: [
    'business.system',
    'business.team',
    'generic.resource',
    'generic.other',
    'github.repository',
    'k8s.namespace',
  ],
  blindTo: [
    'whether what people wrote is still so',
    'owners who are single people',
    'which workloads a component runs as, where it names no label of theirs',
  ],
  nature: 'asserted',
  detect: ({ head }: Probe) => (isDescriptor(head) || isReply(head) ? 1 : 0),
  begin(context: RunContext) {
    const all: Stated[] = []
    return {
      async file(input, report) {
        const text = await input.text()
        const read = isReply(text) ? readReply(text) : readEntities(text)
        report.read?.(Math.max(1, read.length))
        if (read.length === 0) report.skipped('empty', '/')
        for (const entity of read) {
          if ('reason' in entity) report.skipped(entity.reason, entity.where)
          else if (!catalogKinds.has(entity.ref.kind)) report.skipped('not-relevant', entity.where)
          else {
            report.mapped()
            noteOwner(entity.owner?.kind, entity.where, report)
            all.push({ entity, file: input.name })
          }
        }
      },
      end() {
        const name = context.scopeName ?? 'backstage'
        const declaration = { id: `catalog/${name}`, title: `Catalog ${name}`, complete: false }
        if (all.length > 0) mapCatalog(all, context.scope(declaration))
      },
    }
  },
}

const isDescriptor = (head: string): boolean =>
  head.split('\n').some((line) => line.startsWith('apiVersion:') && line.includes('backstage.io/'))

/** What the catalog's API answers, as JSON. */
function isReply(head: string): boolean {
  const start = head.trimStart()[0]
  return (start === '[' || start === '{') && head.includes('"apiVersion"') && head.includes('"backstage.io/')
}

function noteOwner(kind: string | undefined, where: string, report: FileReport): void {
  if (kind === 'user') report.note(`${where}: the owner is a person; people are not taken over, name a group.`)
}
