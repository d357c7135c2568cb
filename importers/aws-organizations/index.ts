import { policyText } from '../../graph/access/policy-text.ts'
import type { SkipReason } from '../../graph/facts.ts'
import type { FileReport, Importer, InputFile, RunContext } from '../importer.ts'
import { isMasked } from '../read/arn.ts'
import { awsReplies, firstName } from '../read/aws-replies.ts'
import { Account, Organization, Policy, Relative, Summary, Target, Unit } from './records.ts'
import { emptyTree, gapsIn, isAccount, isUnit, nodeOf, tellTree, type Origin, type Tree } from './tree.ts'

/** Replies of `aws organizations`: accounts, units, and the service and resource control policies over them. */
export const awsOrganizations: Importer = {
  id: 'aws-organizations',
  title: 'AWS Organizations',
  reads: 'AWS Organizations: accounts, units, service and resource control policies (JSON replies, one or many a file)',
  collect: 'aws organizations describe-policy --policy-id ID --output json > describe-policy__ID.json',
  emits: ['aws.organization', 'aws.organizational_unit', 'aws.account', 'aws.organization_policy'],
  blindTo: [
    'use: a policy over accounts says what may not happen',
    'policies and attachments that were not listed',
    'declarative, tag, backup and AI policies',
    'what services do on their own, which no control policy stops',
  ],
  nature: 'snapshot',
  detect: ({ head }) => (readers.has(firstName(head) ?? '') && marks.some((mark) => head.includes(mark)) ? 0.9 : 0),
  begin,
}

/** Words that only replies of Organizations have. */
const marks = [':organizations::', '"PolicySummary"', '"ORGANIZATIONAL_UNIT"', '"ROOT"', '"MasterAccountArn"']

interface Reading {
  readonly tree: Tree
  readonly origin: Origin
  /** Whom the reply is about, where it does not say so itself: added to it, or in the name of its file. */
  readonly about: (name: string, is: (id: string) => boolean) => string | undefined
}

type Outcome = 'mapped' | SkipReason
type Reader = (item: unknown, reading: Reading) => Outcome

/** Of each reply its list (or single thing) and who reads an item of it. */
const readers = new Map<string, Reader>([
  ['Organization', readOrganization],
  ['Roots', (item, reading) => readUnit(item, reading, undefined)],
  ['OrganizationalUnits', (item, reading) => readUnit(item, reading, reading.about('ParentId', isUnit))],
  ['Accounts', readAccount],
  ['Parents', readParent],
  ['Children', readChild],
  ['Policies', readSummary],
  ['Policy', readPolicy],
  ['Targets', readTarget],
])

const wholeLists = new Map([
  ['Organization', 'organization'],
  ['Roots', 'roots'],
] as const)

function begin(context: RunContext) {
  const tree = emptyTree()
  const reports: FileReport[] = []
  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      reports.push(report)
      const skip = (reason: SkipReason, where: string): void => {
        report.read?.()
        report.skipped(reason, where)
      }
      for await (const { where, body } of awsReplies(input, skip)) {
        const name = Object.keys(body).find((one) => readers.has(one))
        if (name === undefined) skip('unknown-type', where || '/')
        else readReply(name, body, where, input.name, { tree, report, skip })
      }
    },
    end(): void {
      if (tree.nodes.size === 0 && tree.policies.size === 0 && tree.id === undefined) return
      const gaps = gapsIn(tree)
      for (const gap of gaps) reports.at(-1)!.note(gap)
      const id = tree.id ?? context.scopeName ?? 'unknown'
      tellTree(
        tree,
        context.scope({ id: `aws-organization/${id}`, title: `AWS organization ${id}`, complete: gaps.length === 0 }),
      )
    },
  }
}

interface Place {
  readonly tree: Tree
  readonly report: FileReport
  readonly skip: (reason: SkipReason, where: string) => void
}

function readReply(
  name: string,
  body: Readonly<Record<string, unknown>>,
  where: string,
  file: string,
  { tree, report, skip }: Place,
): void {
  const value = body[name]
  const items = Array.isArray(value) ? value : [value]
  const about: Reading['about'] = (field, is) => {
    const said = body[field]
    if (typeof said === 'string' && is(said)) return said
    return idsIn(file).find(is)
  }
  if (typeof body['NextToken'] === 'string') tree.truncated = true
  const list = wholeLists.get(name as 'Roots')
  if (list !== undefined) tree.whole.add(list)
  if (name === 'Accounts' && about('ParentId', isUnit) === undefined) tree.whole.add('accounts')
  // That a policy is attached to nothing, and a unit empty, is worth knowing too.
  const policy = name === 'Targets' ? about('PolicyId', isPolicy) : undefined
  if (policy !== undefined) tree.targeted.add(policy)
  if (items.length === 0) return skip('empty', `${where}/${name}`)
  items.forEach((item, at) => {
    const record = `${where}/${name}${Array.isArray(value) ? `/${at}` : ''}`
    report.read?.()
    const outcome = readers.get(name)!(item, { tree, about, origin: { file, record } })
    if (outcome === 'mapped') report.mapped()
    else {
      report.skipped(outcome, record)
      if (outcome === 'missing-identifier')
        report.note(
          `The reply does not say which thing it is about: name the file after it, as \`${exampleOf(name)}\`.`,
        )
    }
  })
}

const exampleOf = (name: string): string =>
  name === 'Targets'
    ? 'list-targets-for-policy__p-….json'
    : name === 'Parents'
      ? 'list-parents__ou-….json'
      : 'list-children__ou-….json'

const isPolicy = (id: string): boolean => /^p-[A-Za-z0-9]{8,128}$/.test(id)

/** Ids in the name of a file: `list-parents__111122223333.json`, `targets p-abcdefgh.json`. */
function idsIn(file: string): readonly string[] {
  const name = file.slice(file.lastIndexOf('/') + 1)
  return name.split(/[^A-Za-z0-9-]+/)
}

/** `o-…` out of an ARN of the organization's. */
function organizationIn(arn: string | undefined): string | undefined {
  return arn === undefined ? undefined : /\/(o-[a-z0-9]{10,32})\//.exec(arn.slice(0, 256))?.[1]
}

function belongs(tree: Tree, arn: string | undefined, origin: Origin): void {
  tree.id ??= organizationIn(arn)
  tree.origin ??= origin
}

function readOrganization(item: unknown, { tree, origin }: Reading): Outcome {
  const read = Organization.safeParse(item)
  if (!read.success) return 'unreadable-record'
  if (isMasked(read.data.Id)) return 'masked-identifier'
  tree.id = read.data.Id
  tree.management = read.data.ManagementAccountId ?? read.data.MasterAccountId
  tree.features = read.data.FeatureSet
  tree.origin = origin
  return 'mapped'
}

function readUnit(item: unknown, { tree, origin }: Reading, parent: string | undefined): Outcome {
  const read = Unit.safeParse(item)
  if (!read.success) return 'unreadable-record'
  if (!isUnit(read.data.Id)) return 'masked-identifier'
  belongs(tree, read.data.Arn, origin)
  const node = nodeOf(tree, read.data.Id, origin)
  node.name = read.data.Name
  node.parent ??= parent
  return 'mapped'
}

function readAccount(item: unknown, { tree, origin, about }: Reading): Outcome {
  const read = Account.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const { Id, Arn, Name, Status, State } = read.data
  if (!isAccount(Id)) return 'masked-identifier'
  belongs(tree, Arn, origin)
  const node = nodeOf(tree, Id, origin)
  node.name = Name
  node.status = State ?? Status
  node.parent ??= about('ParentId', isUnit)
  return 'mapped'
}

const isNode = (id: string): boolean => isAccount(id) || isUnit(id)

function readParent(item: unknown, { tree, origin, about }: Reading): Outcome {
  const read = Relative.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const child = about('ChildId', isNode)
  if (child === undefined) return 'missing-identifier'
  if (!isUnit(read.data.Id)) return 'masked-identifier'
  nodeOf(tree, read.data.Id, origin)
  nodeOf(tree, child, origin).parent = read.data.Id
  return 'mapped'
}

function readChild(item: unknown, { tree, origin, about }: Reading): Outcome {
  const read = Relative.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const parent = about('ParentId', isUnit)
  if (parent === undefined) return 'missing-identifier'
  if (!isNode(read.data.Id)) return 'masked-identifier'
  nodeOf(tree, parent, origin)
  nodeOf(tree, read.data.Id, origin).parent = parent
  return 'mapped'
}

const controlling = new Set(['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'])

function keep(tree: Tree, summary: Summary, origin: Origin): Outcome {
  if (!isPolicy(summary.Id)) return 'masked-identifier'
  if (!controlling.has(summary.Type ?? '')) return 'not-relevant'
  belongs(tree, summary.Arn, origin)
  if (!tree.policies.has(summary.Id)) tree.policies.set(summary.Id, { summary, origin })
  return 'mapped'
}

/** `list-policies`, or `list-policies-for-target` where the file is named after the target. */
function readSummary(item: unknown, { tree, origin, about }: Reading): Outcome {
  const read = Summary.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const outcome = keep(tree, read.data, origin)
  const target = about('TargetId', isNode)
  if (outcome === 'mapped' && target !== undefined) {
    nodeOf(tree, target, origin).policies.add(read.data.Id)
    tree.targeted.add(read.data.Id)
  }
  return outcome
}

function readPolicy(item: unknown, { tree, origin }: Reading): Outcome {
  const read = Policy.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const { PolicySummary: summary, Content } = read.data
  const outcome = keep(tree, summary, origin)
  if (outcome !== 'mapped') return outcome
  const known = tree.policies.get(summary.Id)!
  known.text = policyText(Content)
  known.origin = origin
  return known.text === undefined ? 'unreadable-record' : 'mapped'
}

function readTarget(item: unknown, { tree, origin, about }: Reading): Outcome {
  const read = Target.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const policy = about('PolicyId', isPolicy)
  if (policy === undefined) return 'missing-identifier'
  if (!isNode(read.data.TargetId)) return 'masked-identifier'
  belongs(tree, read.data.Arn, origin)
  nodeOf(tree, read.data.TargetId, origin).name ??= read.data.Name
  nodeOf(tree, read.data.TargetId, origin).policies.add(policy)
  return 'mapped'
}
