import type { DeliveryMode } from '../../graph/kinds/delivery.ts'
import { keys } from '../../graph/keys.ts'
import type { Using } from './using.ts'
import { agentSecret, agentTemplate, hostOf } from './meta.ts'
import { vaultPath } from './remote-items.ts'

const group = 'vault.hashicorp.com/'

/** The Vault Agent injector: its annotations name the paths the agent renders into the pod, and how it logs in. */
export function emitVaultAgent(using: Using): void {
  const { cluster, workload, id, account, namespace, common, said } = using
  const annotation = (name: string) => workload.annotations.get(group + name)
  if (annotation('agent-inject') !== 'true') return
  const address = hostOf(annotation('service')) ?? 'vault'
  const once = annotation('agent-pre-populate-only') === 'true'
  const role = annotation('role')
  if (role) {
    const mount = `${(annotation('auth-path') ?? 'auth/kubernetes').replace(/\/$/, '')}/`
    const identity = cluster.entity({ id: keys.vaultRole(address, mount, role), kind: 'vault.role', name: role })
    cluster.relationship(
      { kind: 'ASSUMES', from: account, to: identity, confidence: 'possible' },
      said(`Vault Agent logs in at ${mount}`),
    )
  }
  for (const [name, words] of kubernetesSecrets) {
    // `ns/name` is not allowed there: the secret has to be in the pod's namespace.
    const secret = annotation(name)
    if (!secret) continue
    const to = cluster.secret(namespace, secret, workload.place)
    cluster.relationship(
      {
        id: `USES_SECRET ${id} > ${to} agent`,
        kind: 'USES_SECRET',
        from: id,
        to,
        delivery: 'volume_refresh',
        ...common,
      },
      said(words),
    )
  }
  for (const { path, file, command } of pathsOf(workload.annotations)) {
    const secret = cluster.entity(vaultPath(address, path), workload.place, 'named by a Vault Agent annotation')
    const delivery: DeliveryMode = once ? 'file_static' : 'agent_template'
    const reload = command ? '; the agent runs a command when it changes' : ''
    cluster.relationship(
      {
        id: `USES_SECRET ${id} > ${secret} ${delivery}`,
        kind: 'USES_SECRET',
        from: id,
        to: secret,
        delivery,
        ...common,
      },
      said(`Vault Agent file ${file}${once ? ', written once before the start' : reload}`),
    )
  }
}

const kubernetesSecrets = [
  ['agent-extra-secret', 'mounted into the Vault Agent: its login or its template reads it'],
  ['tls-secret', 'TLS towards Vault: the Vault Agent reads it'],
] as const

interface Rendered {
  readonly path: string
  readonly file: string
  readonly command: boolean
}

/** What stands in `agent-inject-secret-FILE`, and what the template of the same file reads besides. */
function pathsOf(annotations: ReadonlyMap<string, string>): Rendered[] {
  const found = new Map<string, Rendered>()
  for (const [annotation, value] of annotations) {
    const prefix = [agentSecret, agentTemplate].find((start) => annotation.startsWith(start))
    if (prefix === undefined) continue
    const file = annotation.slice(prefix.length)
    const command = annotations.has(`${group}agent-inject-command-${file}`)
    const paths = prefix === agentSecret ? [value] : value.split(',')
    for (const path of paths)
      if (path !== '' && !found.has(path)) found.set(path, { path, file: file.slice(0, 100), command })
  }
  return [...found.values()]
}
