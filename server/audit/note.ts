import type { AuditDetail } from '../../graph/wire-audit.ts'
import type { AuditDraft } from './ledger.ts'

/** What a route may add to its entry: ids and numbers only. */
export type AuditNote = Pick<Partial<AuditDraft>, 'actor' | 'object' | 'scope' | 'generation'> & {
  readonly plan?: string
  readonly more?: AuditDetail['more']
}
