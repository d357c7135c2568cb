import type { EntityFact, RelationshipFact } from '../../graph/facts.ts'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import type { Facts } from './predict.ts'

export const CREDENTIAL = 'lab:credential'
export const VAULT = 'lab:vault'
export const APP = 'lab:app'
export const COPY = 'lab:copy'

const app = (id: string): EntityFact => ({ id, kind: 'generic.workload', name: id })
export const workload = app

type Said = Omit<RelationshipFact, 'kind' | 'from' | 'to'>

/** The credential of the kind, the vault that holds it, and what else a run has. */
export function facts(
  kind: EntityKind,
  relationships: readonly RelationshipFact[],
  entities: readonly EntityFact[] = [],
  props: EntityFact['props'] = {},
): Facts {
  return {
    entities: [
      { id: CREDENTIAL, kind, name: CREDENTIAL, props: { ...props } },
      { id: VAULT, kind: 'vault.kv2_secret', name: VAULT },
      app(APP),
      ...entities,
    ],
    relationships: [{ kind: 'HOLDS', from: VAULT, to: CREDENTIAL }, ...relationships],
  }
}

export const uses = (from: string, to: string, said: Said = {}): RelationshipFact => ({
  kind: 'USES_SECRET',
  from,
  to,
  session: [0, 0],
  ...said,
})

/** Read once, when the process starts. */
export const atStart = { delivery: 'env_at_start' } as const
/** Read again within so many seconds. */
export const within = (seconds: number) =>
  ({ delivery: 'fetch_cached', pickup: [0, seconds] as [number, number] }) as const
/** An open connection is used this long at most; null: until it breaks. */
export const keeps = (seconds: number | null) => ({ session: [0, seconds] as [number, number | null] }) as const
