import type { FileReport, Importer, ImporterRun, InputFile, Probe, RunContext } from '../importer.ts'
import { clusterNamedBy } from '../read/cluster-name.ts'
import { clusterFacts, shortened, type Cluster } from './cluster-facts.ts'
import { readKustomization } from './kustomize.ts'
import { isAwsAuth } from './map-aws-auth.ts'
import { isCustom, readCustom, storageKinds } from './map-custom.ts'
import { type Subjects } from './map-rbac.ts'
import { isHelmRelease } from './map-secrets.ts'
import { Envelope } from './meta.ts'
import { objectsIn, type RawObject } from './read-documents.ts'
import { readerOf } from './readers.ts'
import { documentsOf } from './stream-documents.ts'
import { workloadKinds } from './workload-records.ts'

/** Kinds that only make workloads when somebody renders them: their consumers are not in the file, and that is said. */
const rendered = new Map([
  ['HelmRelease', 'HelmRelease: what it renders is not in this export; render it, or export the cluster'],
  ['Application', 'Argo CD Application: what it renders is not in this export; render it, or export the cluster'],
])

export const kubernetes: Importer = {
  id: 'kubernetes',
  title: 'Kubernetes',
  reads: 'manifests and `kubectl get -o json/yaml` (workloads, secrets, service accounts, RBAC, External Secrets)',
  collect:
    'kubectl get deployments,statefulsets,daemonsets,cronjobs,jobs,pods,serviceaccounts -A -o json > prod/workloads.json',
  emits: [
    'k8s.cluster',
    'k8s.namespace',
    'k8s.service_account',
    ...[...workloadKinds.values()].map(({ kind }) => kind),
    'k8s.ingress',
    'k8s.secret_object',
    'k8s.sa_token_legacy_secret',
    'k8s.secret_store',
    'k8s.issuer',
    'k8s.custom_resource',
    'k8s.user',
    'k8s.group',
    'k8s.all_secrets',
    'k8s.all_service_accounts',
    'k8s.all_workloads',
    'k8s.sa_token_bound',
    'tls.certificate',
    'external.secret',
    'external.store',
    'vault.server',
    'vault.role',
    'vault.kv2_secret',
    'vault.secret_path',
    'aws.iam_access_key',
    'aws.iam_role',
    'aws.iam_user',
    'aws.secretsmanager_secret',
    'aws.ssm_parameter',
    'azure.keyvault_secret',
    'gcp.service_account',
    'entra.service_principal',
    'entra.client_secret',
    'github.actions_secret',
    'business.system',
    'business.team',
  ],
  blindTo: [
    'secrets an application reads from the API server itself',
    'copies of a token or kubeconfig outside the cluster',
    'workloads that an operator, Helm or Kustomize has yet to render',
    'whether a process reads a mounted file again',
    'objects that the export does not hold',
  ],
  nature: 'snapshot',
  detect,
  begin,
}

/** Does an `apiVersion` say so? A label of a Deployment may name such a group without being of it. */
function isOfAnother(head: string): boolean {
  for (let at = head.indexOf('apiVersion'); at >= 0; at = head.indexOf('apiVersion', at + 1)) {
    const value = head.slice(at + 'apiVersion'.length, at + 60).replaceAll(/["':\s]/g, '')
    if (otherVersions.some((version) => value.startsWith(version))) return true
  }
  return false
}

/** Other formats that look alike: audit events and catalogs have `apiVersion` and `kind` too. */
const otherVersions = ['audit.k8s.io/', 'backstage.io/']

function detect({ head, name }: Probe): number {
  if (head.includes('keyfall.bundle/') || isOfAnother(head)) return 0
  const start = head.trimStart().slice(0, 2)
  if (start[0] === '[' || (start[0] === '{' && start !== '{{' && start !== '{%')) return detectJson(head)
  let version = false
  let kind = false
  let resources = false
  for (const line of head.split('\n', 4000)) {
    const field = line.startsWith('- ') ? line.slice(2) : line.trimStart()
    version ||= field.startsWith('apiVersion:')
    kind ||= field.startsWith('kind:')
    resources ||= field.startsWith('resources:') || field.startsWith('namespace:')
  }
  if (version && kind) return 0.9
  return resources && isKustomization(name) ? 0.6 : 0
}

function isKustomization(file: string): boolean {
  return /(^|\/)kustomization\.ya?ml$/.test(file)
}

/** `apiVersion` has to be a field of the first object or of the first items, not somewhere inside an event. */
function detectJson(head: string): number {
  const at = head.indexOf('"apiVersion"')
  // An event of CloudTrail says the version of the API that was called.
  if (head.includes('"userIdentity"') && head.includes('"eventSource"')) return 0
  if (at < 0 || !/"(kind|items)"/.test(head)) return 0
  let depth = 0
  let inString = false
  for (let i = 0; i < at; i++) {
    const code = head.charCodeAt(i)
    if (inString) {
      if (code === 92) i++
      else if (code === 34) inString = false
    } else if (code === 34) inString = true
    else if (code === 123 || code === 91) depth++
    else if (code === 125 || code === 93) depth--
  }
  return depth === 1 ? 1 : depth <= 3 && !inString ? 0.7 : 0
}

function begin(context: RunContext): ImporterRun {
  const clusters = new Map<string, Cluster>()
  const seenUids = new Set<string>()
  const clusterOf = (file: string): Cluster => {
    const name = context.scopeName ?? clusterNamedBy(file)
    const known = clusters.get(name) ?? clusterFacts(name, context)
    clusters.set(name, known)
    return known
  }
  return {
    async file(input, report) {
      const notes = new Map<string, number>()
      const subjects: Subjects = new Map()
      let records = 0
      for await (const found of documentsOf(input)) {
        if ('reason' in found) {
          records++
          report.read?.()
          report.skipped(found.reason, found.where || '/')
          continue
        }
        for (const object of objectsIn(found, found.kind, found.apiVersion)) {
          if (!object) continue
          records++
          report.read?.()
          readObject(clusterOf(input.name), input, object, found.templated, { report, notes, subjects, seenUids })
        }
      }
      if (records === 0) {
        report.read?.()
        report.skipped('empty', '/')
      }
      for (const words of ['bindings', 'subjects']) {
        const counted = [...subjects].filter(([kind]) => kind.endsWith('Binding') === (words === 'bindings'))
        const said = counted.map(([kind, count]) => `${count} ${shortened(kind, 60)}`).join(', ')
        if (said !== '') report.note(`RBAC ${words}: ${said}`)
      }
      for (const [note, count] of notes) report.note(`${count} × ${note}`)
    },
    end() {
      for (const cluster of clusters.values()) cluster.end()
    },
  }
}

interface Reading {
  readonly report: FileReport
  readonly notes: Map<string, number>
  readonly subjects: Subjects
  readonly seenUids: Set<string>
}

function readObject(cluster: Cluster, input: InputFile, object: RawObject, templated: boolean, reading: Reading): void {
  const { report, notes, subjects, seenUids } = reading
  const place = { file: input.name, record: object.where || '/' }
  const count = (note: string): void => void notes.set(note, (notes.get(note) ?? 0) + 1)
  // Kustomize's own file may leave its kind out.
  const kind = object.kind === '' && isKustomization(input.name) ? 'Kustomization' : object.kind
  const kustomized = kind === 'Kustomization' && readKustomization(cluster, place, object.value)
  // Of all ConfigMaps one says who comes in; the others are the business of their applications.
  const reader = kind === 'ConfigMap' && !isAwsAuth(object.value) ? undefined : readerOf(kind, object.apiVersion)
  const custom = !reader && (isCustom(object.apiVersion) || storageKinds.has(kind))
  const why = rendered.get(kind)
  if (why) count(why)
  if (!reader && !custom) {
    if (kustomized) return report.mapped()
    const odd = kind === '' ? 'unknown-type' : 'not-relevant'
    return report.skipped(templated && kind === '' ? 'template' : odd, place.record)
  }
  if (kind === 'Secret' && isHelmRelease(object.value)) {
    count('Helm release: its content is not read')
    return report.skipped('not-relevant', place.record)
  }
  const meta = Envelope.safeParse(object.value).data?.metadata
  const broken = templated ? 'template' : 'unreadable-record'
  if (kustomized && !meta?.name) return report.mapped()
  // Configuration of some tool has a kind of its own, and no name.
  if (!meta?.name && !reader) return report.skipped('not-relevant', place.record)
  if (!meta) return report.skipped(broken, place.record)
  if (!meta.name) return report.skipped('missing-identifier', place.record)
  if (meta.name.includes('{{') || meta.namespace?.includes('{{')) return report.skipped('template', place.record)
  const identity = meta.uid ? `${meta.uid} ${kind} ${meta.namespace ?? ''}/${meta.name}` : undefined
  if (identity !== undefined && seenUids.has(identity)) return report.merged()
  const seen = { kind, meta, place }
  const understood = reader
    ? reader(cluster, seen, object.value, report, subjects)
    : readCustom(cluster, seen, object.value, object.apiVersion)
  if (!understood && !kustomized) return report.skipped(reader ? broken : 'not-relevant', place.record)
  if (identity !== undefined) seenUids.add(identity)
  report.mapped()
}
