import { stream } from '../estate/prng.mjs'
import { account, apis, estate, reads } from './cloudtrail-estate.mjs'

const START = Date.UTC(2026, 7, 1)

/** Slots in a template, written so that JSON leaves them as they are. */
const slot = (name) => `<<${name}>>`

/**
 * CloudTrail of a fictional account, of any size, one event as text after the other, for ever: the same seed gives the
 * same bytes. Who calls what is the estate's (cloudtrail-estate.mjs). What repeats from event to event is written once
 * and kept as a template; ids, times, sessions and instances are fresh in each.
 */
export function* cloudtrailEvents(seed) {
  const who = estate(seed)
  const random = stream(seed, 'cloudtrail')
  const { below, chance, hex } = random
  const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`
  const templates = new Map()
  const open = new Map()
  let time = START
  let second = -1
  let stamp = ''

  const now = () => {
    const at = Math.floor(time / 1000)
    if (at !== second) stamp = new Date((second = at) * 1000).toISOString().replace('.000Z', 'Z')
    return stamp
  }
  const templateOf = (key, make) => {
    const known = templates.get(key)
    if (known !== undefined) return known
    const made = JSON.stringify(make()).split(/<<(\w+)>>/)
    templates.set(key, made)
    return made
  }
  const write = (parts, session) => {
    let text = parts[0]
    for (let at = 1; at < parts.length; at += 2) text += fill(parts[at], session) + parts[at + 1]
    return text
  }
  const fill = (name, session) => {
    if (name === 'uuid') return uuid()
    if (name === 'time') return now()
    if (name === 'key') return session.key
    if (name === 'name') return session.name
    if (name === 'made') return session.made
    return hex(Number(name.slice(3)))
  }

  const event = (userIdentity, { agent }, place, [service, name], fields) => ({
    eventVersion: '1.09',
    userIdentity,
    eventTime: slot('time'),
    eventSource: `${service}.amazonaws.com`,
    eventName: name,
    awsRegion: place.region,
    sourceIPAddress: place.address,
    userAgent: agent,
    requestParameters: null,
    responseElements: null,
    ...fields,
    requestID: slot('uuid'),
    eventID: slot('uuid'),
    readOnly: reads(name),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: `${service}.${place.region}.amazonaws.com`,
    },
  })
  const inSession = (role) => ({
    type: 'AssumedRole',
    principalId: `${role.id}:${slot('name')}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${slot('name')}`,
    accountId: account,
    accessKeyId: slot('key'),
    sessionContext: {
      sessionIssuer: {
        ...{ type: 'Role', principalId: role.id, arn: `arn:aws:iam::${account}:role/${role.name}` },
        ...{ accountId: account, userName: role.name },
      },
      attributes: { creationDate: slot('made'), mfaAuthenticated: 'false' },
    },
  })
  const asUser = (user) => ({
    ...{ type: 'IAMUser', principalId: user.id, arn: `arn:aws:iam::${account}:user/${user.name}` },
    ...{ accountId: account, accessKeyId: user.key, userName: user.name },
  })

  /** The role is taken anew: by the key of a user, or lent by the service that runs the workload. */
  const assume = (role, session) => {
    const { by } = role
    const of = {
      requestParameters: {
        roleArn: `arn:aws:iam::${account}:role/${role.name}`,
        roleSessionName: slot('name'),
        durationSeconds: 3600,
      },
      responseElements: {
        credentials: { accessKeyId: slot('key'), sessionToken: slot('hex700'), expiration: slot('made') },
        assumedRoleUser: {
          assumedRoleId: `${role.id}:${slot('name')}`,
          arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${slot('name')}`,
        },
      },
      resources: [{ accountId: account, type: 'AWS::IAM::Role', ARN: `arn:aws:iam::${account}:role/${role.name}` }],
    }
    const parts = templateOf(`assume ${role.name}`, () => {
      if ('key' in by) return event(asUser(by), by, by.places[0], ['sts', 'AssumeRole'], of)
      const place = { region: role.places[0].region, address: by.host }
      return event({ type: 'AWSService', invokedBy: by.host }, { agent: by.host }, place, ['sts', 'AssumeRole'], of)
    })
    return write(parts, session)
  }

  const newSession = (role) => ({
    name: role.session(random),
    key: `ASIA${hex(16).toUpperCase()}`,
    made: now(),
    left: 1 + below(role.callsInSession),
  })

  for (;;) {
    time += below(5) * 20
    const actor = who.actor(random)
    let session
    if (!('key' in actor)) {
      // Busy roles have several sessions at once.
      const at = `${actor.name} ${below(actor.sessions)}`
      session = open.get(at)
      if (session === undefined || session.left-- <= 0) {
        open.set(at, (session = newSession(actor)))
        yield assume(actor, session)
      }
    }
    const call = actor.call(random)
    const place = actor.places[chance(92) ? 0 : below(actor.places.length)]
    const target = below(actor.targets)
    const error = chance(2) ? who.error(random) : undefined
    const key = `${actor.name} ${call} ${place.region} ${place.address} ${target} ${error ?? ''}`
    const parts = templateOf(key, () => {
      const identity = 'key' in actor ? asUser(actor) : inSession(actor)
      const failed = error === undefined ? {} : { errorCode: error, errorMessage: 'the call did not get through' }
      return event(identity, actor, place, apis[call], { ...who.fields(actor, apis[call][1], target, slot), ...failed })
    })
    yield write(parts, session)
  }
}
