import { gzipSync } from 'node:zlib'
import { canary } from '../canary.mjs'
import { iso, NOW } from '../clock.mjs'
import { uuid } from '../prng.mjs'

/** The services a key calls, and what for. `data` events are logged only where a trail was told to. */
export const calls = {
  putObject: { source: 's3', name: 'PutObject', readOnly: false, data: true },
  getObject: { source: 's3', name: 'GetObject', readOnly: true, data: true },
  listBuckets: { source: 's3', name: 'ListBuckets', readOnly: true },
  assumeRole: { source: 'sts', name: 'AssumeRole', readOnly: true },
  callerIdentity: { source: 'sts', name: 'GetCallerIdentity', readOnly: true },
  sendEmail: { source: 'ses', name: 'SendEmail', readOnly: false, data: true },
  putMetric: { source: 'monitoring', name: 'PutMetricData', readOnly: false, data: true },
  describeInstances: { source: 'ec2', name: 'DescribeInstances', readOnly: true },
  getSecret: { source: 'secretsmanager', name: 'GetSecretValue', readOnly: true },
  publish: { source: 'sns', name: 'Publish', readOnly: false, data: true },
  decrypt: { source: 'kms', name: 'Decrypt', readOnly: true },
}

export const agents = {
  botocore: 'Boto3/1.40.4 md/Botocore#1.40.4 ua/2.1 os/linux lang/python#3.12.5 md/pyimpl#CPython',
  java: 'aws-sdk-java/2.31.8 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1 lang/java#21.0.4',
  go: 'aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.23.4 md/GOOS#linux md/GOARCH#amd64 api/s3#1.78.2',
  cli: 'aws-cli/2.27.5 md/awscrt#0.26.1 ua/2.1 os/linux#6.1.0 md/arch#x86_64 lang/python#3.13.3 md/prompt#off',
  curl: 'curl/8.5.0',
  s3cmd: 'S3Cmd/2.4.0',
  console: 'Mozilla/5.0 (X11; Linux x86_64) console.amazonaws.com',
}

/**
 * One event of a user's access key. `use`: `{account, user, arn, keyId, call, at (ms), address, agent, resource}`.
 * `ordinal` must be unique over the estate.
 */
export function keyEvent(random, ordinal, use) {
  return event(random, ordinal, use, {
    type: 'IAMUser',
    principalId: 'AIDAEXAMPLEPRINCIPALX',
    arn: use.arn,
    accountId: use.account,
    accessKeyId: use.keyId,
    userName: use.user,
  })
}

/** One event of a role session. `use.role`, `use.sessionName`; `keyId` is an `ASIA…`. */
export function sessionEvent(random, ordinal, use) {
  return event(random, ordinal, use, {
    type: 'AssumedRole',
    principalId: `AROAEXAMPLEPRINCIPALX:${use.sessionName}`,
    arn: `arn:aws:sts::${use.account}:assumed-role/${use.role}/${use.sessionName}`,
    accountId: use.account,
    accessKeyId: use.keyId,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROAEXAMPLEPRINCIPALX',
        arn: `arn:aws:iam::${use.account}:role/${use.role}`,
        accountId: use.account,
        userName: use.role,
      },
      attributes: { creationDate: iso(use.startedAt ?? use.at), mfaAuthenticated: 'false' },
    },
  })
}

function event(random, ordinal, use, userIdentity) {
  const call = calls[use.call]
  return {
    eventVersion: '1.11',
    userIdentity,
    eventTime: iso(Math.floor(use.at / 1000) * 1000),
    eventSource: `${call.source}.amazonaws.com`,
    eventName: call.name,
    awsRegion: use.region ?? 'eu-north-1',
    sourceIPAddress: use.address,
    userAgent: use.agent,
    ...(use.error && { errorCode: use.error, errorMessage: 'denied' }),
    requestParameters: use.request ?? null,
    responseElements: use.response ?? null,
    requestID: random.hex(16),
    eventID: uuid(random, 'e', ordinal),
    readOnly: call.readOnly,
    eventType: 'AwsApiCall',
    managementEvent: !call.data,
    recipientAccountId: use.account,
    eventCategory: call.data ? 'Data' : 'Management',
  }
}

/** What AssumeRole answers, as CloudTrail keeps it: the session token stands in the log. */
export function assumeRoleReply(sessionKeyId, role, account, sessionName, expiresAt) {
  return {
    credentials: {
      accessKeyId: sessionKeyId,
      sessionToken: canary(`cloudtrail session token ${sessionKeyId}`),
      expiration: iso(expiresAt),
    },
    assumedRoleUser: {
      assumedRoleId: `AROAEXAMPLEPRINCIPALX:${sessionName}`,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${sessionName}`,
    },
  }
}

/**
 * Events as the trail delivers them: gz files of `{Records}`, named as in the bucket, at most `perFile` events each.
 * Sorted by time.
 */
export function trailFiles(account, events, perFile) {
  const ordered = [...events].sort((a, b) => (a.eventTime < b.eventTime ? -1 : a.eventTime > b.eventTime ? 1 : 0))
  const files = []
  for (let start = 0; start < ordered.length; start += perFile) {
    const part = ordered.slice(start, start + perFile)
    const stamp = part
      .at(-1)
      .eventTime.replace(/[-:]/g, '')
      .replace(/\d\dZ$/, 'Z')
    const number = String(files.length + 1).padStart(4, '0')
    const name = `${account}_CloudTrail_eu-north-1_${stamp}_EXAMPLE${number}.json.gz`
    files.push([`cloudtrail/${account}/${name}`, gzipSync(JSON.stringify({ Records: part }), { level: 9 })])
  }
  return files
}

/** `count` moments in the last `days`, the last one `lastSecondsAgo` before the export. */
export function moments(random, count, days, lastSecondsAgo) {
  const list = [NOW - lastSecondsAgo * 1000]
  const span = Math.floor(days * 86_400 - lastSecondsAgo)
  for (let i = 1; i < count; i++) list.push(NOW - (lastSecondsAgo + random.below(span)) * 1000)
  return list
}
