import { changeKinds, type ChangeAction, type ChangeRow, type Effect } from '../kinds/change-kinds.ts'
import type { Span } from '../kinds/delivery.ts'
import { entityKinds, type EntityKind } from '../kinds/entity-kinds.ts'
import type { Mark } from '../kinds/marks.ts'
import type { KnownEntity } from '../known.ts'
import type { Operation } from '../wire.ts'
import { textProp } from './things.ts'

export const operations = {
  revoke: { title: 'Revoke', verb: 'revoke', done: 'revoked', doing: 'Revoking' },
  rotate: { title: 'Rotate', verb: 'rotate', done: 'rotated', doing: 'Rotating' },
  disable: { title: 'Disable', verb: 'disable', done: 'disabled', doing: 'Disabling' },
  expire: { title: 'Let expire', verb: 'let expire', done: 'expired', doing: 'Letting expire' },
} as const satisfies Record<Operation, { title: string; verb: string; done: string; doing: string }>

export const operationNames = Object.keys(operations) as readonly Operation[]

/** The change row of a kind, or undefined for kinds whose change semantics nobody wrote down. */
export function changeRow(kind: EntityKind): ChangeRow | undefined {
  return Object.hasOwn(changeKinds, kind) ? changeKinds[kind as keyof typeof changeKinds] : undefined
}

/** Whether two values of this kind can be valid at once, so that a rotation can overlap. */
export function canOverlap(kind: EntityKind): boolean {
  const row = changeRow(kind)
  return (
    row !== undefined &&
    (row.maxConcurrent === 'many' || (typeof row.maxConcurrent === 'number' && row.maxConcurrent > 1))
  )
}

/** The action of the change-semantics tables that an operation is on this kind. */
export function actionOf(kind: EntityKind, op: Operation): ChangeAction {
  if (op === 'rotate') return canOverlap(kind) ? 'rotate_overlap' : 'rotate_in_place'
  return op
}

/** What the operation does to dependents; a kind without a row is not verified. */
export function effectOf(kind: EntityKind, op: Operation): Effect {
  return changeRow(kind)?.effects[actionOf(kind, op)] ?? { codes: ['unk'] }
}

const UNKNOWN_LAG = { span: [0, 300], mark: 'A' } as const satisfies { span: Span; mark: Mark }

/** Seconds until the platform enforces it everywhere, and how well that is known. */
export function lagOf(kind: EntityKind): { readonly span: Span; readonly mark: Mark } {
  return changeRow(kind)?.lag ?? UNKNOWN_LAG
}

export interface Availability {
  readonly op: Operation
  readonly title: string
  readonly available: boolean
  readonly why?: string
}

/** Which operations make sense on this credential, and why not the others. */
export function availabilityOf(credential: KnownEntity): Availability[] {
  return operationNames.map((op) => {
    const why = whyNot(credential, op)
    return { op, title: operations[op].title, available: why === undefined, ...(why && { why }) }
  })
}

function whyNot(credential: KnownEntity, op: Operation): string | undefined {
  const title = entityKinds[credential.kind].title
  if (op === 'expire' && textProp(credential, 'expiresAt') === undefined)
    return effectOf(credential.kind, op).codes[0] === 'na'
      ? `${title}: does not expire by itself`
      : 'no source says when it expires'
  if (effectOf(credential.kind, op).codes[0] === 'na') return `${title}: the platform has no such action`
  return undefined
}
