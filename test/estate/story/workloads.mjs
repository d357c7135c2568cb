import { ago, NOW } from '../clock.mjs'
import { clusterOf, relate } from '../book.mjs'
import { cluster, namespaces, slug, systemKey } from '../company.mjs'
import { keys } from '../keys.mjs'
import { addExternalSecret, addSecret, addServiceAccount, addWorkload } from '../native/kubernetes.mjs'

/** Key of a workload of the production cluster. */
export const workloadKey = (namespace, name, type = 'deployment') => keys.k8s(cluster, namespace, type, name)
export const secretKey = (namespace, name) => keys.k8s(cluster, namespace, 'secret', name)

/**
 * A workload with its service account, as the cluster shows it (its labels name team and system), and what people know
 * of it: how much its business system rests on it. `system: {name, strength, tolerance}`; no `system` for what serves none.
 */
export function run(book, { namespace, name, schedule, roleArn, system, ...rest }) {
  const team = namespaces[namespace]
  const prod = clusterOf(book, cluster)
  addServiceAccount(prod, { namespace, name, createdAt: rest.createdAt ?? ago(500), roleArn })
  addWorkload(prod, {
    namespace,
    name,
    schedule,
    createdAt: rest.createdAt ?? ago(500),
    account: name,
    team: team && slug(team),
    partOf: system && slug(system.name),
    build: (name.length % 7) + 1,
    ...rest,
  })
  const key = workloadKey(namespace, name, schedule ? 'cronjob' : 'deployment')
  if (system) serve(book, key, system)
  return key
}

/** The business system rests on this. */
export function serve(book, key, { name, strength, tolerance }) {
  relate(book, 'DEPENDS_ON', systemKey(name), key, {
    ...(strength && { strength }),
    ...(tolerance && { tolerance }),
    note: 'service catalogue',
  })
}

/** A Secret that External Secrets copies out of Vault. */
export function synced(book, { namespace, name, path, refreshInterval, properties, identifiers, createdAt }) {
  addExternalSecret(clusterOf(book, cluster), {
    namespace,
    name,
    refreshInterval,
    createdAt: createdAt ?? ago(480),
    identifiers,
    refs: properties.map(([key, property]) => [key, path, property]),
  })
  return secretKey(namespace, name)
}

/** A Secret that somebody once made by hand. */
export function madeByHand(book, secret) {
  addSecret(clusterOf(book, cluster), { appliedByHand: true, ...secret })
  return secretKey(secret.namespace, secret.name)
}

/** The pair of an AWS access key as Secrets usually name it: `[key in the Secret, property in Vault]`. */
export const awsPair = [
  ['AWS_ACCESS_KEY_ID', 'access_key_id'],
  ['AWS_SECRET_ACCESS_KEY', 'secret_access_key'],
]

/** Environment variables of a container that takes an AWS access key from a Secret. */
export const awsEnv = (secret) => [
  ['AWS_ACCESS_KEY_ID', secret, 'AWS_ACCESS_KEY_ID'],
  ['AWS_SECRET_ACCESS_KEY', secret, 'AWS_SECRET_ACCESS_KEY'],
]

/**
 * What a workload already has open keeps working for `session` seconds after the value is refused (a pool's maximum
 * lifetime, a connection held until the next restart). Said of the use that the cluster's export declares.
 */
export function keepsOpen(book, workload, secret, delivery, session, note) {
  relate(book, 'USES_SECRET', workload, secret, {
    id: `USES_SECRET ${workload} > ${secret} ${delivery}`,
    delivery,
    session,
    note,
  })
}

/** Seconds from the export to the next run of `minute hour * * *` (UTC), the hour also as a step. */
export function secondsToRun(schedule) {
  const [minute, hour] = schedule.split(' ')
  const every = hour.startsWith('*/') ? Number(hour.slice(2)) : 24
  const first = hour.startsWith('*/') ? 0 : Number(hour)
  const midnight = Math.floor(NOW / 86_400_000) * 86_400_000
  let at = midnight + (first * 60 + Number(minute)) * 60_000
  while (at <= NOW) at += every * 3_600_000
  return (at - NOW) / 1000
}

/** A job next needs the value when it next runs: until then nothing of it can fail. */
export function idleUntilNextRun(book, job, secret, schedule) {
  const seconds = secondsToRun(schedule)
  keepsOpen(book, job, secret, 'env_at_start', [seconds, seconds], `not before its next run (${schedule}, UTC)`)
}

/**
 * The egress proxy saw the workload sign with the key (the key's id stands in every signed request). Said of the use
 * that the cluster's export declares. The trail does not log these calls: data events are off for what they touch.
 */
export function seenSigning(book, workload, secret, delivery, count, lastSeen) {
  const seen = { source: 'bundle', kind: 'observed', note: 'egress proxy log', firstSeen: ago(30), lastSeen, count }
  relate(book, 'USES_SECRET', workload, secret, {
    id: `USES_SECRET ${workload} > ${secret} ${delivery}`,
    delivery,
    evidence: [seen],
  })
}
