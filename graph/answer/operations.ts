import { changeKinds, type ChangeAction, type ChangeRow, type Effect } from '../kinds/change-kinds.ts'
import type { Span } from '../kinds/delivery.ts'
import { entityKinds, type EntityKind } from '../kinds/entity-kinds.ts'
import type { Mark } from '../kinds/marks.ts'
import type { Role } from '../kinds/roles.ts'
import type { KnownEntity } from '../known.ts'
import type { Operation } from '../wire.ts'
import { withArticle } from './article.ts'
import { textProp } from './things.ts'

export interface OperationRow {
  readonly title: string
  readonly verb: string
  readonly done: string
  readonly doing: string
  /** What it is for the engine (engine.md, "What a change says"). */
  readonly engine: 'revoke' | 'disable' | 'rotate' | 'cut'
  /** The column of the change-semantics tables that says its effect. */
  readonly action: ChangeAction
  /** Roles of what it can be done to; `kinds` are single kinds beside them. */
  readonly roles: readonly Role[]
  readonly kinds?: readonly EntityKind[]
  /** Its subject in words, for whoever asks it of something else. */
  readonly of: string
}

/** Who can be asked to leave: with everything that was given to them. */
const leavers = [
  'business.vendor',
  'business.team',
  'business.person',
  'github.repository',
] as const satisfies readonly EntityKind[]

/** A grant that stands by itself: taking it away is what one does to it. */
const grants = [
  'aws.iam_policy',
  'azure.role_assignment',
  'gcp.iam_binding',
  'k8s.rbac_binding',
  'k8s.role',
  'vault.policy',
] as const satisfies readonly EntityKind[]

/** What others of this role are issued by. */
const issuers = ['ca.issuer', 'k8s.sa_signing_key', 'jwt.signing_key'] as const satisfies readonly EntityKind[]
const federations = [
  'aws.identity_provider_or_trust_anchor',
  'gcp.workload_identity_pool',
  'gcp.workload_identity_provider',
] as const satisfies readonly EntityKind[]

/** Everything that may be done. Each is a revoke, disable, rotate or cut with other starting facts. */
export const operations = {
  revoke: {
    title: 'Revoke',
    verb: 'revoke',
    done: 'revoked',
    doing: 'Revoking',
    engine: 'revoke',
    action: 'revoke',
    roles: ['credential'],
    of: 'a credential',
  },
  rotate: {
    title: 'Rotate',
    verb: 'rotate',
    done: 'rotated',
    doing: 'Rotating',
    engine: 'rotate',
    action: 'rotate_overlap',
    roles: ['credential'],
    of: 'a credential',
  },
  disable: {
    title: 'Disable',
    verb: 'disable',
    done: 'disabled',
    doing: 'Disabling',
    engine: 'disable',
    action: 'disable',
    roles: ['credential', 'identity', 'secret'],
    kinds: ['aws.kms_key'],
    of: 'a credential, an identity, a secret or a key of KMS',
  },
  expire: {
    title: 'Let expire',
    verb: 'let expire',
    done: 'expired',
    doing: 'Letting expire',
    engine: 'revoke',
    action: 'expire',
    roles: ['credential'],
    of: 'a credential that has an end',
  },
  'rotate-in-place': {
    title: 'Rotate in place',
    verb: 'rotate in place',
    done: 'rotated in place',
    doing: 'Rotating in place',
    engine: 'rotate',
    action: 'rotate_in_place',
    roles: ['credential'],
    of: 'a credential',
  },
  'rotate-users': {
    title: 'Rotate with alternating users',
    verb: 'rotate with alternating users',
    done: 'rotated with alternating users',
    doing: 'Rotating with alternating users',
    engine: 'rotate',
    action: 'rotate_overlap',
    roles: ['credential'],
    of: 'a password of a database or a broker',
  },
  'enforce-vault': {
    title: 'Allow through the vault only',
    verb: 'allow it through the vault only',
    done: 'moved to the vault',
    doing: 'Allowing it through the vault only',
    engine: 'rotate',
    action: 'enforce_vault',
    roles: ['credential'],
    of: 'a static credential',
  },
  'enforce-jit': {
    title: 'Allow just in time only',
    verb: 'allow it just in time only',
    done: 'made just in time',
    doing: 'Allowing it just in time only',
    engine: 'rotate',
    action: 'enforce_vault',
    roles: ['credential'],
    of: 'a static credential',
  },
  delete: {
    title: 'Delete',
    verb: 'delete',
    done: 'deleted',
    doing: 'Deleting',
    engine: 'revoke',
    action: 'revoke',
    roles: ['identity', 'secret'],
    kinds: ['aws.kms_key', ...grants],
    of: 'an identity, a secret, a grant or a key of KMS',
  },
  reduce: {
    title: 'Take its rights away',
    verb: 'take its rights away',
    done: 'without its rights',
    doing: 'Taking its rights away',
    engine: 'cut',
    action: 'reduce',
    roles: ['identity', 'credential'],
    kinds: grants,
    of: 'an identity, a credential that proves one, or a policy',
  },
  distrust: {
    title: 'Take the trust in it away',
    verb: 'take the trust in it away',
    done: 'no longer lent to anybody',
    doing: 'Taking the trust away',
    engine: 'cut',
    action: 'revoke_issuer',
    roles: ['identity'],
    of: 'an identity that others act as, or that is trusted',
  },
  'take-down': {
    title: 'Take down for a while',
    verb: 'take down',
    done: 'taken down',
    doing: 'Taking it down',
    engine: 'disable',
    action: 'disable',
    roles: ['secret', 'workload', 'system', 'resource'],
    kinds: [...issuers, ...federations, 'vault.mount'],
    of: 'a vault, CA, key, issuer, or anything else that others need running',
  },
  lose: {
    title: 'Lose for good',
    verb: 'lose',
    done: 'lost',
    doing: 'Losing it',
    engine: 'revoke',
    action: 'revoke',
    roles: ['secret', 'workload', 'system', 'resource'],
    kinds: [...issuers, ...federations, 'vault.mount'],
    of: 'a vault, CA, key, issuer, or anything else that others need',
  },
  offboard: {
    title: 'Offboard',
    verb: 'offboard',
    done: 'offboarded',
    doing: 'Offboarding',
    engine: 'revoke',
    action: 'revoke',
    roles: ['identity'],
    kinds: leavers,
    of: 'a vendor, a person or their account, a team, a repository',
  },
} as const satisfies Record<Operation, OperationRow>

export const operationNames = Object.keys(operations) as readonly Operation[]
/** What the screen offers beside each other for a credential; the others stand in `actions`. */
const usual: readonly Operation[] = ['revoke', 'rotate', 'disable', 'expire']

export function operationRow(op: Operation): OperationRow {
  return operations[op]
}

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

/** Does it need a second value beside the first, and so a free slot? */
export function needsSlot(op: Operation): boolean {
  return operations[op].engine === 'rotate' && op !== 'rotate-in-place'
}

/** Kinds with one value at a time, for which a second user does what a second value does elsewhere (13.5). */
export function hasSecondUser(kind: EntityKind): boolean {
  return entityKinds[kind].plane === 'database' && entityKinds[kind].role === 'credential'
}

/** The action of the change-semantics tables that an operation is on this kind. */
export function actionOf(kind: EntityKind, op: Operation): ChangeAction {
  if (op === 'rotate') return canOverlap(kind) ? 'rotate_overlap' : 'rotate_in_place'
  return operations[op].action
}

/** What the operation does to dependents; a kind without a row is not verified. */
export function effectOf(kind: EntityKind, op: Operation): Effect {
  return changeRow(kind)?.effects[actionOf(kind, op)] ?? { codes: ['unk'] }
}

const UNKNOWN_LAG = { span: [0, 300], mark: 'A' } as const satisfies { span: Span; mark: Mark }

/** Seconds until the platform enforces it everywhere, and how well that is known. */
export function lagOf(kind: EntityKind, op?: Operation): { readonly span: Span; readonly mark: Mark } {
  const row = changeRow(kind)
  if (op === 'take-down' || op === 'lose') return AT_ONCE
  return (op && row?.lags?.[actionOf(kind, op)]) ?? row?.lag ?? UNKNOWN_LAG
}

/** What is down is down: nothing has to be enforced. */
const AT_ONCE = { span: [0, 0], mark: 'D' } as const satisfies { span: Span; mark: Mark }

export interface Availability {
  readonly op: Operation
  readonly title: string
  readonly available: boolean
  readonly why?: string
}

/** Which operations make sense on this thing, and why not the others of its role. */
export function availabilityOf(entity: KnownEntity): Availability[] {
  const isCredential = entityKinds[entity.kind].role === 'credential'
  return operationNames
    .filter((op) => (isCredential ? usual.includes(op) : appliesTo(entity.kind, op)))
    .map((op) => availability(entity, op))
}

/** Every operation that can be asked of this thing at all, with the reason where this very one cannot have it. */
export function actionsOf(entity: KnownEntity, asked: { readonly at?: string | undefined } = {}): Availability[] {
  return operationNames.filter((op) => appliesTo(entity.kind, op)).map((op) => availability(entity, op, asked))
}

/** One operation on one thing. */
export function availability(
  entity: KnownEntity,
  op: Operation,
  asked: { readonly at?: string | undefined } = {},
): Availability {
  const why = whyNot(entity, op, asked.at)
  return { op, title: operations[op].title, available: why === undefined, ...(why && { why }) }
}

/** Is this the kind of thing that the operation is done to? */
export function appliesTo(kind: EntityKind, op: Operation): boolean {
  const { roles, kinds = [] } = operationRow(op)
  return roles.includes(entityKinds[kind].role) || kinds.includes(kind)
}

/** Operations whose effect the tables give under this very name; of the others they do not say whether they exist. */
const inTables: readonly Operation[] = [
  'revoke',
  'rotate',
  'disable',
  'expire',
  'rotate-in-place',
  'enforce-vault',
  'delete',
]

function whyNot(entity: KnownEntity, op: Operation, at?: string): string | undefined {
  const { kind } = entity
  const title = entityKinds[kind].title
  if (!appliesTo(kind, op)) return `${withArticle(title)} is not ${operations[op].of}`
  const [code] = effectOf(kind, op).codes
  if (op === 'expire' && at === undefined && textProp(entity, 'expiresAt') === undefined)
    return code === 'na' ? `${title}: does not expire by itself` : 'no source says when it expires'
  if (op === 'rotate-users' && !hasSecondUser(kind)) return `${title}: there are no users to alternate`
  if (inTables.includes(op) && code === 'na') return `${title}: the platform has no such action`
  return undefined
}
