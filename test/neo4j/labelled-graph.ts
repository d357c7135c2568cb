import type { KnownFacts } from '../../graph/known.ts'
import { labelsOf } from '../../server/store/neo4j/projected-rows.ts'
import { query } from './database.ts'

/** The labelled graph as sorted lines: what is in Neo4j. */
export async function labelledGraph(): Promise<readonly string[]> {
  const things = await query('MATCH (n:Entity) RETURN n.id AS id, n.name AS name, labels(n) AS labels')
  const links = await query(
    'MATCH (a:Entity)-[r]->(b) RETURN r.id AS id, type(r) AS type, a.id AS from, b.id AS to, r.confidence AS confidence',
  )
  return [
    ...things.map(({ id, name, labels }) => [id, name ?? 'unseen', [...(labels as string[])].sort().join()].join(' ')),
    ...links.map(({ id, type, from, to, confidence }) => [id, type, from, to, confidence].join(' ')),
  ].sort()
}

/** The same lines, from what the estate says. */
export function expectedGraph({ entities, relationships }: KnownFacts): readonly string[] {
  const ends = [...relationships.values()].flatMap(({ from, to }) => [from, to])
  const unseen = [...new Set(ends)].filter((id) => !entities.has(id))
  return [
    ...[...entities.values()].map(({ id, name, kind }) =>
      [id, name, ['Entity', ...labelsOf(kind)].sort().join()].join(' '),
    ),
    ...unseen.map((id) => [id, 'unseen', 'Entity,Unseen'].join(' ')),
    ...[...relationships.values()].map(({ id, kind, from, to, confidence }) =>
      [id, kind, from, to, confidence ?? 'confirmed'].join(' '),
    ),
  ].sort()
}
