import { answerItems } from '../../graph/answer/items.ts'
import { buildEstate } from '../../graph/estate/build.ts'
import type { EntityFact, RelationshipFact } from '../../graph/facts.ts'
import { idOf } from '../../graph/ids.ts'
import { startMerge } from '../../graph/merge.ts'
import type { ItemsQuery } from '../../graph/wire.ts'
import type { Predicted } from './judge.ts'

/** The raw facts of a run, as an importer would say them. */
export interface Facts {
  readonly entities: readonly EntityFact[]
  readonly relationships: readonly RelationshipFact[]
}

/** What the product answers of these facts: the two spans of each dependent, by its key. */
export function predict(
  facts: Facts,
  subject: string,
  query: ItemsQuery,
  now: string,
): ReadonlyMap<string, { readonly certain: Predicted; readonly possible: Predicted }> {
  const merge = startMerge()
  facts.entities.forEach(merge.entity)
  for (const one of facts.relationships) merge.relationship({ evidence: [{ source: 'lab', kind: 'declared' }], ...one })
  const scope = {
    ...{ scope: 'bundle:lab', title: 'Laboratory', importer: 'bundle', importerTitle: 'Bundle' },
    ...{ nature: 'asserted' as const, complete: true, at: now, files: [], blindTo: [] },
  }
  const estate = buildEstate([{ ...scope, facts: merge.finish() }], { id: 'lab', at: now, sample: false })
  const { items } = answerItems(estate, idOf(subject), query, now)
  const keyOf = new Map(facts.entities.map(({ id }) => [idOf(id), id]))
  return new Map(items.map(({ id, certain, possible }) => [keyOf.get(id) ?? id, { certain, possible }]))
}
