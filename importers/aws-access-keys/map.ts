import type { Evidence, Props } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { Sink } from '../importer.ts'
import type { AccessKey, LastUsed } from './records.ts'

export interface Source {
  /** Undefined where nobody said which account the replies are of. */
  readonly account: string | undefined
  readonly file: string
  readonly record: string
}

/** A key, and the user it acts as. The reply has the user's name only: its ARN needs the account, and lacks a path. */
export function mapKey(key: AccessKey, source: Source, sink: Sink): void {
  const { AccessKeyId: id, UserName: user } = key
  const arn = userArn(user, source.account)
  const evidence = evidenceOf(source)
  sink.entity({
    id: keys.awsAccessKey(id),
    kind: 'aws.iam_access_key',
    name: id,
    aliases: [id],
    props: given({ createdAt: key.CreateDate, status: key.Status, userName: user, userArn: arn }),
    evidence: [evidence],
  })
  if (arn === undefined || user === undefined) return
  sink.entity({ id: arn, kind: 'aws.iam_user', name: user })
  const note = 'user known by name; a path in its ARN is not'
  sink.relationship({
    kind: 'AUTHENTICATES_AS',
    from: keys.awsAccessKey(id),
    to: arn,
    evidence: [{ ...evidence, note }],
  })
}

/** The last use of a key, and of no other moment. */
export function mapLastUsed(id: string, used: LastUsed, source: Source, sink: Sink): void {
  const { LastUsedDate: at, ServiceName: service, Region: region } = used.AccessKeyLastUsed
  const arn = userArn(used.UserName, source.account)
  const evidence: Evidence = {
    ...evidenceOf(source),
    kind: 'observed',
    ...(at === undefined ? {} : { firstSeen: at, lastSeen: at }),
  }
  sink.entity({
    id: keys.awsAccessKey(id),
    kind: 'aws.iam_access_key',
    name: id,
    aliases: [id],
    props: given({
      userName: used.UserName,
      userArn: arn,
      // Without a date AWS has seen no use since it began to look, in 2015.
      neverUsed: at === undefined ? true : undefined,
      lastUsedAt: at,
      lastUsedService: at === undefined || service === 'N/A' ? undefined : service,
      lastUsedRegion: at === undefined || region === 'N/A' ? undefined : region,
    }),
    evidence: [evidence],
  })
  if (arn === undefined || at === undefined) return
  sink.observation({ kind: 'AUTHENTICATES_AS', from: keys.awsAccessKey(id), to: arn, evidence })
}

function userArn(user: string | undefined, account: string | undefined): string | undefined {
  return user === undefined || account === undefined ? undefined : `arn:aws:iam::${account}:user/${user}`
}

const evidenceOf = ({ file, record }: Source): Evidence => ({
  source: 'aws-access-keys',
  kind: 'declared',
  file,
  record,
})

function given(props: Readonly<Record<string, string | boolean | undefined>>): Props {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as Props
}
