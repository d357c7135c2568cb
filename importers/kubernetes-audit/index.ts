import type { FileReport, Importer, ImporterRun, InputFile, Probe, RunContext } from '../importer.ts'
import { clusterNamedBy } from '../read/cluster-name.ts'
import { jsonObjects } from '../read/json-objects.ts'
import { effectOf } from './effects.ts'
import { ledger, type Ledger } from './ledger.ts'
import { AuditEvent, eventIn, instantOf } from './records.ts'

/** An event with bodies (level RequestResponse) may be as large as what it lists. */
const EVENT_BYTES = 16 * 1024 * 1024
/** Ids of events kept to find the same event again (another stage of it, an overlapping export). */
const IDS_KEPT = 500_000

const versions = new Set(['audit.k8s.io/v1', 'audit.k8s.io/v1beta1', 'audit.k8s.io/v1alpha1'])

export const kubernetesAudit: Importer = {
  id: 'kubernetes-audit',
  title: 'Kubernetes audit log',
  reads: 'audit.k8s.io events of an API server: a log file, an EventList, an export of CloudWatch or Azure',
  collect:
    'aws logs filter-log-events --log-group-name /aws/eks/prod/cluster --log-stream-name-prefix kube-apiserver-audit',
  emits: [
    'caller',
    'k8s.service_account',
    'k8s.user',
    'k8s.deployment',
    'k8s.stateful_set',
    'k8s.cron_job',
    'k8s.secret_object',
    'k8s.all_secrets',
    'k8s.sa_token_legacy_secret',
    'aws.iam_access_key',
    'aws.iam_role',
    'aws.iam_user',
  ],
  blindTo: [
    'secrets that the kubelet delivers into pods',
    'what the audit policy leaves out',
    'use of a token towards anything but this API server',
    'which process sent a token, where the event names no pod',
  ],
  nature: 'log',
  detect,
  begin,
}

function detect({ head }: Probe): number {
  const start = head.trimStart()[0]
  if ((start !== '{' && start !== '[') || !head.includes('audit.k8s.io/v1') || !head.includes('auditID')) return 0
  const first = head.trimStart().slice(0, 400).replaceAll(/\s/g, '')
  return first.includes('"apiVersion":"audit.k8s.io/') ? 1 : 0.9
}

function begin(context: RunContext): ImporterRun {
  const ledgers = new Map<string, Ledger>()
  const ids = new Set<string>()
  const isRepeat = (id: string): boolean => {
    if (ids.has(id)) return true
    if (ids.size >= IDS_KEPT) ids.delete(ids.values().next().value!)
    ids.add(id)
    return false
  }
  return {
    async file(input, report) {
      const cluster = context.scopeName ?? clusterNamedBy(input.name)
      const book = ledgers.get(cluster) ?? ledger()
      ledgers.set(cluster, book)
      await readFile(input, report, { cluster, book, isRepeat })
    },
    end() {
      for (const [cluster, book] of ledgers)
        book.emit(context.scope({ id: `k8s/${cluster}`, title: `Kubernetes cluster ${cluster}`, complete: false }))
    },
  }
}

interface Reading {
  readonly cluster: string
  readonly book: Ledger
  readonly isRepeat: (id: string) => boolean
}

async function readFile(input: InputFile, report: FileReport, reading: Reading): Promise<void> {
  const notes = new Map<string, number>()
  let any = false
  const pieces = jsonObjects(input.stream(), {
    lists: ['items', 'events', 'logEvents', 'Records', 'records'],
    maxBytes: EVENT_BYTES,
  })
  for await (const some of pieces)
    for (const piece of some) {
      any = true
      report.read?.()
      const where = `byte ${piece.at}`
      if ('broken' in piece) report.skipped(piece.broken, where)
      else readRecord(piece.text, { file: input.name, record: where }, report, reading, notes)
    }
  if (!any) {
    report.read?.()
    report.skipped('empty', '/')
  }
  for (const [note, count] of [...notes].slice(0, 100)) report.note(`${count} × ${note}`)
}

function readRecord(
  text: string,
  place: { readonly file: string; readonly record: string },
  report: FileReport,
  { cluster, book, isRepeat }: Reading,
  notes: Map<string, number>,
): void {
  const count = (note: string): void => void notes.set(note, (notes.get(note) ?? 0) + 1)
  let record: unknown
  try {
    record = JSON.parse(text)
  } catch {
    return report.skipped('not-json', place.record)
  }
  const found = eventIn(record)
  if (found === undefined) return report.skipped('unknown-type', place.record)
  const event = AuditEvent.safeParse(found).data
  if (!event) return report.skipped('unreadable-record', place.record)
  if (event.apiVersion && !versions.has(event.apiVersion)) return report.skipped('unsupported-version', place.record)
  const at = instantOf(event)
  book.heard(at)
  // The same request is logged when it comes, when its answer begins, and when that ends: one use.
  if (event.stage === 'RequestReceived' || event.stage === 'Panic') return report.skipped('not-relevant', place.record)
  if (event.auditID && isRepeat(identityIn(event))) return report.merged()
  const effect = effectOf(cluster, event)
  if (effect === 'refused') {
    count(
      `refused with ${event.responseStatus?.code ?? '?'}: ${event.verb} ${(event.objectRef?.resource ?? '?').slice(0, 100)}`,
    )
    return report.skipped('not-relevant', place.record)
  }
  if (effect === 'component') return report.skipped('not-relevant', place.record)
  for (const use of effect.uses) book.add(use, at, place)
  for (const note of effect.notes) count(note)
  report.mapped()
}

/** Ids are made for each request; a test file or a careless proxy repeats one, so what was done counts as well. */
function identityIn({ auditID, verb, user, objectRef }: AuditEvent): string {
  const { resource = '', subresource = '', namespace = '', name = '' } = objectRef ?? {}
  return [auditID, verb, user.username, resource, subresource, namespace, name].join(' ')
}
