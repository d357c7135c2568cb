import fc from 'fast-check'
import { idOf, relationshipKey } from '../../graph/ids.ts'
import { entityKindNames } from '../../graph/kinds/entity-kinds.ts'
import { relationshipKindNames } from '../../graph/kinds/relationship-kinds.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../../graph/known.ts'

/** Few keys, so that scopes speak of the same things and say different things of them. */
const key = fc.constantFrom(...Array.from({ length: 8 }, (_, i) => `thing ${i}`))
const entity = fc
  .tuple(key, fc.constantFrom(...entityKindNames), fc.constantFrom('Ledger', 'Payments', 'Depot'))
  .map(([of, kind, name]): KnownEntity => ({ id: idOf(of), key: of, kind, name }))
const relationship = fc
  .record({
    kind: fc.constantFrom(...relationshipKindNames.slice(0, 4)),
    from: key,
    to: key,
    // Its own id: ends and kind may then change from one import to the next.
    id: fc.option(fc.constantFrom('link 1', 'link 2'), { nil: undefined }),
    confidence: fc.constantFrom('possible' as const, 'confirmed' as const),
  })
  .map(({ kind, from, to, id, confidence }): KnownRelationship => {
    const made = { kind, from: idOf(from), to: idOf(to), confidence }
    return { id: idOf(relationshipKey({ id, kind, from, to })), ...made }
  })

const byId = <T extends { readonly id: string }>(all: readonly T[]): Map<string, T> =>
  new Map(all.map((one) => [one.id, one]))

export const randomFacts: fc.Arbitrary<KnownFacts> = fc
  .tuple(fc.array(entity, { maxLength: 6 }), fc.array(relationship, { maxLength: 6 }))
  .map(([entities, relationships]) => ({ entities: byId(entities), relationships: byId(relationships) }))
