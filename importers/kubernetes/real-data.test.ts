import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { kubernetes } from './index.ts'
import { runInMemory, skippedOf, unaccounted, type Outcome } from '../read/in-memory.ts'

/** Counts of ../shared/data/README.md, taken without this importer. */
const shared = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const present = existsSync(shared)
if (!present && process.env['CI'] === 'true')
  throw new Error('../shared/data is absent: these tests must not be skipped on CI')

function run(name: string): Promise<Outcome> {
  const root = join(shared, name)
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name))
  return runInMemory(
    kubernetes,
    Object.fromEntries(paths.map((path) => [path.slice(shared.length), readFileSync(path)])),
  )
}

const workloadKinds = new Set(
  'deployment stateful_set daemon_set replica_set replication_controller job cron_job pod'
    .split(' ')
    .map((k) => `k8s.${k}`),
)
/** Records that declared a workload which stands for itself. */
const workloadRecords = (outcome: Outcome): number =>
  outcome.entities.filter((e) => workloadKinds.has(e.kind!)).reduce((n, e) => n + (e.evidence?.length ?? 0), 0)
const kindCount = (outcome: Outcome, kind: string): number => outcome.entities.filter((e) => e.kind === kind).length
const secretsUsed = (outcome: Outcome): number =>
  new Set(
    outcome.relationships
      .filter(
        (r) => r.kind === 'USES_SECRET' && !r.from.includes('/ingress/') && !/\/(cluster)?secretstore\//.test(r.from),
      )
      .map((r) => r.to),
  ).size
function rbac(outcome: Outcome, words: string, sums: Record<string, number>, folder = ''): Record<string, number> {
  for (const { notes } of outcome.files.filter((f) => f.name.includes(`/${folder}`)))
    for (const [, count, kind] of notes
      .filter((n) => n.startsWith(`RBAC ${words}`))
      .join(' ')
      .matchAll(/(\d+) (\w+)/g))
      sums[kind!]! += Number(count)
  return sums
}

const subjects = (outcome: Outcome, folder = '') =>
  rbac(outcome, 'subjects', { ServiceAccount: 0, Group: 0, User: 0 }, folder)
const bindings = (outcome: Outcome, folder = '') =>
  rbac(outcome, 'bindings', { RoleBinding: 0, ClusterRoleBinding: 0 }, folder)

describe.skipIf(!present)('real data (skipped without ../shared/data: these counts are not checked then)', () => {
  it('k8s-fixinventory: API lists whose items carry no kind', async () => {
    const outcome = await run('k8s-fixinventory')
    expect(unaccounted(outcome)).toEqual([])
    // 75 workload objects: 33 pods and 22 replica sets, all under a controller (one pod under an ArangoDeployment that the
    // export lacks); 13 + 5 + 2 stand for themselves.
    const count = (name: string) => outcome.files.find((f) => f.name.includes(name))!.mapped
    expect(['_pods', 'replicasets', 'deplpoyments', 'daemonsets', 'statefulsets'].map(count)).toEqual([
      33, 22, 13, 5, 2,
    ])
    expect(
      ['deployment', 'daemon_set', 'stateful_set', 'custom_resource', 'pod', 'replica_set'].map((k) =>
        kindCount(outcome, `k8s.${k}`),
      ),
    ).toEqual([13, 5, 2, 1, 0, 0])
    // The README counts the list itself too (66, 104, 91, 20): the items are one fewer.
    expect(['serviceaccounts', '_clusterroles', 'clusterrolebindings', '_rolebindings'].map(count)).toEqual([
      65, 103, 90, 19,
    ])
    expect(subjects(outcome)).toEqual({ ServiceAccount: 90, Group: 14, User: 8 })
    expect(secretsUsed(outcome)).toBe(14)
    const accounts = new Set(outcome.relationships.filter((r) => r.kind === 'RUNS_AS').map((r) => r.to))
    expect([...accounts].filter((a) => !a.endsWith('/default')).length).toBe(18)
    const secrets = outcome.files.find((f) => f.name.includes('secrets'))!
    expect([secrets.read, secrets.mapped]).toEqual([21, 19])
    expect(kindCount(outcome, 'k8s.sa_token_legacy_secret')).toBe(11)
    // Three in secrets of the list; three more are asked for by annotations of Ingresses, and the list lacks their secrets.
    const held = outcome.relationships.filter((r) => r.kind === 'HOLDS' && r.to.endsWith('#tls'))
    const why = held.map((r) => r.evidence!.map((e) => e.note).join())
    expect(why.filter((note) => note.includes('type kubernetes.io/tls')).length).toBe(3)
    expect(why.filter((note) => note.includes('asks cert-manager')).length).toBe(3)
  })

  it('k8s-kubehound: attack manifests and a dump with one folder a namespace', async () => {
    const outcome = await run('k8s-kubehound')
    expect(unaccounted(outcome)).toEqual([])
    expect(outcome.entities.filter((e) => e.id.startsWith('k8s:test/') && e.kind === 'k8s.pod').length).toBe(30)
    // Declared ones have a record that is more than a mention.
    const declared = outcome.entities.filter(
      (e) => e.kind === 'k8s.service_account' && e.evidence!.some((one) => one.note === undefined),
    )
    expect(declared.filter((e) => e.id.startsWith('k8s:test/')).length).toBe(17)
    expect(bindings(outcome, 'test/')).toEqual({ RoleBinding: 19, ClusterRoleBinding: 5 })
    // The dump; two single pods of other tests lie beside it.
    const pods = outcome.files.filter((f) => /test-cluster\/.*\/pods\.json$/.test(f.name))
    expect(pods.map((f) => f.mapped)).toEqual([1, 1])
    expect(subjects(outcome, 'pkg/collector/testdata/test-cluster')).toEqual({ ServiceAccount: 3, Group: 0, User: 0 })
  })

  it('k8s-eso-home-ops: ExternalSecrets through two stores', async () => {
    const outcome = await run('k8s-eso-home-ops')
    expect(unaccounted(outcome)).toEqual([])
    const synced = outcome.relationships.filter((r) => r.kind === 'SYNCED_FROM' && r.from.startsWith('k8s:'))
    expect(new Set(synced.map((r) => `${r.evidence![0]!.file} ${r.evidence![0]!.record}`)).size).toBe(36)
    expect(new Set(synced.map((r) => r.to)).size).toBe(33)
    expect(new Set(synced.flatMap((r) => r.by ?? [])).size).toBe(2)
    // One names its interval (5 m), one is fetched once; the others have the default.
    expect([...new Set(synced.map((r) => `${r.delivery} ${r.pickup?.[1]}`))].sort()).toEqual([
      'manual undefined',
      'operator_sync 300',
      'operator_sync 3600',
    ])
    // The README has 68: one file repeats an anchor, which YAML 1.2 allows and the reader that counted did not.
    expect(outcome.files.flatMap((f) => f.notes).filter((n) => n.includes('HelmRelease')).length).toBe(69)
    expect(skippedOf(outcome, 'not-yaml')).toBe(0)
    // What the values of charts name, `{{ .Release.Name }}` put in: 18 places, possible because a chart decides.
    const charts = outcome.relationships.filter((r) => r.kind === 'USES_SECRET' && r.from.includes('/helmrelease/'))
    expect(charts.filter((r) => r.evidence![0]!.note?.includes('ecretRef') && r.confidence === 'possible').length).toBe(
      18,
    )
  })

  it('k8s-sock-shop: 27 Helm templates', async () => {
    const outcome = await run('k8s-sock-shop')
    expect(unaccounted(outcome)).toEqual([])
    expect(skippedOf(outcome, 'template')).toBe(27)
    // One of the 46 has a quoted text that goes on to the left of its key: not YAML 1.2, reported with its line.
    expect(skippedOf(outcome, 'not-yaml')).toBe(1)
    expect(workloadRecords(outcome)).toBe(45)
    const runsAs = outcome.relationships.filter((r) => r.kind === 'RUNS_AS' && r.to.endsWith('/default'))
    expect(runsAs.reduce((n, r) => n + r.evidence!.length, 0)).toBe(40)
  })

  it.each([
    ['k8s-bank-of-anthos', 9, 1],
    ['k8s-online-boutique', 24, 0],
    ['k8s-kubernetes-goat', 13, 1],
    ['spire', 10, 1],
  ])('%s: %i workloads, %i secrets used', async (name, workloads, secrets) => {
    const outcome = await run(name)
    expect(unaccounted(outcome)).toEqual([])
    expect(workloadRecords(outcome)).toBe(workloads)
    expect(secretsUsed(outcome)).toBe(secrets)
  })

  it('bank-of-anthos: a service account bound to a Google identity', async () => {
    const outcome = await run('k8s-bank-of-anthos')
    expect(kindCount(outcome, 'gcp.service_account')).toBe(1)
  })

  it('does not claim audit events', async () => {
    expect((await run('k8s-audit')).claimed).toEqual([])
  })
})
