import { z } from 'zod'
import { keys } from '../../graph/keys.ts'
import { declared, type Cluster, type Seen } from './cluster-facts.ts'
import { emitRequested } from './map-certificates.ts'
import { name, text } from './meta.ts'

const word = text.nullish().catch(undefined)
/** Where each kind that ends TLS names the secret: Ingress, Gateway API, Istio, Traefik, Contour. */
const Tls = z.object({
  spec: z
    .object({
      tls: z
        .union([
          z.array(z.object({ secretName: name.nullish() })),
          z.object({ secretName: name.nullish() }).transform((one) => [one]),
        ])
        .nullish(),
      listeners: z
        .array(
          z.object({
            tls: z
              .object({ certificateRefs: z.array(z.object({ name, namespace: word, kind: word })).nullish() })
              .nullish(),
          }),
        )
        .nullish(),
      servers: z.array(z.object({ tls: z.object({ credentialName: word }).nullish() })).nullish(),
      virtualhost: z.object({ tls: z.object({ secretName: word }).nullish() }).nullish(),
    })
    .nullish(),
})

interface Named {
  readonly secret: string
  readonly namespace: string | undefined
  readonly words: string
}

/** Annotations of the nginx controller that name a secret, `name` or `namespace/name`. */
const annotations = [
  ['nginx.ingress.kubernetes.io/auth-secret', 'passwords of basic authentication'],
  ['nginx.ingress.kubernetes.io/auth-tls-secret', 'authority for client certificates'],
  ['nginx.ingress.kubernetes.io/proxy-ssl-secret', 'client certificate towards the backend'],
] as const

/** What ends TLS serves the certificates it names; its controller watches the secrets. */
export function readIngress(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const spec = Tls.safeParse(value).data?.spec
  if (spec === undefined) return false
  const found = new Map<string, Named>()
  const add = (said: string | null | undefined, words: string, namespace?: string | null) => {
    if (!said) return
    const [ns, item] = said.includes('/') ? said.split('/', 2) : [namespace ?? undefined, said]
    if (item) found.set(`${said} ${words}`, { secret: item, namespace: ns || undefined, words })
  }
  for (const { secretName } of spec?.tls ?? []) add(secretName, `TLS of the ${seen.kind}`)
  for (const listener of spec?.listeners ?? [])
    for (const ref of listener.tls?.certificateRefs ?? [])
      if ((ref.kind ?? 'Secret') === 'Secret') add(ref.name, 'TLS of a listener', ref.namespace)
  for (const server of spec?.servers ?? []) add(server.tls?.credentialName, 'TLS of a server')
  add(spec?.virtualhost?.tls?.secretName, 'TLS of the virtual host')
  for (const [annotation, words] of annotations) add(seen.meta.annotations.get(annotation), words)
  if (found.size > 0) cluster.later(() => emitIngress(cluster, seen, [...found.values()]))
  return true
}

function emitIngress(cluster: Cluster, seen: Seen, found: readonly Named[]): void {
  const namespace = cluster.namespaceOf(seen)
  const item = seen.meta.name!
  const id = keys.k8s(cluster.name, namespace, seen.kind.toLowerCase(), item)
  const type = seen.kind === 'Ingress' ? {} : { type: seen.kind }
  cluster.entity(
    {
      id,
      kind: 'k8s.ingress',
      name: item,
      aliases: [`${namespace}/${item}`],
      props: { namespace, cluster: cluster.name, ...type },
    },
    seen.place,
  )
  for (const { secret, namespace: other, words } of found) {
    const to = cluster.secret(other ?? namespace, secret, seen.place)
    cluster.relationship({ kind: 'USES_SECRET', from: id, to, delivery: 'file_refresh' }, declared(seen.place, words))
    if (words.startsWith('TLS') && other === undefined) emitRequested(cluster, seen, namespace, to, secret)
  }
}
