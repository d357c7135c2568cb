import type { EntityKind } from '../kinds/entity-kinds.ts'
import { actionNumber } from './actions.ts'
import { isAccount } from './evaluate.ts'
import type { Compiled } from './request.ts'
import { thingList, type ThingList } from './thing-list.ts'
import type { Thing, World } from './world.ts'

/** The things that permissions of an account may be about, by kind. */
export interface Lists {
  /** Those of the account, and those elsewhere whose policy lets the account in. */
  of(kind: EntityKind, account: string, inside?: boolean): ThingList
  /** Roles that let the account decide who assumes them. */
  assumable(account: string): ThingList
  /** Roles of the account that trust a service, and so can be passed to it. */
  passable(account: string, service: string): ThingList
  /** Things whose own policy names this principal, by ARN or unique id. */
  naming(kind: EntityKind, principal: string): readonly Thing[]
  /** A thing of this kind in any account. */
  called(kind: EntityKind, arn: string): Thing | undefined
  /** Things whose policy lets everybody do something. */
  readonly open: readonly Thing[]
  readonly accounts: readonly string[]
}

/** What sets of a kind are called. */
const words = new Map<EntityKind, string>([
  ['aws.secretsmanager_secret', 'secrets'],
  ['aws.ssm_parameter', 'parameters'],
  ['aws.kms_key', 'KMS keys'],
  ['aws.s3_bucket', 'buckets'],
  ['aws.sqs_queue', 'queues'],
  ['aws.sns_topic', 'topics'],
  ['aws.lambda_function', 'Lambda functions'],
  ['aws.ec2_instance', 'EC2 instances'],
  ['aws.ecs_service', 'ECS services'],
  ['aws.codebuild_project', 'CodeBuild projects'],
  ['aws.iam_user', 'users'],
  ['aws.iam_role', 'roles'],
  ['aws.iam_group', 'groups'],
  ['aws.identity_provider_or_trust_anchor', 'identity providers'],
])

export function listsOf(world: World): Lists {
  const here = new Map<string, Thing[]>()
  const invited = new Map<string, Thing[]>()
  const naming = new Map<string, Thing[]>()
  const open: Thing[] = []
  const add = (into: Map<string, Thing[]>, key: string, thing: Thing): void => {
    const list = into.get(key)
    if (list === undefined) into.set(key, [thing])
    else if (list.at(-1) !== thing) list.push(thing)
  }
  for (const thing of world.things.values()) {
    const { kind } = thing.entity
    add(here, `${kind} ${thing.account}`, thing)
    for (const id of idsLetIn(thing)) {
      add(naming, `${kind} ${id}`, thing)
      const account = accountOf(id)
      if (account !== undefined && account !== thing.account) add(invited, `${kind} ${account}`, thing)
      if (id === '*' && open.at(-1) !== thing) open.push(thing)
    }
  }
  const known = new Map<string, ThingList>()
  const list = (id: string, what: string, account: string, things: () => readonly Thing[]): ThingList => {
    let made = known.get(id)
    if (made === undefined) known.set(id, (made = thingList(id, what, account, things())))
    return made
  }
  /** In other accounts, with a policy that lets this one or everybody in. */
  const elsewhere = (kind: EntityKind, account: string): ReadonlySet<Thing> =>
    new Set([
      ...(invited.get(`${kind} ${account}`) ?? []),
      ...open.filter((thing) => thing.entity.kind === kind && thing.account !== account),
    ])
  const rolesOf = (account: string): readonly Thing[] => here.get(`aws.iam_role ${account}`) ?? []
  return {
    of: (kind, account, inside = false) =>
      list(`${kind}${inside ? ' inside' : ''} ${account}`, words.get(kind) ?? 'things', account, () => {
        const things = [...(here.get(`${kind} ${account}`) ?? []), ...elsewhere(kind, account)]
        return inside ? things.map(insideOf) : things.map(withoutTrust)
      }),
    assumable: (account) =>
      list(`assumable ${account}`, 'roles', account, () => [
        ...rolesOf(account).filter(
          (role) => role.policy === undefined || [...idsLetIn(role)].some((id) => id === '*' || isAccount(id, account)),
        ),
        ...elsewhere('aws.iam_role', account),
      ]),
    passable: (account, service) =>
      list(`${service} ${account}`, 'roles', account, () =>
        rolesOf(account)
          .filter((role) => trusts(role, service))
          .map(withoutTrust),
      ),
    naming: (kind, principal) => naming.get(`${kind} ${principal}`) ?? [],
    called: (kind, arn) => here.get(`${kind} ${arn.split(':')[4] ?? ''}`)?.find((thing) => thing.arn === arn),
    open,
    accounts: [...new Set([...world.principals.values()].map(({ account }) => account))].sort(),
  }
}

/** A role as something to be passed on or changed, which its trust has no say in. */
export function withoutTrust(thing: Thing): Thing {
  if (thing.ownPolicyDecides !== 'trust') return thing
  const { policy: _policy, ownPolicyDecides: _decides, ...role } = thing
  return role
}

/** Objects of a bucket: any one of them. */
export function insideOf(thing: Thing): Thing {
  return { ...thing, forms: [`${thing.arn}/object`], below: `${thing.arn}/` }
}

/** Whom the policy of a thing names in a permission: ARNs, account ids, `*`. */
function idsLetIn({ policy }: Thing): ReadonlySet<string> {
  const ids = new Set<string>()
  for (const { allows, principals = [], notPrincipals } of policy?.statements ?? [])
    if (allows) {
      if (notPrincipals) ids.add('*')
      else for (const [type, id] of principals) if (type === 'AWS' || type === '*') ids.add(id)
    }
  return ids
}

function accountOf(id: string): string | undefined {
  if (id.length === 12 && !id.includes(':')) return id
  return id.startsWith('arn:') && id.endsWith(':root') ? id.split(':')[4] : undefined
}

const assumed = actionNumber('sts:AssumeRole')

function trusts({ policy }: Thing, service: string): boolean {
  return (policy?.statements ?? []).some((statement) => letsServiceIn(statement, service))
}

function letsServiceIn({ allows, principals = [], notPrincipals, speaksOf }: Compiled, service: string): boolean {
  if (!allows || notPrincipals || speaksOf[assumed] !== 1) return false
  return principals.some(([type, id]) => type === 'Service' && (id === service || id === `${service}.cn`))
}
