import type { EntityKind } from '../kinds/entity-kinds.ts'
import type { Estate } from '../estate/estate.ts'
import type { SourcesReply } from '../wire.ts'

/** Places that sources are of: one that is known by name and that no source is of is a blind spot with a name. */
const places: readonly {
  readonly kind: EntityKind
  readonly what: string
  /** Start of the entity's key. */
  readonly key: string
  /** Start of the scope's name behind the importer. */
  readonly scope: string
  readonly importers: readonly string[]
}[] = [
  {
    kind: 'aws.account',
    what: 'AWS accounts',
    key: 'aws:account:',
    scope: 'aws/',
    importers: ['aws-authorization-details', 'aws-access-keys', 'aws-credential-report'],
  },
  { kind: 'k8s.cluster', what: 'Kubernetes clusters', key: 'k8s:', scope: 'k8s/', importers: ['kubernetes'] },
  {
    kind: 'github.repository',
    what: 'repositories with their workflows',
    key: 'github:',
    scope: 'github/',
    importers: ['github-workflows'],
  },
]

const NAMED = 20

/** Of the accounts, clusters and repositories that anything names, how many a source is of. */
export function sourceReach(estate: Estate): NonNullable<SourcesReply['reach']> {
  return places.flatMap(({ kind, what, key, scope, importers }) => {
    const read = new Set<string>()
    for (const source of estate.sources) {
      const name = source.scope.slice(source.scope.indexOf(':') + 1).toLowerCase()
      if (importers.includes(source.importer) && name.startsWith(scope)) read.add(name.slice(scope.length))
    }
    const known = estate.entities.filter((entity) => entity.kind === kind && entity.key.startsWith(key))
    if (known.length === 0) return []
    const missing = known.filter((entity) => !read.has(entity.key.slice(key.length).toLowerCase()))
    const names = missing.slice(0, NAMED).map(({ name }) => name)
    return [{ what, seen: known.length - missing.length, of: known.length, missing: names }]
  })
}
