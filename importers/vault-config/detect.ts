import type { Probe } from '../importer.ts'
import { managedSchema } from './read-manager.ts'
import { operatorGroup } from './read-operator.ts'

export type Form = 'policy' | 'yaml' | 'json'

/** How sure, and by which form. */
function judged({ name, head }: Probe): { score: number; form: Form } {
  const text = head.trimStart()
  if (text.startsWith('{') || text.startsWith('[')) return { score: jsonScore(name, text), form: 'json' }
  if (isPolicy(name, text)) return { score: 0.9, form: 'policy' }
  return { score: yamlScore(text), form: 'yaml' }
}

export const detect = (probe: Probe): number => judged(probe).score
export function formOf(probe: Probe): Form {
  const { form } = judged(probe)
  // `{"path": {"secret/*": {"capabilities": …}}}` is a policy too.
  return form === 'json' && isJsonPolicy(probe.head.trimStart()) ? 'policy' : form
}

/** `path "secret/*" { capabilities = [ … ] }`, behind comments. Terraform and YAML have such a text in texts of theirs. */
function isPolicy(name: string, text: string): boolean {
  if (name.endsWith('.tf') || name.endsWith('.tfvars')) return false
  const lines = text.split('\n').map((line) => line.trim())
  const first = lines.find((line) => line !== '' && !line.startsWith('#') && !line.startsWith('//'))
  return first?.startsWith('path "') === true && (text.includes('capabilities') || text.includes('policy'))
}

const isJsonPolicy = (text: string): boolean =>
  /^\{\s*"path"\s*:\s*[[{]/.test(text) && (text.includes('"capabilities"') || text.includes('"policy"'))

/** What a file of recorded replies has that no other export has. */
function jsonScore(name: string, text: string): number {
  if (isJsonPolicy(text)) return 0.9
  if (text.includes(managedSchema) && text.includes('"git_commit"')) return 1
  // A state or plan of Terraform holds such things too; an audit log has requests in it.
  if (text.includes('"terraform_version"')) return 0
  if (/"type"\s*:\s*"(request|response)"/.test(text)) return 0
  const isEnvelope = text.includes('"lease_duration"') && (text.includes('"request_id"') || text.includes('"lease_id"'))
  if (isEnvelope) return 0.95
  if (text.includes('"default_lease_ttl"') && text.includes('"accessor"')) return 0.9
  if (/"path"\s*:\s*"(sys|auth|identity)\//.test(text) && /"(data|response)"\s*:/.test(text)) return 0.9
  const inTree = /(^|\/|__)(sys|auth|identity)(\/|__)/.test(name)
  return inTree && name.includes('vault') ? 0.5 : 0
}

function yamlScore(text: string): number {
  const lines = text.split('\n')
  if (lines.some((line) => line.startsWith('$schema:') && line.includes(managedSchema))) return 1
  const versions = lines.filter((line) => line.startsWith('apiVersion:'))
  const ours = versions.filter((line) => line.includes(operatorGroup) || line.includes('vault.banzaicloud.com/'))
  if (versions.length > 0) return ours.length === versions.length ? 1 : 0
  const top = new Set(lines.map((line) => line.split(':')[0]!))
  const isBankVaults = top.has('policies') && (top.has('auth') || top.has('secrets')) && text.includes('rules:')
  return isBankVaults ? 0.8 : 0
}
