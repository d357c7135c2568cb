import { ahead, NOW, secondsAgo } from '../clock.mjs'
import { addEvent, relate, say } from '../book.mjs'
import { accounts, addresses } from '../company.mjs'
import { keys } from '../keys.mjs'
import { roleArn, userArn } from '../native/aws.mjs'
import { agents, assumeRoleReply, keyEvent, moments, sessionEvent } from '../native/cloudtrail.mjs'
import { awsId } from '../prng.mjs'
import { copies, flagship, flagshipId, flagshipPath, user } from './flagship-key.mjs'
import { operatorOnlyPasses, operatorReads } from './operator.mjs'
import { workloadKey } from './workloads.mjs'

const { production } = accounts
const sessionId = awsId('ASIA', 'SETTLER22')
export const flagshipSession = keys.awsAccessKey(sessionId)
/** Issued 22 minutes before the export, for one hour: 2,280 seconds are left. */
const issuedAt = NOW - 1320 * 1000

/** The session taken out of the key, and who was seen using either. */
export function tellFlagshipUse(book) {
  tellSession(book)
  tellUse(book)
}

function tellSession(book) {
  say(book, flagshipSession, 'aws.sts_role_session', {
    name: 'settlement-reader session of settlement-reporter',
    props: { issuedAt: secondsAgo(1320), expiresAt: ahead(2280 / 86_400) },
  })
  relate(book, 'ISSUED_BY', flagshipSession, flagship, {
    tolerance: [2280, 2280],
    pickup: [0, 3600],
    note: 'a role session outlives the key it was taken with, to its own end',
  })
  relate(book, 'AUTHENTICATES_AS', flagshipSession, roleArn(production, 'settlement-reader'))
  relate(book, 'USES_CREDENTIAL', workloadKey('payments', 'settlement-reporter'), flagshipSession, {
    delivery: 'sdk_refresh',
    note: 'session name in CloudTrail is the pod’s',
  })
}

/** What the trail saw: `[address, agent, call, count, seconds since the last]`. */
const uses = [
  [addresses.clusterEgress, agents.botocore, 'putObject', 210, 120],
  [addresses.clusterEgress, agents.botocore, 'assumeRole', 12, 1320],
  [addresses.ciRunners, agents.cli, 'putObject', 14, 8400],
  [addresses.unknownHost, agents.s3cmd, 'getObject', 160, 240],
  [addresses.vendorRange, agents.curl, 'listBuckets', 6, 180_000],
]

function tellUse(book) {
  for (const [address, agent, call, count, last] of uses)
    for (const at of moments(book.random, count, 30, last)) {
      const use = {
        account: production,
        user,
        arn: userArn(production, user),
        keyId: flagshipId,
        call,
        at,
        address,
        agent,
      }
      addEvent(book, keyEvent, call === 'assumeRole' ? { ...use, ...assumption(at) } : use)
    }
  for (const at of moments(book.random, 8, 0.014, 300))
    addEvent(book, sessionEvent, {
      account: production,
      role: 'settlement-reader',
      sessionName: 'settlement-reporter',
      keyId: sessionId,
      startedAt: issuedAt,
      call: 'getObject',
      at,
      address: addresses.clusterEgress,
      agent: agents.botocore,
    })
  for (const [namespace] of copies)
    for (const at of moments(book.random, 3, 7, 600 + namespace.length * 60))
      operatorReads(book, at, 'kv/data/billing/aws-export')
  operatorOnlyPasses(book, flagshipPath)
}

function assumption(at) {
  const role = 'settlement-reader'
  const id = at === issuedAt ? sessionId : awsId('ASIA', `S${at % 99991}`)
  return {
    request: { roleArn: roleArn(production, role), roleSessionName: 'settlement-reporter', durationSeconds: 3600 },
    response: assumeRoleReply(id, role, production, 'settlement-reporter', at + 3_600_000),
  }
}
