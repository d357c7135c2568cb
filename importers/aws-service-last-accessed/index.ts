import type { SkipReason } from '../../graph/facts.ts'
import type { FileReport, Importer, InputFile, RunContext } from '../importer.ts'
import { hasWildcard, isMasked, parseArn } from '../read/arn.ts'
import { awsReplies, firstName, type PlacedReply } from '../read/aws-replies.ts'
import { mapUse, mapWindow, type Origin } from './map.ts'
import { Entity, Job, Service } from './records.ts'

/** `iam get-service-last-accessed-details`: which services a principal was last seen to use, over 400 days. */
export const awsServiceLastAccessed: Importer = {
  id: 'aws-service-last-accessed',
  title: 'AWS service last accessed',
  reads: 'aws iam get-service-last-accessed-details and …-with-entities (JSON, one or many replies a file)',
  collect: 'aws iam get-service-last-accessed-details --job-id JOB --output json > last-accessed.json',
  emits: ['aws.account', 'aws.iam_user', 'aws.iam_role', 'aws.iam_group', 'aws.service'],
  blindTo: [
    'uses before the last one, and how many there were',
    'which credential, session or workload it was',
    'which thing of a service was used',
    'use that a control policy denied, and use of the last four hours',
    'what the key policy of KMS or a policy of a resource allows beside the identity’s own',
  ],
  nature: 'log',
  detect: ({ head }) => detect(head),
  begin,
}

const first = new Set(['JobStatus', 'JobType', 'ServicesLastAccessed', 'EntityDetailsList', 'JobCreationDate', 'Arn'])

function detect(head: string): number {
  if (!first.has(firstName(head) ?? '')) return 0
  return head.includes('"ServicesLastAccessed"') || head.includes('"EntityDetailsList"') ? 0.95 : 0
}

function begin(context: RunContext) {
  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      const skip = (reason: SkipReason, where: string): void => {
        report.read?.()
        report.skipped(reason, where)
      }
      for await (const reply of awsReplies(input, skip)) readReply(reply, input.name, { context, report, skip })
    },
    end(): void {},
  }
}

interface Place {
  readonly context: RunContext
  readonly report: FileReport
  readonly skip: (reason: SkipReason, where: string) => void
}

function readReply({ where, body }: PlacedReply, file: string, place: Place): void {
  const { report, skip } = place
  const job = Job.parse(body)
  if (job.JobStatus !== undefined && job.JobStatus !== 'COMPLETED') {
    report.note('The job of this reply was not completed: ask again with the same job id.')
    return skip('error-response', where || '/')
  }
  if (job.IsTruncated === true) report.note('This reply is one page of several.')
  const services = body['ServicesLastAccessed']
  const entities = body['EntityDetailsList']
  if (Array.isArray(services)) readServices(services, body, where, file, place, job.JobCompletionDate)
  else if (Array.isArray(entities)) readEntities(entities, body, where, file, place)
  else skip('unknown-type', where || '/')
}

function readServices(
  items: readonly unknown[],
  body: PlacedReply['body'],
  where: string,
  file: string,
  { context, report, skip }: Place,
  completedAt: string | undefined,
): void {
  if (items.length === 0) return skip('empty', `${where}/ServicesLastAccessed`)
  const read = items.map((item) => Service.safeParse(item).data)
  const subject = principalOf(body['Arn']) ?? onlyOne(read.map((one) => principalOf(one?.LastAuthenticatedEntity)))
  const unused: string[] = []
  let used = false
  read.forEach((service, at) => {
    const record = `${where}/ServicesLastAccessed/${at}`
    report.read?.()
    if (service === undefined) return report.skipped('unreadable-record', record)
    const principal = principalOf(service.LastAuthenticatedEntity) ?? subject
    if (principal === undefined) return report.skipped('missing-identifier', record)
    report.mapped()
    if (service.LastAuthenticated === undefined) return void unused.push(service.ServiceNamespace)
    used ||= principal === subject
    mapUse(sinkOf(principal, context), { principal, service, at: service.LastAuthenticated }, { file, record })
  })
  if (subject === undefined)
    report.note(
      'The reply does not say whose it is: add it, as `jq \'. + {Arn: "arn:aws:iam::…"}\'`; uses that name a principal were read.',
    )
  else if (used || unused.length > 0)
    mapWindow(sinkOf(subject, context), { principal: subject, unused, completedAt }, { file, record: where || '/' })
}

/** The report of a user or role names it with each use; that of a policy or group names several. */
function onlyOne(principals: readonly (string | undefined)[]): string | undefined {
  const unique = new Set(principals.filter((one) => one !== undefined))
  return unique.size === 1 ? [...unique][0] : undefined
}

function readEntities(
  items: readonly unknown[],
  body: PlacedReply['body'],
  where: string,
  file: string,
  { context, report, skip }: Place,
): void {
  const named = body['ServiceNamespace']
  const namespace = typeof named === 'string' ? named : namespaceIn(file)
  if (items.length === 0) return skip('empty', `${where}/EntityDetailsList`)
  if (namespace === undefined)
    report.note(
      'The reply does not say which service it is of: name the file after it, as `…-with-entities__secretsmanager.json`.',
    )
  items.forEach((item, at) => {
    const record = `${where}/EntityDetailsList/${at}`
    const read = Entity.safeParse(item)
    if (!read.success) return skip('unreadable-record', record)
    const { EntityInfo: info, LastAuthenticated } = read.data
    const principal = principalOf(info.Arn)
    if (isMasked(info.Arn)) return skip('masked-identifier', record)
    if (principal === undefined || namespace === undefined) return skip('missing-identifier', record)
    report.read?.()
    report.mapped()
    if (LastAuthenticated === undefined) return
    const use: Origin = { file, record }
    mapUse(
      sinkOf(principal, context),
      { principal, service: { ServiceNamespace: namespace }, at: LastAuthenticated },
      use,
    )
  })
}

function namespaceIn(file: string): string | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1)
  const at = name.indexOf('with-entities__')
  if (at < 0) return undefined
  const namespace = /^[a-z0-9-]{2,64}/.exec(name.slice(at + 'with-entities__'.length))
  return namespace?.[0]
}

/** ARN of a user, role or group; undefined where the text names none. */
function principalOf(arn: unknown): string | undefined {
  if (typeof arn !== 'string' || arn.length > 2048 || isMasked(arn) || hasWildcard(arn)) return undefined
  const parsed = parseArn(arn)
  if (parsed?.service !== 'iam' || parsed.account.length !== 12) return undefined
  return ['user/', 'role/', 'group/'].some((start) => parsed.resource.startsWith(start)) ? arn : undefined
}

function sinkOf(principal: string, context: RunContext) {
  const { account } = parseArn(principal)!
  return context.scope({ id: `aws/${account}`, title: `AWS account ${account}`, complete: false })
}
