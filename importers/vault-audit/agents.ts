import type { DeliveryMode } from '../../graph/kinds/delivery.ts'

interface Agent {
  readonly delivery: DeliveryMode
  /** Name in `graph/kinds/clients`, where its way of renewing is documented. */
  readonly client?: 'vault-agent'
}

/** Programs that fetch for others, by what their user agent contains; it is in the log only where Vault is told so. */
const agents: readonly (readonly [mark: string, agent: Agent])[] = [
  ['vault-csi-provider', { delivery: 'csi_mount' }],
  ['vault-secrets-operator', { delivery: 'operator_sync' }],
  ['external-secrets', { delivery: 'operator_sync' }],
  ['externalsecret', { delivery: 'operator_sync' }],
  ['consul-template', { delivery: 'agent_template', client: 'vault-agent' }],
  ['vault agent', { delivery: 'agent_template', client: 'vault-agent' }],
  ['vault-agent', { delivery: 'agent_template', client: 'vault-agent' }],
  ['vault proxy', { delivery: 'fetch_cached' }],
  ['vault-env', { delivery: 'env_at_start' }],
  ['vault-action', { delivery: 'ci_job_start' }],
  ['terraform', { delivery: 'deploy_time' }],
  ['opentofu', { delivery: 'deploy_time' }],
]

export function agentOf(userAgents: readonly string[] | null | undefined): Agent | undefined {
  const said = (userAgents ?? []).join(' ').toLowerCase()
  return said === '' ? undefined : agents.find(([mark]) => said.includes(mark))?.[1]
}
