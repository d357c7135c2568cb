import { policyText } from '../../graph/access/policy-text.ts'
import type { Evidence, Props } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { Sink } from '../importer.ts'
import type { Summary } from './records.ts'

export interface Origin {
  readonly file: string
  readonly record: string
}

/** An account, unit or root, as several replies describe it. */
interface Node {
  readonly id: string
  origin: Origin
  name?: string | undefined
  status?: string | undefined
  parent?: string | undefined
  /** Ids of the policies attached to it. */
  readonly policies: Set<string>
}

/** What all replies of a run say of one organization. */
export interface Tree {
  id?: string | undefined
  management?: string | undefined
  features?: string | undefined
  origin?: Origin
  readonly nodes: Map<string, Node>
  readonly policies: Map<string, { summary: Summary; text?: string[] | undefined; origin: Origin }>
  /** Policies whose targets were listed, if only to say that there are none. */
  readonly targeted: Set<string>
  /** Lists that were seen whole: without them nothing that is missing is gone. */
  readonly whole: Set<'organization' | 'accounts' | 'roots'>
  truncated: boolean
}

export function emptyTree(): Tree {
  return { nodes: new Map(), policies: new Map(), targeted: new Set(), whole: new Set(), truncated: false }
}

export const isAccount = (id: string): boolean => /^\d{12}$/.test(id)
export const isUnit = (id: string): boolean => /^(?:ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$/.test(id)

export function nodeOf(tree: Tree, id: string, origin: Origin): Node {
  const known = tree.nodes.get(id)
  if (known !== undefined) return known
  const made: Node = { id, origin, policies: new Set() }
  tree.nodes.set(id, made)
  return made
}

const keyOf = (id: string): string => (isAccount(id) ? keys.awsAccount(id) : keys.awsOrganizationalUnit(id))

/** Policies that AWS makes itself, and whose text everybody knows: they allow everything. */
const everything = new Set(['p-FullAWSAccess', 'p-RCPFullAWSAccess'])

export function tellTree(tree: Tree, sink: Sink): void {
  const root = tree.id === undefined ? undefined : keys.awsOrganization(tree.id)
  if (root !== undefined)
    sink.entity({
      id: root,
      kind: 'aws.organization',
      name: tree.id!,
      props: given({ managementAccount: tree.management, featureSet: tree.features }),
      evidence: evidenceOf(tree.origin!),
    })
  for (const { summary, text, origin } of tree.policies.values())
    sink.entity({
      id: summary.Arn,
      kind: 'aws.organization_policy',
      name: summary.Name ?? summary.Id,
      aliases: [summary.Id],
      props: given({
        policyType: summary.Type,
        managedBy: summary.AwsManaged === true ? 'aws' : 'customer',
        policyText: text ?? (everything.has(summary.Id) ? allowsEverything : undefined),
      }),
      evidence: evidenceOf(origin),
    })
  const arnOf = new Map([...tree.policies].map(([id, { summary }]) => [id, summary.Arn]))
  for (const node of tree.nodes.values()) tellNode(node, root, arnOf, sink)
  // Attached, and no reply says what it is: what it takes away is not known.
  for (const id of new Set([...tree.nodes.values()].flatMap(({ policies }) => [...policies])))
    if (!arnOf.has(id))
      sink.entity({
        id: unnamed(id),
        kind: 'aws.organization_policy',
        name: id,
        props: { policyType: 'SERVICE_CONTROL_POLICY' },
      })
}

const unnamed = (policy: string): string => `aws:organization-policy:${policy}`

const allowsEverything = policyText({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } })!

function tellNode(node: Node, organization: string | undefined, arnOf: ReadonlyMap<string, string>, sink: Sink): void {
  const account = isAccount(node.id)
  sink.entity({
    id: keyOf(node.id),
    kind: account ? 'aws.account' : 'aws.organizational_unit',
    // Other sources know an account by its number only.
    name: account ? node.id : (node.name ?? node.id),
    aliases: account && node.name !== undefined ? [node.name] : [node.id],
    props: given({
      displayName: account ? node.name : undefined,
      status: node.status,
      organizationPolicies: [...node.policies].map((id) => arnOf.get(id) ?? unnamed(id)).sort(),
    }),
    evidence: evidenceOf(node.origin),
  })
  const parent = node.parent ?? (node.id.startsWith('r-') ? organization : undefined)
  if (parent === undefined) return
  const to = parent === organization ? parent : keyOf(parent)
  sink.relationship({ kind: 'CONTAINED_IN', from: keyOf(node.id), to, evidence: evidenceOf(node.origin) })
}

/** Why not everything of the organization is known; empty where it is. */
export function gapsIn(tree: Tree): readonly string[] {
  const { nodes, policies, whole, truncated } = tree
  const gaps: string[] = []
  for (const [list, command] of [
    ['organization', 'describe-organization'],
    ['roots', 'list-roots'],
    ['accounts', 'list-accounts'],
  ] as const)
    if (!whole.has(list)) gaps.push(`There is no reply of ${command}.`)
  if (truncated) gaps.push('A reply is one page of several.')
  const orphans = [...nodes.values()].filter(({ id, parent }) => parent === undefined && !id.startsWith('r-'))
  if (orphans.length > 0)
    gaps.push(
      `Of ${orphans.length} accounts and units (first: ${orphans[0]!.id}) no reply says what they are in: list-parents.`,
    )
  const unread = [...policies.values()].filter(({ summary, text }) => text === undefined && !everything.has(summary.Id))
  if (unread.length > 0)
    gaps.push(`Of ${unread.length} policies (first: ${unread[0]!.summary.Id}) the text is missing: describe-policy.`)
  const loose = [...policies.values()].filter(({ summary }) => !tree.targeted.has(summary.Id))
  if (loose.length > 0)
    gaps.push(
      `Of ${loose.length} policies (first: ${loose[0]!.summary.Id}) no reply says what they are attached to: list-targets-for-policy.`,
    )
  return gaps
}

function evidenceOf(origin: Origin): [Evidence] {
  return [{ source: 'aws-organizations', kind: 'declared', ...origin }]
}

function given(props: Readonly<Record<string, string | readonly string[] | undefined>>): Props {
  const kept = Object.entries(props).filter(([, value]) => value !== undefined && value.length > 0)
  return Object.fromEntries(kept) as Props
}
