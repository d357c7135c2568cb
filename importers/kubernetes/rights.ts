import { z } from 'zod'
import { filled, Labelled, Selector, text } from './meta.ts'

const strings = z.array(text).nullish()
const Rule = z.object({ apiGroups: strings, resources: strings, verbs: strings, resourceNames: strings })
type Rule = z.infer<typeof Rule>
export const Role = z.object({
  rules: z.array(Rule).nullish(),
  aggregationRule: z.object({ clusterRoleSelectors: z.array(Selector).nullish() }).nullish(),
})

/**
 * What a right leads to. `templates`: to whoever makes pods, so to every secret that can be mounted and every account that
 * can be run as. `workloads`: into pods that run, so to what each of them has. `identities`: to users and groups.
 */
export type Over = 'secrets' | 'accounts' | 'templates' | 'workloads' | 'identities' | 'everything'

/** A right that leads to secrets or to the identities of others; `names` empty: of all there are. */
export interface Right {
  readonly over: Over
  readonly names: readonly string[]
  readonly reason: string
}

interface RightRow {
  readonly group: string
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
  readonly over: Over
  readonly reason: string
}

const write = ['create', 'update', 'patch']
const makesPods = 'may make pods, so mount any secret and run as any account'

/** Rights that lead further, one row each (kubernetes.io, "RBAC good practices: privilege escalation risks"). */
const rows: readonly RightRow[] = [
  { group: '', resources: ['secrets'], verbs: ['get', 'list', 'watch'], over: 'secrets', reason: 'may read' },
  { group: '', resources: ['serviceaccounts/token'], verbs: ['create'], over: 'accounts', reason: 'may mint tokens' },
  { group: '', resources: ['serviceaccounts'], verbs: ['impersonate'], over: 'accounts', reason: 'may impersonate' },
  { group: '', resources: ['users', 'groups'], verbs: ['impersonate'], over: 'identities', reason: 'may impersonate' },
  // A running pod takes another image, but neither another volume nor another account.
  { group: '', resources: ['pods'], verbs: ['create'], over: 'templates', reason: makesPods },
  {
    group: '',
    resources: ['pods'],
    verbs: ['update', 'patch'],
    over: 'workloads',
    reason: 'may change images of pods',
  },
  { group: '', resources: ['replicationcontrollers'], verbs: write, over: 'templates', reason: makesPods },
  {
    group: 'apps',
    resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'],
    verbs: write,
    over: 'templates',
    reason: makesPods,
  },
  { group: 'batch', resources: ['jobs', 'cronjobs'], verbs: write, over: 'templates', reason: makesPods },
  {
    group: '',
    resources: ['pods/exec', 'pods/attach'],
    verbs: ['create', 'get'],
    over: 'workloads',
    reason: 'may run commands in pods',
  },
  {
    group: '',
    resources: ['pods/ephemeralcontainers'],
    verbs: ['update', 'patch'],
    over: 'workloads',
    reason: 'may add containers to pods',
  },
  {
    group: '',
    resources: ['nodes/proxy'],
    verbs: ['get', 'create'],
    over: 'workloads',
    reason: 'may run commands in pods through the kubelet',
  },
  {
    group: 'rbac.authorization.k8s.io',
    resources: ['roles', 'clusterroles'],
    verbs: ['escalate', 'bind'],
    over: 'everything',
    reason: 'may give itself any right',
  },
  {
    group: 'certificates.k8s.io',
    resources: ['signers'],
    verbs: ['approve', 'sign'],
    over: 'everything',
    reason: 'may have client certificates signed',
  },
]

/** Names with which a right over `everything` still is one. */
const powerful = new Set(['cluster-admin', 'kubernetes.io/kube-apiserver-client', 'kubernetes.io/*'])

const has = (list: readonly string[] | null | undefined, wanted: readonly string[]): boolean =>
  (list ?? []).some((one) => one === '*' || wanted.includes(one))
/** `*` means everything, `pods/*` every subresource of pods, `*\/exec` that subresource of everything. */
const covers = (said: string, wanted: string): boolean =>
  said === '*' ||
  said === wanted ||
  (said.endsWith('/*') && wanted.startsWith(said.slice(0, -1))) ||
  (said.startsWith('*/') && wanted.endsWith(said.slice(1)))

/** The rights in the rules of a role that lead to secrets or identities. */
export function rightsIn(rules: readonly Rule[]): Right[] {
  const rights = new Map<string, Right>()
  for (const rule of rules)
    for (const row of rows) {
      if (!has(rule.apiGroups, [row.group])) continue
      if (!(rule.resources ?? []).some((said) => row.resources.some((wanted) => covers(said, wanted)))) continue
      const verbs = (rule.verbs ?? []).filter((verb) => verb === '*' || row.verbs.includes(verb))
      if (verbs.length === 0) continue
      const names = (rule.resourceNames ?? []).filter(Boolean)
      // What is created has no name yet: such a rule lets nobody create, except tokens, whose account has one.
      if (names.length > 0 && row.over === 'templates' && verbs.every((verb) => verb === 'create')) continue
      if (names.length > 0 && row.over === 'everything' && !names.some((name) => powerful.has(name))) continue
      const right: Right = {
        over: row.over,
        names: names.slice(0, 1000),
        reason: `${row.reason} (${verbs.join(', ')})`,
      }
      rights.set(JSON.stringify(right), right)
    }
  return [...rights.values()]
}

/** A ClusterRole is made of those whose labels its aggregation rule selects; the API server writes the result into its rules. */
export function aggregated(value: unknown): readonly Selector[] {
  return Role.safeParse(value).data?.aggregationRule?.clusterRoleSelectors ?? []
}

export function labelsOf(value: unknown): ReadonlyMap<string, string> {
  return Labelled.safeParse(value).data?.metadata.labels ?? new Map<string, string>()
}

export const Binding = z.object({
  roleRef: z.object({ kind: text, name: filled }),
  subjects: z.array(z.object({ kind: text, name: filled, namespace: text.nullish() })).nullish(),
})
