import { z } from 'zod'
import { keys } from '../../graph/keys.ts'
import { parseYaml, type YamlValue } from '../read/parse-yaml.ts'
import { declared, type Cluster, type Seen } from './cluster-facts.ts'
import { clusterWide } from './map-stores.ts'

/** The one ConfigMap that is read: on EKS it says which IAM principals come in, as which user and groups. */
export function isAwsAuth(value: unknown): boolean {
  const meta = Named.safeParse(value).data?.metadata
  return meta?.name === 'aws-auth' && meta.namespace === 'kube-system'
}

const Named = z.object({ metadata: z.object({ name: z.string(), namespace: z.string().nullish() }) })
const text = z.string().max(200_000).nullish().catch(undefined)
const AwsAuth = z.object({ data: z.object({ mapRoles: text, mapUsers: text }).nullish() })

interface Mapped {
  readonly arn: string
  readonly username: string | undefined
  readonly groups: readonly string[]
}

export function readAwsAuth(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const data = AwsAuth.safeParse(value).data?.data
  if (!data) return false
  const all = [...mappedIn(data.mapRoles, 'rolearn'), ...mappedIn(data.mapUsers, 'userarn')]
  cluster.later(() => {
    for (const one of all) emitMapped(cluster, seen, one)
  })
  return true
}

function mappedIn(source: string | null | undefined, field: string): Mapped[] {
  const read = parseYaml(source ?? '')
  const list = 'value' in read && Array.isArray(read.value) ? (read.value as readonly YamlValue[]) : []
  return list.slice(0, 2000).flatMap((item) => {
    if (!(item instanceof Map)) return []
    const arn: unknown = item.get(field)
    const username: unknown = item.get('username')
    const groups: unknown = item.get('groups')
    if (typeof arn !== 'string' || !/^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)\/[\w+=,.@/-]{1,600}$/.test(arn))
      return []
    // `{{EC2PrivateDNSName}}` is filled in for each node.
    const fixed = typeof username === 'string' && username.length <= 200 && !username.includes('{{')
    const names = Array.isArray(groups) ? groups.filter((one): one is string => typeof one === 'string') : []
    return [
      { arn, username: fixed ? username : undefined, groups: names.slice(0, 50).map((name) => name.slice(0, 200)) },
    ]
  })
}

function emitMapped(cluster: Cluster, seen: Seen, { arn, username, groups }: Mapped): void {
  const said = declared(seen.place, 'ConfigMap aws-auth')
  const identity = (kind: 'k8s.user' | 'k8s.group', name: string): string =>
    cluster.entity({
      id: keys.k8s(cluster.name, clusterWide, kind === 'k8s.user' ? 'user' : 'group', name),
      kind,
      name,
      aliases: [name],
      props: { cluster: cluster.name },
    })
  const principal = cluster.entity({
    id: keys.awsArn(arn),
    kind: arn.includes(':role/') ? 'aws.iam_role' : 'aws.iam_user',
    name: arn.slice(arn.lastIndexOf('/') + 1),
  })
  const targets = [
    ...(username ? [identity('k8s.user', username)] : []),
    ...groups.map((name) => identity('k8s.group', name)),
  ]
  for (const to of targets) cluster.relationship({ kind: 'ASSUMES', from: principal, to, confidence: 'possible' }, said)
}
