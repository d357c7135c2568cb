import type { Evidence } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { Sink } from '../importer.ts'
import type { Service } from './records.ts'

export interface Origin {
  readonly file: string
  readonly record: string
}

interface Use {
  readonly principal: string
  readonly service: Pick<Service, 'ServiceNamespace'> & Partial<Service>
  readonly at: string
}

/** How far back AWS keeps it (IAM User Guide, "Things to know about last accessed information"). */
const TRACKED_DAYS = 400
const DAY = 86_400_000
const kinds = new Map([
  ['user', 'aws.iam_user'],
  ['role', 'aws.iam_role'],
  ['group', 'aws.iam_group'],
] as const)

function principal(arn: string): { id: string; kind: 'aws.iam_user' | 'aws.iam_role' | 'aws.iam_group'; name: string } {
  const resource = arn.split(':').slice(5).join(':')
  const kind = kinds.get(resource.slice(0, resource.indexOf('/')) as 'user')!
  return { id: arn, kind, name: resource.slice(resource.lastIndexOf('/') + 1) }
}

/** A use that AWS saw: of a service, at a time, from a region. Of the services whose actions are tracked also by what. */
export function mapUse(sink: Sink, { principal: arn, service, at }: Use, origin: Origin): void {
  const host = `${service.ServiceNamespace}.amazonaws.com`
  sink.entity(principal(arn))
  sink.entity({ id: keys.awsService(host), kind: 'aws.service', name: host })
  const actions = (service.TrackedActionsLastAccessed ?? [])
    .filter(({ LastAccessedTime }) => LastAccessedTime !== undefined)
    .map(({ ActionName }) => ActionName)
  const region = service.LastAuthenticatedRegion === undefined ? '' : ` from ${service.LastAuthenticatedRegion}`
  const by = actions.length === 0 ? '' : `; ${actions.slice(0, 8).join(', ')}`
  const evidence: Evidence = {
    source: 'aws-service-last-accessed',
    kind: 'observed',
    ...origin,
    lastSeen: at,
    note: `last use${region}${by}`.slice(0, 400),
  }
  sink.observation({ kind: 'CAN_ACCESS', from: arn, to: keys.awsService(host), evidence })
}

interface Window {
  readonly principal: string
  readonly unused: readonly string[]
  readonly completedAt: string | undefined
}

/** Services that it may use and that it was not seen to use, and since when that can be said. */
export function mapWindow(sink: Sink, { principal: arn, unused, completedAt }: Window, origin: Origin): void {
  const since = completedAt === undefined ? undefined : new Date(Date.parse(completedAt) - TRACKED_DAYS * DAY)
  sink.entity({
    ...principal(arn),
    props: {
      ...(unused.length === 0 ? {} : { servicesNotUsed: [...unused].sort().slice(0, 200) }),
      ...(since === undefined ? {} : { serviceUseTrackedFrom: since.toISOString().replace('.000Z', 'Z') }),
      ...(completedAt === undefined ? {} : { serviceUseTrackedUntil: completedAt }),
    },
    evidence: [{ source: 'aws-service-last-accessed', kind: 'observed', ...origin }],
  })
}
