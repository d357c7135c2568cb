import { keys } from '../../graph/keys.ts'
import { sshFingerprint } from '../read/ssh-fingerprint.ts'
import { momentOf, type Outcome } from './taken.ts'
import { source, type AuditLedger, type Where } from './ledger.ts'
import type { Delivery } from './records.ts'

/** Payloads of webhooks: of those that tell of a credential or of a run, what they say; the others hold nothing for us. */
export function takeDelivery(delivery: Delivery, where: Where, ledger: AuditLedger): Outcome {
  const repository = delivery.repository?.full_name
  const owner = repository?.split('/')[0] ?? delivery.installation?.account?.login
  if (owner === undefined) return 'not-relevant'
  const scope = ledger.scope(owner)
  const evidence = [
    { source, kind: 'observed' as const, ...where, note: (delivery.action ?? 'delivered').slice(0, 100) },
  ]
  const { key, workflow_run: run, alert, installation } = delivery
  if (key?.key && repository !== undefined) {
    if (delivery.action !== 'created') return 'mapped'
    const fingerprint = sshFingerprint(key.key)
    const id =
      fingerprint === undefined ? keys.githubDeployKey(repository, key.id ?? 'unknown') : keys.sshKey(fingerprint)
    const access = { permission: key.read_only === false ? 'write' : 'read' }
    scope.entity({
      id,
      kind: 'ssh.authorized_key',
      name: `deploy key ${key.title ?? key.id ?? ''}`.trim(),
      props: { repository, ...(key.created_at && { createdAt: key.created_at }) },
      evidence,
    })
    scope.entity({ id: keys.githubRepository(repository), kind: 'github.repository', name: repository })
    scope.link({ kind: 'CAN_ACCESS', from: id, to: keys.githubRepository(repository), props: access, evidence })
    return 'mapped'
  }
  if (run?.path && repository !== undefined) {
    const file = run.path.split('@')[0]!
    const id = keys.githubWorkflow(repository, file.slice(file.lastIndexOf('/') + 1))
    const props = { ...(run.head_branch && { ranFrom: [run.head_branch] }), ...(run.event && { ranOn: [run.event] }) }
    scope.entity({ id, kind: 'github.workflow', props }, { prop: 'lastSeenAt', at: momentOf(run.created_at) })
    return 'mapped'
  }
  if (alert?.secret_type && alert.number && repository !== undefined) {
    scope.entity({
      id: keys.githubAlert(repository, alert.number),
      kind: 'generic.credential',
      name: `${alert.secret_type} leaked in ${repository} (#${alert.number})`,
      props: { leaked: true, repository, secretType: alert.secret_type },
      evidence,
    })
    return 'mapped'
  }
  if (installation?.app_slug && repository === undefined) {
    const status = installation.suspended_at || delivery.action === 'deleted' ? 'suspended' : 'active'
    const id = keys.githubApp(installation.app_slug)
    scope.entity({ id, kind: 'github.app', name: installation.app_slug, props: { status }, evidence })
    return 'mapped'
  }
  return 'not-relevant'
}
