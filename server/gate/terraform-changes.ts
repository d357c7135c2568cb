import { z } from 'zod'
import { keys } from '../../graph/keys.ts'
import type { Operation } from '../../graph/wire.ts'
import { identify } from '../../importers/terraform-plan/identify.ts'
import { Plan, ResourceChange } from '../../importers/terraform-plan/records.ts'
import { jsonDepth } from '../../importers/read/json-depth.ts'
import { limits } from '../../importers/read/limits.ts'

/** What one resource of a plan comes to for whoever depends on it. */
export interface Change {
  readonly address: string
  /** Canonical key, where the attributes tell it; null: nobody here knows that type. */
  readonly key: string | null
  readonly change: string
  /** Null: no operation says what that does. */
  readonly op: Operation | null
  /** The old one goes in the same apply: what has to be done while both are there cannot be done. */
  readonly isAtOnce: boolean
  readonly why?: string
}

export interface TerraformChanges {
  readonly changes: readonly Change[]
  readonly others: number
  readonly unreadable: number
}

/** Parts of a type’s name that speak of credentials, identities or rights. */
const telling = [
  ...['access', 'account', 'app_client', 'auth', 'cert', 'credential', 'federat', 'grant', 'iam', 'identity', 'key'],
  ...['kms', 'login', 'oidc', 'openid', 'parameter', 'password', 'permission', 'policy', 'pool', 'principal', 'role'],
  ...['saml', 'secret', 'ssh', 'sso', 'token', 'trust', 'user', 'vault'],
]
/** Attributes that no use depends on. */
const idle = new Set(['tags', 'tags_all', 'labels', 'description', 'annotations'])

/** Identities and trust, by type: what the importer of plans has no row for. */
const identities = new Map<string, { readonly gone: Operation; readonly trust?: string }>([
  ['aws_iam_role', { gone: 'delete', trust: 'assume_role_policy' }],
  ['aws_iam_user', { gone: 'delete' }],
  ['aws_iam_openid_connect_provider', { gone: 'lose', trust: 'client_id_list' }],
  ['aws_iam_saml_provider', { gone: 'lose', trust: 'saml_metadata_document' }],
])

/** Types that are more than their credential: attributes that are it. */
const valueOf = new Map<string, readonly string[]>([
  ['aws_db_instance', ['password', 'password_wo_version', 'manage_master_user_password', 'username']],
  [
    'aws_rds_cluster',
    ['master_password', 'master_password_wo_version', 'manage_master_user_password', 'master_username'],
  ],
])

const asRecord = z.record(z.string(), z.unknown()).catch({})

/** Changes of a plan as `terraform show -json` writes it; undefined: it is none. Values are compared, and go nowhere. */
export function readTerraformPlan(text: string, owner: string, tree: string): TerraformChanges | undefined {
  if (jsonDepth(text, limits.jsonDepth) > limits.jsonDepth) return undefined
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return undefined
  }
  const plan = Plan.safeParse(document).data
  if (!plan || !Array.isArray(plan.resource_changes)) return undefined
  const changes: Change[] = []
  let [others, unreadable] = [0, 0]
  for (const raw of plan.resource_changes) {
    const one = ResourceChange.safeParse(raw).data
    if (!one) {
      unreadable++
      continue
    }
    const actions = one.change.actions.join(',')
    if (one.mode === 'data' || actions === 'no-op' || actions === 'read' || actions === 'create') continue
    const change = changeOf(one, actions, owner, tree)
    if (change) changes.push(change)
    else others++
  }
  return { changes, others, unreadable }
}

function changeOf(one: ResourceChange, actions: string, owner: string, tree: string): Change | undefined {
  const before = asRecord.parse(one.change.before ?? {})
  const { address, type } = one
  const changed = changedNames(
    before,
    asRecord.parse(one.change.after ?? {}),
    asRecord.parse(one.change.after_unknown ?? {}),
  )
  const base = { address, isAtOnce: false }
  if (actions === 'update' && changed.length > 0 && changed.every((name) => idle.has(name)))
    return isTelling(type) ? { ...base, key: null, change: 'described otherwise', op: null, why: 'idle' } : undefined
  const values = valueOf.get(type)
  if (actions === 'update' && values && !changed.some((name) => values.includes(name))) return undefined
  const identity = identities.get(type)
  if (identity) return ofIdentity(base, identity, before, actions, changed)
  const scene = { cluster: tree, owner, keyOf: () => '' }
  const thing = identify(type, address, attributesOf(before), scene)
  if (!thing) {
    if (!isTelling(type)) return undefined
    return { ...base, key: null, change: verb(actions), op: null, why: 'its type is not known here' }
  }
  const key = thing.id === '' ? null : thing.id
  const why = key === null ? { why: 'the plan does not say which one it is' } : {}
  if (thing.role === 'place')
    return actions === 'update'
      ? {
          ...base,
          key,
          change: 'its value or settings change',
          op: null,
          why: 'which value it will hold, a plan does not show',
        }
      : { ...base, key, change: verb(actions), op: 'delete', isAtOnce: actions !== 'delete', ...why }
  if (actions === 'delete' || actions === 'forget') return { ...base, key, change: verb(actions), op: actions === 'forget' ? null : 'revoke', ...why } // prettier-ignore
  const isOff = changed.includes('status') && asRecord.parse(one.change.after ?? {})['status'] === 'Inactive'
  if (actions === 'update' && isOff) return { ...base, key, change: 'deactivated', op: 'disable', ...why }
  return { ...base, key, change: verb(actions), op: 'rotate', isAtOnce: true, ...why }
}

function ofIdentity(
  base: Pick<Change, 'address' | 'isAtOnce'>,
  { gone, trust }: { readonly gone: Operation; readonly trust?: string },
  before: Readonly<Record<string, unknown>>,
  actions: string,
  changed: readonly string[],
): Change | undefined {
  const arn = before['arn']
  const key = typeof arn === 'string' && arn.startsWith('arn:') && arn.length < 2048 ? keys.awsArn(arn) : null
  const why = key === null ? { why: 'the plan does not say which one it is' } : {}
  if (actions !== 'update')
    return { ...base, key, change: verb(actions), op: gone, isAtOnce: actions !== 'delete', ...why }
  if (trust !== undefined && changed.includes(trust))
    return { ...base, key, change: 'whom it trusts changes', op: gone === 'lose' ? 'lose' : 'distrust', ...why }
  return { ...base, key: null, change: 'changed in place', op: null, why: `what that does is not known here: ${changed.filter((name) => /^[a-z_]{1,40}$/.test(name)).join(', ')}` } // prettier-ignore
}

const isTelling = (type: string): boolean => telling.some((part) => type.toLowerCase().includes(part))

const verbs = new Map([
  ['delete', 'destroyed'],
  ['forget', 'no longer managed, and left as it is'],
  ['update', 'changed in place'],
  ['delete,create', 'replaced, and the old one is destroyed first: no overlap'],
  ['create,delete', 'replaced, and the old one is destroyed in the same apply'],
])
const verb = (actions: string): string => verbs.get(actions) ?? 'changed in a way that is not known here'

function changedNames(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  unknown: Record<string, unknown>,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(unknown)])
  return [...names].filter(
    (name) => unknown[name] === true || JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  )
}

/** `a.0.b/c`: names may hold dots. */
function attributesOf(root: Record<string, unknown>): (path: string) => string | undefined {
  return (path) => {
    let value: unknown = root
    let rest = path
    while (rest !== '') {
      if (typeof value !== 'object' || value === null) return undefined
      const dot = rest.indexOf('.')
      const step = Object.hasOwn(value, rest) || dot < 0 ? rest : rest.slice(0, dot)
      if (!Object.hasOwn(value, step)) return undefined
      value = (value as Record<string, unknown>)[step]
      rest = step === rest ? '' : rest.slice(dot + 1)
    }
    return typeof value === 'string' && value !== '' && value.length <= 2048 ? value : undefined
  }
}
