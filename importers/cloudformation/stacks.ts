import { z } from 'zod'
import type { SkipReason } from '../../graph/facts.ts'
import { isMasked, parseArn } from '../read/arn.ts'
import type { Template } from './template.ts'

/** One stack, as the replies about it say. */
export interface Stack {
  readonly name: string
  readonly account: string | undefined
  readonly region: string | undefined
  readonly partition: string
  /** By logical id. */
  readonly resources: Map<string, { readonly type: string; readonly physicalId: string | undefined }>
  /** Values it was deployed with. Hidden ones (`****`) are not among them. */
  readonly parameters: Map<string, string>
}

export interface Stacks {
  readonly byId: Map<string, Stack>
  /** Values of exports by account, region and name. */
  readonly exports: Map<string, string>
}

const text = z.string().max(2048)
const maybe = text.optional().catch(undefined)

const StackResource = z.object({
  StackName: maybe,
  StackId: maybe,
  LogicalResourceId: text,
  PhysicalResourceId: maybe,
  ResourceType: text,
  ResourceStatus: maybe,
})
const Described = z.object({
  StackId: text,
  StackName: text,
  Parameters: z.array(z.unknown()).optional().catch(undefined),
})
const Parameter = z.object({ ParameterKey: text, ParameterValue: maybe, ResolvedValue: maybe })
const Export = z.object({ ExportingStackId: text, Name: text, Value: text })

/** Replies that are read, by the list at their top. */
export const stackLists = [
  'StackResources',
  'StackResourceSummaries',
  'StackResourceDetail',
  'Stacks',
  'Exports',
] as const
export type StackList = (typeof stackLists)[number]

export function emptyStacks(): Stacks {
  return { byId: new Map(), exports: new Map() }
}

/** @param file its name says the stack, where the reply does not: `list-stack-resources__shop.json` */
export function readStackItem(list: StackList, item: unknown, file: string, stacks: Stacks): 'mapped' | SkipReason {
  if (list === 'Exports') return readExport(item, stacks)
  if (list === 'Stacks') return readStack(item, stacks)
  const read = StackResource.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const { StackId, StackName, LogicalResourceId, PhysicalResourceId, ResourceType, ResourceStatus = '' } = read.data
  const id = StackId ?? StackName ?? stackInName(file)
  if (id === undefined) return 'missing-identifier'
  if (isMasked(id)) return 'masked-identifier'
  if (ResourceStatus.startsWith('DELETE_COMPLETE')) return 'not-relevant'
  const physicalId = PhysicalResourceId === undefined || isMasked(PhysicalResourceId) ? undefined : PhysicalResourceId
  stackOf(id, stacks).resources.set(LogicalResourceId, { type: ResourceType, physicalId })
  return 'mapped'
}

function readStack(item: unknown, stacks: Stacks): 'mapped' | SkipReason {
  const read = Described.safeParse(item)
  if (!read.success) return 'unreadable-record'
  if (isMasked(read.data.StackId)) return 'masked-identifier'
  const { parameters } = stackOf(read.data.StackId, stacks)
  for (const one of read.data.Parameters ?? []) {
    const parameter = Parameter.safeParse(one).data
    const value = parameter?.ResolvedValue ?? parameter?.ParameterValue
    if (parameter !== undefined && value !== undefined && value !== '****')
      parameters.set(parameter.ParameterKey, value)
  }
  return 'mapped'
}

function readExport(item: unknown, stacks: Stacks): 'mapped' | SkipReason {
  const read = Export.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const stack = parseArn(read.data.ExportingStackId)
  if (stack === undefined || isMasked(read.data.ExportingStackId)) return 'missing-identifier'
  stacks.exports.set(exportKey(stack.account, stack.region, read.data.Name), read.data.Value)
  return 'mapped'
}

export const exportKey = (account: string | undefined, region: string | undefined, name: string): string =>
  `${account ?? ''}\0${region ?? ''}\0${name}`

/** The stack of this id (`arn:…:stack/name/…`) or, where only that is said, name. */
function stackOf(id: string, { byId }: Stacks): Stack {
  const arn = parseArn(id)
  const name = arn === undefined ? id : (arn.resource.split('/')[1] ?? id)
  const known = byId.get(id) ?? (arn === undefined ? [...byId.values()].find((one) => one.name === name) : undefined)
  if (known !== undefined) return known
  const stack: Stack = {
    name,
    account: arn?.account,
    region: arn?.region,
    partition: arn?.partition ?? 'aws',
    resources: new Map(),
    parameters: new Map(),
  }
  byId.set(id, stack)
  return stack
}

/** `get-template__shop.json`, `shop.template.json`, `shop.yaml`: the name of a stack in the name of a file. */
export function stackInName(file: string): string | undefined {
  const last = file.slice(file.lastIndexOf('/') + 1)
  const at = last.indexOf('__')
  const name = (at < 0 ? last : last.slice(at + 2)).split('.')[0] ?? ''
  return /^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name) ? name : undefined
}

/** SAM makes a function of its own type into one of Lambda. */
const deployedAs = new Map([['AWS::Serverless::Function', 'AWS::Lambda::Function']])

/**
 * Stacks that were made of this template: all that the stack has stands in it, with its type, and nothing unconditional of
 * the template is missing in the stack. Of templates that fit alike the one that is called as the stack is meant.
 */
export function stacksOf(file: string, template: Template, all: readonly TemplateFile[], stacks: Stacks): Stack[] {
  return [...stacks.byId.values()].filter((stack) => {
    if (!fits(template, stack)) return false
    const others = all.filter((one) => one.template !== template && fits(one.template, stack))
    return (
      others.length === 0 ||
      (stackInName(file) === stack.name && !others.some((one) => stackInName(one.file) === stack.name))
    )
  })
}

export interface TemplateFile {
  readonly file: string
  readonly template: Template
}

function fits({ resources }: Template, stack: Stack): boolean {
  if (stack.resources.size === 0) return false
  const typeOf = (logicalId: string): string | undefined => {
    const type = resources.get(logicalId)?.get('Type')
    return typeof type === 'string' ? (deployedAs.get(type) ?? type) : undefined
  }
  const serverless = [...resources.values()].some((one) => String(one.get('Type')).startsWith('AWS::Serverless::'))
  for (const [logicalId, { type }] of stack.resources)
    if (typeOf(logicalId) !== type && !(serverless && !resources.has(logicalId))) return false
  return [...resources].every(
    ([logicalId, one]) =>
      one.has('Condition') || String(one.get('Type')).startsWith('AWS::Serverless::') || stack.resources.has(logicalId),
  )
}
