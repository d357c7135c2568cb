import ipaddr from 'ipaddr.js'
import type { EntityFact } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { User } from './records.ts'

/** What a name of Kubernetes is: a service account, or a user; components of Kubernetes itself are neither. */
export function identityOf(cluster: string, username: string): EntityFact | undefined {
  const account = accountOf(username)
  if (account) {
    const { namespace, name } = account
    return {
      id: keys.k8s(cluster, namespace, 'serviceaccount', name),
      kind: 'k8s.service_account',
      name,
      aliases: [`${namespace}/${name}`, username],
      props: { namespace, cluster },
    }
  }
  if (isComponent(username)) return undefined
  return {
    id: keys.k8s(cluster, '_cluster', 'user', username),
    kind: 'k8s.user',
    name: username,
    aliases: [username],
    props: { cluster },
  }
}

export function accountOf(username: string): { readonly namespace: string; readonly name: string } | undefined {
  if (!username.startsWith('system:serviceaccount:')) return undefined
  const [, , namespace, name, ...more] = username.split(':')
  return namespace && name && more.length === 0 ? { namespace, name } : undefined
}

/** `system:node:…`, `system:kube-scheduler`, `system:apiserver`: what they do is how Kubernetes works. */
export function isComponent(username: string): boolean {
  return username.startsWith('system:') && accountOf(username) === undefined && username !== 'system:admin'
}

/** Controllers of Kubernetes run as accounts too: each reads everything, and that says nothing of a use. */
export function isController(username: string): boolean {
  const account = accountOf(username)
  return account?.namespace === 'kube-system' && /-(controller|collector|binder|handler)$/.test(account.name)
}

/** Letters and digits that Kubernetes uses for the ends it makes up. */
const made = 'bcdfghjklmnpqrstvwxz2456789'
const isMade = (text: string, shortest: number, longest: number): boolean =>
  text.length >= shortest && text.length <= longest && [...text].every((one) => made.includes(one))

/** The controller behind a pod, where the pod's name tells it for certain: `api-6c5d8f7b9-x2kzq`, `db-0`, `report-28391234-x2kzq`. */
export function controllerOf(
  pod: string,
): { readonly kind: EntityFact['kind']; readonly type: string; readonly name: string } | undefined {
  const parts = pod.split('-')
  const last = parts.at(-1) ?? ''
  const before = parts.at(-2) ?? ''
  if (parts.length >= 3 && isMade(last, 5, 5)) {
    const name = parts.slice(0, -2).join('-')
    if (/^[0-9]{8,10}$/.test(before)) return { kind: 'k8s.cron_job', type: 'cronjob', name }
    if (isMade(before, 8, 10) && /[0-9]/.test(before)) return { kind: 'k8s.deployment', type: 'deployment', name }
  }
  if (parts.length >= 2 && /^[0-9]{1,4}$/.test(last))
    return { kind: 'k8s.stateful_set', type: 'statefulset', name: parts.slice(0, -1).join('-') }
  return undefined
}

/** Who called, as a workload or as a caller that nobody has attributed. */
export interface CallerThing {
  readonly fact: EntityFact
  readonly attributed: boolean
}

export function callerOf(
  cluster: string,
  user: User,
  identity: string,
  address: string | undefined,
  userAgent: string | undefined,
): CallerThing {
  const namespace = accountOf(user.username)?.namespace
  const pod = user.extra.get('pod-name')
  const controller = pod === undefined ? undefined : controllerOf(pod)
  if (controller && namespace) {
    const { kind, type, name } = controller
    const id = keys.k8s(cluster, namespace, type, name)
    const fact: EntityFact = { id, name, aliases: [`${namespace}/${name}`], props: { namespace, cluster } }
    return { fact: { ...fact, ...(kind && { kind }) }, attributed: true }
  }
  const network = pod === undefined ? networkOf(address) : `pod ${pod.replace(/-[a-z0-9]{5}$/, '')}`
  const agent = agentOf(userAgent)
  return {
    fact: {
      id: keys.caller(identity, network, agent),
      kind: 'caller',
      name: `${agent} from ${network}`,
      props: { network, agent, cluster },
    },
    attributed: false,
  }
}

/** Coarse enough to be one caller: /24 of IPv4, /64 of IPv6. Pods and nodes change their address, so private ones too. */
export function networkOf(address: string | undefined): string {
  if (!address || !ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  if (parsed.range() === 'loopback') return 'the control plane itself'
  if (parsed.kind() === 'ipv4') return `${parsed.toByteArray().slice(0, 3).join('.')}.0/24`
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()}/64`
}

/** `kubectl/v1.25.4 (darwin/arm64) …` is kubectl, whatever its version. */
export function agentOf(userAgent: string | null | undefined): string {
  const product = /^[A-Za-z0-9._-]{1,60}/.exec(userAgent ?? '')?.[0]
  return product === undefined ? 'unknown' : product.toLowerCase()
}
