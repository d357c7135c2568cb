import { buildEstate, type Estate } from '../estate/build.ts'
import type { EstateRelationship } from '../estate/estate.ts'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { idOf } from '../ids.ts'
import { keys } from '../keys.ts'
import { startMerge } from '../merge.ts'
import { policyText } from './policy-text.ts'

export const HERE = '111122223333'
export const THERE = '444455556666'

export const arn = (resource: string, account = HERE): string => `arn:aws:iam::${account}:${resource}`
export const secretArn = (name: string, account = HERE): string =>
  `arn:aws:secretsmanager:eu-west-1:${account}:secret:${name}-AbCdEf`
export const keyArn = (id: string, account = HERE): string => `arn:aws:kms:eu-west-1:${account}:key/${id}`

export type Doc = Readonly<Record<string, unknown>>
export const allow = (action: unknown, resource: unknown = '*', more: Doc = {}): Doc => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...more,
})
export const deny = (action: unknown, resource: unknown = '*', more: Doc = {}): Doc => ({
  ...allow(action, resource, more),
  Effect: 'Deny',
})
export const trust = (principal: unknown, more: Doc = {}): Doc => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: principal,
  ...more,
})
/** A statement of a policy that belongs to a thing. */
export const lets = (principal: unknown, action: unknown, more: Doc = {}): Doc => ({
  Effect: 'Allow',
  Principal: principal,
  Action: action,
  Resource: '*',
  ...more,
})

const textOf = (statements: readonly Doc[]): string[] => policyText({ Version: '2012-10-17', Statement: statements })!

interface Principal {
  readonly policies?: readonly Doc[] | undefined
  /** Statements of a managed policy of the account's own, by its name. */
  readonly managed?: Readonly<Record<string, readonly Doc[]>> | undefined
  /** Attached, with a text that no source shows. */
  readonly unseen?: readonly string[] | undefined
  readonly boundary?: readonly Doc[] | 'unseen' | undefined
  readonly trust?: readonly Doc[] | undefined
  readonly groups?: readonly string[] | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
  readonly props?: EntityFact['props'] | undefined
}

interface Resource {
  readonly kind: EntityFact['kind']
  readonly policy?: readonly Doc[]
  readonly encryptedBy?: string
  readonly props?: EntityFact['props']
}

/** An organization: which policies stand over which accounts. Each level is one unit below the last. */
interface Organization {
  readonly levels: readonly (readonly (readonly Doc[])[])[]
  readonly accounts: readonly string[]
  readonly management?: string
  readonly type?: string
}

export interface Account {
  readonly principals: Readonly<Record<string, Principal>>
  readonly resources?: Readonly<Record<string, Resource>>
  readonly organization?: Organization
  readonly facts?: readonly RelationshipFact[]
}

const shown = (record: string) => [
  { source: 'aws-authorization-details', kind: 'declared' as const, file: 'account.json', record },
]

/** The estate of some principals (by ARN) and things (by ARN), as importers would have told it. */
export function estateOf(account: Account): Estate {
  const merge = startMerge()
  const entity = (fact: EntityFact): void => merge.entity(fact)
  for (const [key, principal] of Object.entries(account.principals))
    tellPrincipal(key, principal, entity, merge.relationship)
  for (const [key, { kind, policy, encryptedBy, props }] of Object.entries(account.resources ?? {})) {
    entity({
      id: key,
      kind,
      props: { ...props, ...(policy && { resourcePolicy: textOf(policy) }) },
      evidence: shown(key),
    })
    if (encryptedBy !== undefined) merge.relationship({ kind: 'ENCRYPTED_BY', from: key, to: encryptedBy })
  }
  tellOrganization(account.organization, entity, merge.relationship)
  for (const fact of account.facts ?? []) merge.relationship(fact)
  const facts = merge.finish()
  const scope = {
    scope: 'test',
    title: 'test',
    importer: 'aws-authorization-details',
    importerTitle: 'test',
    nature: 'snapshot' as const,
    complete: true,
    at: '2026-11-20T04:00:00Z',
    files: [],
    blindTo: [],
    facts,
  }
  return buildEstate([scope], { id: 'x', at: null, sample: false })
}

function tellPrincipal(
  key: string,
  { policies = [], managed = {}, unseen = [], boundary, trust: trusted, groups = [], tags, props }: Principal,
  entity: (fact: EntityFact) => void,
  relationship: (fact: RelationshipFact) => void,
): void {
  const account = key.split(':')[4]!
  const kind = key.includes(':role/') ? 'aws.iam_role' : key.includes(':user/') ? 'aws.iam_user' : 'aws.iam_group'
  const limit = `${key}-boundary`
  if (boundary !== undefined && boundary !== 'unseen')
    entity({ id: limit, kind: 'aws.iam_policy', name: 'boundary', props: { policyText: textOf(boundary) } })
  for (const [name, statements] of Object.entries(managed))
    entity({
      id: arn(`policy/${name}`, account),
      kind: 'aws.iam_policy',
      name,
      props: { policyText: textOf(statements) },
      evidence: shown(name),
    })
  policies.forEach((statement, at) =>
    entity({
      id: `${key}/inline-policy/p${at}`,
      kind: 'aws.iam_policy',
      name: `p${at}`,
      props: { policyText: textOf([statement]) },
      evidence: shown(key),
    }),
  )
  entity({
    id: key,
    kind,
    name: key.slice(key.lastIndexOf('/') + 1),
    evidence: shown(key),
    props: {
      permissionsKnown: true,
      policies: [...Object.keys(managed).map((name) => arn(`policy/${name}`, account)), ...unseen],
      inlinePolicies: policies.map((_, at) => `p${at}`),
      ...(boundary === undefined ? {} : { permissionsBoundary: limit }),
      ...(trusted === undefined ? {} : { trustPolicy: textOf(trusted) }),
      ...(tags === undefined
        ? {}
        : { tagsKnown: true, awsTags: Object.entries(tags).map(([name, value]) => `${name}=${value}`) }),
      ...props,
    },
  })
  entity({ id: keys.awsAccount(account), kind: 'aws.account', name: account })
  relationship({ kind: 'CONTAINED_IN', from: key, to: keys.awsAccount(account), evidence: shown(key) })
  for (const group of groups) relationship({ kind: 'MEMBER_OF', from: key, to: group, evidence: shown(key) })
}

function tellOrganization(
  organization: Organization | undefined,
  entity: (fact: EntityFact) => void,
  relationship: (fact: RelationshipFact) => void,
): void {
  if (organization === undefined) return
  const { levels, accounts, management, type = 'SERVICE_CONTROL_POLICY' } = organization
  const unit = (at: number): string => keys.awsOrganizationalUnit(at === 0 ? 'r-ab12' : `ou-ab12-0000000${at}`)
  const policiesOf = (at: number): string[] =>
    levels[at]!.map((statements, number) => {
      const id = `arn:aws:organizations::${THERE}:policy/o-a/service_control_policy/p-${at}${number}`
      entity({
        id,
        kind: 'aws.organization_policy',
        name: `scp ${at} ${number}`,
        props: { policyType: type, policyText: textOf(statements) },
      })
      return id
    })
  entity({
    id: keys.awsOrganization('o-a'),
    kind: 'aws.organization',
    name: 'o-a',
    ...(management === undefined ? {} : { props: { managementAccount: management } }),
  })
  const last = levels.length - 1
  for (let at = 0; at < last; at++) {
    entity({ id: unit(at), kind: 'aws.organizational_unit', props: { organizationPolicies: policiesOf(at) } })
    const to = at === 0 ? keys.awsOrganization('o-a') : unit(at - 1)
    relationship({ kind: 'CONTAINED_IN', from: unit(at), to })
  }
  for (const account of accounts) {
    const id = keys.awsAccount(account)
    entity({ id, kind: 'aws.account', name: account, props: { organizationPolicies: policiesOf(last) } })
    relationship({ kind: 'CONTAINED_IN', from: id, to: last === 0 ? keys.awsOrganization('o-a') : unit(last - 1) })
  }
}

/** An organization that allows everything, so that nothing is possible only because it was not seen. */
export const free = (...accounts: string[]): Organization => ({
  levels: [[[allow('*')]], [[allow('*')]]],
  accounts: accounts.length === 0 ? [HERE] : accounts,
})

export function edge(estate: Estate, kind: string, from: string, to: string): EstateRelationship | undefined {
  return estate.relationships.find((one) => one.kind === kind && one.from === idOf(from) && one.to === idOf(to))
}

/** `allowed`, or the conditions; `no` where there is no such relationship, itself or over a set. */
export function verdictOf(estate: Estate, kind: string, from: string, to: string): string | readonly string[] {
  const direct = edge(estate, kind, from, to)
  const over = estate.relationships.find(
    (one) =>
      one.kind === kind &&
      one.from === idOf(from) &&
      estate.entities[estate.indexOf.get(one.to)!]!.kind === 'aws.resource_set' &&
      edge(estate, kind, estate.entities[estate.indexOf.get(one.to)!]!.key, to) !== undefined,
  )
  const found = direct ?? over
  if (found === undefined) return 'no'
  const { verdict, conditions } = found.props ?? {}
  return verdict === 'possible' ? (conditions as readonly string[]) : 'allowed'
}
