import type { RelationshipFact } from '../../graph/facts.ts'
import type { Cluster } from './cluster-facts.ts'
import type { Top, Workload } from './controllers.ts'
import { cadenceOf, longestCadenceOf } from './cron.ts'
import type { SecretUse } from './pod-spec.ts'

export interface Pickup {
  readonly pickup: Pick<RelationshipFact, 'pickup'>
  readonly note?: string
}

/** Seconds until a rolling restart by an operator is through: assumed, as the restart itself is (change-semantics.md 5.6). */
const RESTART_SECONDS = 120
const restarted = (note: string): Pickup => ({ pickup: { pickup: [0, RESTART_SECONDS] }, note })

/** What makes a consumer take a new value although its delivery would not: a new pod. */
export function pickupOf(cluster: Cluster, namespace: string, top: Top, workload: Workload, use: SecretUse): Pickup {
  if ((top.kind === 'CronJob' || top.workload?.schedule !== undefined) && use.delivery !== 'deploy_time')
    return { pickup: { pickup: [0, 0] }, note: 'each run is a new pod and reads the value then' }
  if (use.delivery !== 'env_at_start' && use.delivery !== 'file_static') return { pickup: {} }
  if (cluster.find('restarts', namespace, `${use.secret}>${top.kind}/${top.name}`) === true)
    return restarted('the Vault Secrets Operator restarts it when the secret changes')
  const annotation = (name: string) => top.workload?.annotations.get(name) ?? workload.annotations.get(name)
  const reloads = reloaderOf(cluster, namespace, annotation, use.secret)
  if (reloads) {
    const running = cluster.find('operator', undefined, 'reloader') !== undefined
    // An annotation restarts nothing: without its controller the pods keep what they have read.
    if (!running) return { pickup: {}, note: `${reloads}; that Reloader runs in this cluster is not in the export` }
    return restarted(reloads)
  }
  if (annotation('wave.pusher.com/update-on-config-change') === 'true') {
    const words = 'Wave restarts it when the secret changes'
    if (cluster.find('operator', undefined, 'wave') !== undefined) return restarted(words)
    return { pickup: {}, note: `${words}; that Wave runs in this cluster is not in the export` }
  }
  const sum = [...(top.workload?.annotations ?? []), ...workload.annotations].find(([key]) =>
    key.startsWith('checksum/'),
  )
  if (sum)
    return {
      pickup: {},
      note: `annotation ${sum[0].slice(0, 80)}: restarted by its next deployment, not by the change`,
    }
  return { pickup: {} }
}

type Annotation = (name: string) => string | undefined

/** Does Reloader restart the workload when this secret changes, and which annotation says so. */
function reloaderOf(cluster: Cluster, namespace: string, annotation: Annotation, secret: string): string | undefined {
  const lists = (name: string): boolean =>
    (annotation(name) ?? '').split(',').some((item) => item.trim() === secret || item.trim() === '*')
  if (lists('secrets.exclude.reloader.stakater.com/reload')) return undefined
  if (annotation('reloader.stakater.com/ignore') === 'true') return undefined
  for (const name of ['reloader.stakater.com/auto', 'secret.reloader.stakater.com/auto'])
    if (annotation(name) === 'true') return `annotation ${name}: Reloader restarts it when the secret changes`
  if (lists('secret.reloader.stakater.com/reload')) return 'Reloader restarts it when this secret changes'
  const matches = cluster.find('reloader match', namespace, secret) === true
  if (annotation('reloader.stakater.com/search') === 'true' && matches)
    return 'Reloader restarts it when the secret changes: both carry its annotation'
  return undefined
}

/** How often a job runs; where intervals differ, the longest. */
export function rhythmOf(top: Top): { cadence: Pick<RelationshipFact, 'cadence'>; note?: string } {
  const { schedule, zone } = top.workload ?? {}
  if (schedule === undefined) return { cadence: {} }
  const said = `schedule "${schedule}"${zone ? ` in ${zone}` : ''}`
  const [same, longest] = [cadenceOf(schedule), longestCadenceOf(schedule)]
  if (same !== undefined) return { cadence: { cadence: same }, note: said }
  if (longest === undefined) return { cadence: {}, note: `${said} was not understood: cadence not known` }
  return { cadence: { cadence: longest }, note: `${said}: not always the same interval, at most ${longest} s` }
}
