import type { Span } from '../kinds/delivery.ts'
import type { Mark } from '../kinds/marks.ts'
import type { Estate } from '../estate/estate.ts'
import type { Operation } from '../wire.ts'
import { lagOf } from './operations.ts'

/** Seconds until a change to this very thing is enforced everywhere: as somebody set it, else as its kind has it. */
export function lagAt(
  estate: Estate,
  index: number,
  op: Operation,
): { readonly span: Span; readonly mark: Mark; readonly set: boolean } {
  const { id, kind } = estate.entities[index]!
  const said = op === 'take-down' || op === 'lose' ? undefined : estate.lags?.get(id)
  return said ? { span: said, mark: 'S', set: true } : { ...lagOf(kind, op), set: false }
}
