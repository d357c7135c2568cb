import type { FileReport, Importer, ImporterRun, InputFile, RunContext } from '../importer.ts'
import { awsReply } from '../read/aws-reply.ts'
import { documentsIn, firstName } from '../read/aws-replies.ts'
import { exportsOf, mapScene, openScene } from './deploy.ts'
import type { Exported, Outcome, Scene } from './scene.ts'
import {
  emptyStacks,
  exportKey,
  readStackItem,
  stackInName,
  stackLists,
  stacksOf,
  type Stack,
  type Stacks,
  type TemplateFile,
} from './stacks.ts'
import { mapOf, named, parseTemplate, templateIn, type Node, type Template } from './template.ts'

/** Templates of CloudFormation and SAM, what CDK makes, and the stacks that they became. */
export const cloudformation: Importer = {
  id: 'cloudformation',
  title: 'CloudFormation templates and stacks',
  reads:
    'CloudFormation and SAM templates (JSON, YAML), `cdk.out`, replies of `get-template`, `describe-stack-resources`, `list-exports`',
  collect: 'aws cloudformation get-template --stack-name NAME > get-template__NAME.json',
  emits: [
    'aws.account',
    'aws.iam_user',
    'aws.iam_group',
    'aws.iam_role',
    'aws.iam_access_key',
    'aws.instance_profile',
    'aws.identity_provider_or_trust_anchor',
    'aws.service_principal',
    'aws.federated_principal',
    'aws.external_principal',
    'aws.secretsmanager_secret',
    'aws.ssm_parameter',
    'aws.kms_key',
    'aws.lambda_function',
    'aws.ecs_task_definition',
    'aws.ecs_service',
    'aws.ec2_instance',
    'aws.codebuild_project',
    'aws.rds_instance',
    'aws.eks_pod_identity_association',
    'db.user',
    'db.postgres_password',
    'db.mysql_password',
    'db.mssql_login',
    'db.oracle_password',
    'generic.credential',
    'generic.password',
    'generic.resource',
    'generic.workload',
    'github.repository',
    'k8s.service_account',
    'business.team',
  ],
  blindTo: [
    'whether a template was ever deployed, where no reply about its stack is here, and what was changed by hand since',
    'conditions and values that are only known when it is deployed',
    'resources that macros, nested stacks and custom resources make',
    'use, and copies of a value that the template does not write',
    'permissions: what policies in a template come to is said by the account that has them',
  ],
  nature: 'snapshot',
  detect: ({ head }) => detect(head),
  begin,
}

const sections = new Set([
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Globals',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
  'Transform',
])

function detect(head: string): number {
  const first = head.trimStart()[0]
  if (first === '{' || first === '[') {
    const name = firstName(head) ?? ''
    if (name === 'TemplateBody' || (name === 'StagesAvailable' && head.includes('"TemplateBody"'))) return 0.9
    if ((stackLists as readonly string[]).includes(name))
      return /"(LogicalResourceId|StackId|ExportingStackId)"/.test(head) ? 0.9 : 0
    if (!sections.has(name)) return 0
    if (head.includes('"AWSTemplateFormatVersion"')) return 0.95
    return /"Type":\s{0,8}"(AWS|Custom|Alexa)::/.test(head) ? 0.9 : 0
  }
  if (/^AWSTemplateFormatVersion\s{0,8}:/m.test(head)) return 0.95
  return /^(Resources|Transform)\s{0,8}:/m.test(head) && /\bType\s{0,8}:\s{0,8}['"]?(AWS|Custom)::/.test(head) ? 0.9 : 0
}

interface Read extends TemplateFile {
  readonly report: FileReport
  readonly repository: string | undefined
}

function begin(context: RunContext): ImporterRun {
  const stacks = emptyStacks()
  const templates: Read[] = []
  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      const text = await input.text()
      const first = text.trimStart()[0]
      const keep = (value: Node): boolean => {
        const template = templateIn(value)
        if (template !== undefined) templates.push({ file: input.name, template, report, repository: input.repository })
        return template !== undefined
      }
      if (first !== '{' && first !== '[') {
        const parsed = parseTemplate(text)
        if ('reason' in parsed) refuse(report, parsed.reason, parsed.where)
        else if (!keep(parsed.value)) refuse(report, 'empty', '/Resources')
        return
      }
      for await (const { where, value, broken } of documentsIn(input)) {
        const place = where || '/'
        const { body, isError } = awsReply(value)
        if (broken !== undefined) refuse(report, broken, place)
        else if (isError) refuse(report, 'error-response', place)
        else if (!readReply(body, input.name, report, stacks, keep)) refuse(report, 'unreadable-record', place)
      }
    },
    end: () => mapAll(context, templates, stacks),
  }
}

function refuse(report: FileReport, reason: Exclude<Outcome, 'mapped'>, where: string): void {
  report.read?.()
  report.skipped(reason, where)
}

/** False where it is neither a template nor a reply about stacks. */
function readReply(
  body: unknown,
  file: string,
  report: FileReport,
  stacks: Stacks,
  keep: (value: Node) => boolean,
): boolean {
  if (typeof body !== 'object' || body === null) return false
  const fields = body as Readonly<Record<string, unknown>>
  const list = stackLists.find((name) => Object.hasOwn(fields, name))
  if (list !== undefined) {
    const value = fields[list]
    const items = Array.isArray(value) ? (value as unknown[]) : [value]
    if (items.length === 0) refuse(report, 'empty', `/${list}`)
    items.forEach((item, at) => {
      report.read?.()
      const outcome = readStackItem(list, item, file, stacks)
      if (outcome === 'mapped') report.mapped()
      else report.skipped(outcome, `/${list}/${at}`)
    })
    return true
  }
  const template = fields['TemplateBody']
  if (typeof template !== 'string') return keep(named(template ?? body))
  const parsed = parseTemplate(template)
  return !('reason' in parsed) && keep(parsed.value)
}

interface Open extends Read {
  readonly scene: Scene
}

function mapAll(context: RunContext, templates: readonly Read[], stacks: Stacks): void {
  const [account, region] = placeIn(context.scopeName)
  const exports = new Map<string, Exported>()
  const open: Open[] = templates.flatMap((read) => {
    const found: readonly (Stack | undefined)[] = stacksOf(read.file, read.template, templates, stacks)
    return (found.length === 0 ? [undefined] : found).map((stack) => {
      const tree = treeOf(read.file, stack, context.scopeName)
      const sink = context.scope({
        id: `cloudformation/${tree}`.slice(0, 400),
        title: stack === undefined ? `CloudFormation template ${tree}` : `CloudFormation stack ${tree}`,
        complete: false,
      })
      const [where, area] = [stack?.account ?? account, stack?.region ?? region]
      const exported = (name: string): Exported | undefined => {
        const text = stacks.exports.get(exportKey(where, area, name))
        // What a template itself shows is more than the text that it became.
        return exports.get(exportKey(where, area, name)) ?? (text === undefined ? undefined : { text })
      }
      const scene = openScene({ ...read, context, sink, tree, stack, account, region, exported })
      return { ...read, scene }
    })
  })
  for (const { scene, template } of open)
    for (const [name, value] of exportsOf(scene, template))
      exports.set(exportKey(scene.account, scene.region, name), value)
  const results = new Map<Template, Map<string, Outcome>>()
  for (const { scene, template } of open) {
    const best = results.get(template) ?? new Map<string, Outcome>()
    results.set(template, best)
    for (const [logicalId, outcome] of mapScene(scene, template))
      if (best.get(logicalId) !== 'mapped') best.set(logicalId, outcome)
  }
  for (const read of templates) accountFor(read, results.get(read.template)!, open)
}

/** Each resource of a template is a record, once, however many stacks were made of it. */
function accountFor({ report, template }: Read, outcomes: ReadonlyMap<string, Outcome>, open: readonly Open[]): void {
  const notes = new Map<string, number>()
  const count = (words: string, times = 1): void => void notes.set(words, (notes.get(words) ?? 0) + times)
  for (const [logicalId, outcome] of outcomes) {
    report.read?.()
    if (outcome === 'mapped') report.mapped()
    else report.skipped(outcome, `/Resources/${logicalId}`.slice(0, 256))
    const type = String(template.resources.get(logicalId)?.get('Type')).slice(0, 100)
    if (outcome === 'unknown-type') count(`${type}: seems to hold a value, of a type that is not known`)
  }
  const scenes = open.filter((one) => one.template === template).map(({ scene }) => scene)
  for (const { unknowns, resources, stack } of scenes) {
    for (const [words, times] of unknowns) count(words, times)
    const conditional = [...resources.values()].filter((one) => one.conditional).length
    if (conditional > 0 && stack === undefined)
      count('resources under a condition that nothing here decides: what they use is possible', conditional)
  }
  if (scenes.every(({ stack }) => stack === undefined))
    report.note('No stack of this template is here: add `describe-stack-resources` to know what became of it.')
  const macros = mapOf(template.body).get('Transform')
  if (macros !== undefined && macros !== 'AWS::Serverless-2016-10-31')
    report.note('The template has a macro: what it changes or adds is not known.')
  for (const [words, times] of [...notes].slice(0, 50)) report.note(`${times} × ${words}`)
}

/** `--scope 111122223333/eu-west-1`. */
function placeIn(scopeName: string | undefined): readonly [account: string | undefined, region: string | undefined] {
  const [account = '', region = ''] = scopeName?.split('/') ?? []
  return /^\d{12}$/.test(account) && /^[a-z]{2}(-[a-z]+)+-\d$/.test(region) ? [account, region] : [undefined, undefined]
}

function treeOf(file: string, stack: Stack | undefined, scopeName: string | undefined): string {
  if (stack !== undefined) return [stack.account, stack.region, stack.name].filter(Boolean).join('/')
  if (scopeName === undefined) return file
  const below = file.split('/').slice(1).join('/') || (stackInName(file) ?? file)
  return `${scopeName}/${below}`
}
