import type { FileReport, Importer, InputFile, Probe, RunContext } from '../importer.ts'
import { jsonDepth } from '../read/json-depth.ts'
import { jsonObjects } from '../read/json-objects.ts'
import { limits } from '../read/limits.ts'
import { auditLedger, type AuditLedger } from './ledger.ts'
import { takeDelivery } from './deliveries.ts'
import { takeEvent } from './events.ts'
import { isAuditTable, readTable } from './table.ts'
import type { Outcome } from './taken.ts'
import { Delivery, Event } from './records.ts'

/** GitHub's audit log: who used which token, which job was handed which secret, and what was changed. */
export const githubAudit: Importer = {
  id: 'github-audit',
  title: 'GitHub audit log',
  reads: 'audit log of an organization or enterprise (JSON, CSV, one event a line, streamed), payloads of webhooks',
  collect: "gh api --paginate '/orgs/ORG/audit-log?include=all&per_page=100'",
  emits: [
    'github.organization',
    'github.repository',
    'github.workflow',
    'github.job',
    'github.actions_secret',
    'github.dependabot_secret',
    'github.codespaces_secret',
    'github.pat',
    'github.app',
    'github.app_private_key',
    'github.user',
    'ssh.authorized_key',
    'generic.credential',
    'caller',
  ],
  blindTo: [
    'calls to the API: without streaming, the log has only those that change something, and Git events of seven days',
    'tokens of events that name none',
    'what a job does with a secret it was handed',
    'events older than 180 days',
  ],
  nature: 'log',
  detect,
  begin(context: RunContext) {
    const ledger = auditLedger()
    return {
      file: (input: InputFile, report: FileReport) => readFile(input, report, ledger),
      end: () => ledger.close(context),
    }
  },
}

/** An event has an action and somebody who did it; what is sent to webhooks has a sender. */
function detect({ head }: Probe): number {
  const start = head.trimStart()
  if (isAuditTable(start)) return 0.9
  if (!start.startsWith('{') && !start.startsWith('[')) return 0
  if (head.includes('"sender"') && head.includes('api.github.com')) return 0.9
  if (head.includes('"security_advisory"') && head.includes('"ghsa_id"')) return 0.8
  if (!head.includes('"action"')) return 0
  if (head.includes('"eventVersion"') || head.includes('"apiVersion"')) return 0
  const isSure = ['"programmatic_access_type"', '"@timestamp"', '"operation_type"', '"_document_id"', 'GitHub.Audit']
  if (!head.includes('"actor"') && !head.includes('"secrets_passed"')) return 0
  if (!isSure.some((word) => head.includes(word))) return 0
  if (actions.some((name) => head.includes(`"${name}.`))) return 0.9
  // A log that was searched for one kind of action has no other.
  const isOwn = ['"org"', '"business"', '"repo"'].some((field) => head.includes(field))
  return isOwn && /"action"\s{0,8}:\s{0,8}"[a-z][a-z_]{1,60}\.[a-z][a-z_]{1,60}"/.test(head) ? 0.8 : 0
}

/** Groups of actions, one of which nearly every page of a log has. */
const actions = [
  'git',
  'repo',
  'org',
  'workflows',
  'environment',
  'hook',
  'personal_access_token',
  'protected_branch',
  'integration_installation',
  'public_key',
  'team',
  'business',
  'api',
  'repository_ruleset',
  'oauth_access',
  'secret_scanning_alert',
]

async function readFile(input: InputFile, report: FileReport, ledger: AuditLedger): Promise<void> {
  if (await isTable(input))
    return readTable(input, report, (fields, record) => takeFields(fields, { file: input.name, record }, ledger))
  for await (const pieces of jsonObjects(input.stream(), { lists: ['events', 'Records', 'records', 'value'] })) {
    for (const piece of pieces) {
      report.read?.()
      const where = `byte ${piece.at}`
      const outcome = 'broken' in piece ? piece.broken : take(piece.text, input.name, where, ledger)
      if (outcome === 'mapped') report.mapped()
      else if (outcome === 'merged') report.merged()
      else report.skipped(outcome, where)
    }
  }
}

/** JSON begins with a bracket; what else was claimed is a table. */
async function isTable(input: InputFile): Promise<boolean> {
  for await (const chunk of input.stream()) {
    const first = chunk.find((byte) => byte > 0x20)
    if (first !== undefined) return first !== 0x7b && first !== 0x5b
  }
  return false
}

function take(text: string, file: string, where: string, ledger: AuditLedger): Outcome {
  if (jsonDepth(text, limits.jsonDepth) > limits.jsonDepth) return 'too-deep'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'unreadable-record'
  }
  const fields = unwrapped(value)
  if (fields === undefined) return 'unreadable-record'
  return takeFields(fields, { file, record: where }, ledger)
}

function takeFields(
  fields: Record<string, unknown>,
  at: { file: string; record: string },
  ledger: AuditLedger,
): Outcome {
  if (isDelivery(fields)) {
    const delivery = Delivery.safeParse(fields).data
    return delivery ? takeDelivery(delivery, at, ledger) : 'unreadable-record'
  }
  const event = Event.safeParse(fields).data
  return event ? takeEvent(event, at, ledger) : 'unreadable-record'
}

/** Collectors put the event under a name of theirs, and may add to it. */
function unwrapped(value: unknown): Record<string, unknown> | undefined {
  let inner: unknown = value
  for (let depth = 0; depth < 3; depth++) {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return undefined
    const fields = inner as Record<string, unknown>
    if (typeof fields['action'] === 'string' || isDelivery(fields)) return fields
    inner = ['log', 'event', 'payload', 'data', '_source'].map((name) => fields[name]).find((one) => isObject(one))
  }
  return undefined
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

const isDelivery = (fields: Record<string, unknown>): boolean =>
  isObject(fields['sender']) || isObject(fields['security_advisory'])
