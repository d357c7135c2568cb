import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { counts, delta, type Delta } from '../../graph/delta.ts'
import { buildEstate, type EstateScope } from '../../graph/estate/build.ts'
import { ends, type Estate } from '../../graph/estate/estate.ts'
import { idOf } from '../../graph/ids.ts'
import { keys } from '../../graph/keys.ts'
import type { KnownEntity, KnownFacts } from '../../graph/known.ts'
import { startMerge } from '../../graph/merge.ts'
import { circleci } from '../../importers/circleci/index.ts'
import { githubWorkflows } from '../../importers/github-workflows/index.ts'
import type { Importer } from '../../importers/importer.ts'
import { kubernetes } from '../../importers/kubernetes/index.ts'
import { answerPlan } from '../../graph/plan/answer-plan.ts'
import { unpreparedOf } from '../../graph/plan/together.ts'
import { collect } from '../../importers/read/collect.ts'
import { rawFile, type RawFile } from '../../importers/read/raw-file.ts'
import { runImporters } from '../../importers/read/run-importers.ts'
import { entriesOf } from '../scenarios/does-use/files.ts'
import { score, table } from '../scenarios/does-use/measure.ts'
import { tokensSaid } from '../scenarios/does-use/said.ts'
import { tokenRepositories } from '../scenarios/does-use/terraform-truth.ts'
import { terraformConfig } from '../../importers/terraform-config/index.ts'

/** The figures of docs/cases/mass-rotation.md, and the counts of ../shared/data/README.md that were taken without us. */
const shared = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const present = existsSync(join(shared, 'moj-cloud-platform'))
if (!present) {
  if (process.env['CI'] === 'true') throw new Error('../shared/data is absent: these tests must not be skipped on CI')
  console.warn('SKIPPED test/cases/mass-rotation: ../shared/data/moj-cloud-platform is not here')
}

const minutes = 60_000
const owner = 'ministryofjustice'
const importers = [kubernetes, terraformConfig]

async function read(files: Iterable<RawFile>, used: readonly Importer[], scopeName: string): Promise<KnownFacts> {
  const fingerprintKey = new Uint8Array(32).fill(7)
  const { facts } = await collect(runImporters(files, { importers: used, scopeName, fingerprintKey }))
  const merge = startMerge()
  for (const fact of facts.entities) merge.entity(fact)
  for (const fact of facts.relationships) merge.relationship(fact)
  return merge.finish()
}

/** An archive under the name that each month's has: what changed is then the estate, and not the file's name. */
const archive = (name: string) => [rawFile('live.tar.gz', readFileSync(join(shared, 'moj-cloud-platform', name)))]

const beforeFiles = () =>
  entriesOf({ name: 'before', bytes: readFileSync(join(shared, 'moj-cloud-platform/before.tar.gz')) })

function checkout(name: string): RawFile[] {
  const root = join(shared, 'moj-service-repos', name)
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map((entry) => {
    const path = join(entry.parentPath, entry.name)
    return rawFile(path.slice(join(root, '..').length + 1), readFileSync(path))
  })
}

const scope = (title: string, facts: KnownFacts): EstateScope =>
  ({
    scope: title,
    title,
    importer: 'terraform-config',
    nature: 'snapshot',
    complete: false,
    importedAt: '2026-11-22T00:00:00Z',
    blindTo: [],
    facts,
  }) as unknown as EstateScope

describe.runIf(present)('the afternoon on which every token was rotated', () => {
  let before: KnownFacts
  let after: KnownFacts
  let change: Delta
  let estate: Estate
  let tokens: readonly KnownEntity[]
  const of = (facts: KnownFacts, kind: string) => [...facts.entities.values()].filter((one) => one.kind === kind)
  const made = (facts: KnownFacts, kind: string, module: string) =>
    of(facts, kind).filter(({ props }) => props?.['module'] === `cloud-platform-terraform-${module}`)
  const tokensOf = (facts: KnownFacts) =>
    ['serviceaccount', 'hmpps-template'].map((module) => made(facts, 'k8s.sa_token_legacy_secret', module))
  /** Places that hold it: [token, place]. */
  const copies = (facts: KnownFacts) => {
    const ids = new Set(
      tokensOf(facts)
        .flat()
        .map(({ id }) => id),
    )
    return [...facts.relationships.values()].filter(({ kind, to }) => kind === 'HOLDS' && ids.has(to))
  }
  const repositoryOf = (facts: KnownFacts, place: string) =>
    facts.entities.get(place)!.key.split('/').slice(0, 2).join('/')
  const declared = (facts: KnownFacts, kind: string) =>
    of(facts, kind).filter(({ evidence }) => evidence?.some(({ source }) => source === 'kubernetes'))

  beforeAll(async () => {
    before = await read(archive('before.tar.gz'), importers, 'live')
    after = await read(archive('after.tar.gz'), importers, 'live')
    change = delta(before, after)
    tokens = tokensOf(before).flat()
    const scopes = [scope('live', before)]
    for (const name of readdirSync(join(shared, 'moj-service-repos')))
      scopes.push(scope(name, await read(checkout(name), [githubWorkflows, circleci], `${owner}/${name}`)))
    estate = buildEstate(scopes, { id: 'case', at: null, sample: false })
  }, 10 * minutes)

  it('reads the estate that is there', () => {
    const namespaces = (facts: KnownFacts) =>
      declared(facts, 'k8s.namespace').filter(({ evidence }) => evidence!.some(({ file }) => file !== undefined)).length
    expect([namespaces(before), namespaces(after)]).toEqual([643, 645])
    expect(tokensOf(before).map(({ length }) => length)).toEqual([636, 318])
    expect(tokensOf(after).map(({ length }) => length)).toEqual([636, 318])
    expect(made(before, 'aws.iam_role', 'irsa')).toHaveLength(333)
    // Seven of them take the name of their account from a variable that no file gives a value.
    expect(made(before, 'k8s.service_account', 'irsa')).toHaveLength(326)
    // 381 calls; 75 of them are replicas with a count of zero.
    expect(made(before, 'aws.rds_instance', 'rds-instance')).toHaveLength(306)
    expect(made(before, 'generic.password', 'elasticache-cluster')).toHaveLength(205)
    // Keys of users that a namespace makes itself; the five of older container registries come on top.
    expect(of(before, 'aws.iam_access_key').filter(({ props }) => props?.['module'] === undefined)).toHaveLength(71)
    expect(of(before, 'aws.iam_user').filter(({ key }) => key.includes('#aws_iam_user.'))).toHaveLength(71)
    expect(of(before, 'generic.credential').filter(({ name }) => name.startsWith('client secret of'))).toHaveLength(140)
  })

  it('knows who owns it', () => {
    const owners = new Set<string>()
    for (const { kind, from, to, evidence } of before.relationships.values())
      if (kind === 'OWNED_BY' && before.entities.get(from)?.kind === 'k8s.namespace')
        if (evidence?.some(({ note }) => note?.includes('/owner ') === true)) owners.add(to)
    // 247 as they are written; names compare without case, and five differ in nothing else.
    expect(owners.size).toBe(242)
    const production = of(before, 'k8s.namespace').filter(({ props }) => props?.['production'] === 'true')
    expect(production.length).toBe(172)
    expect(
      of(before, 'k8s.namespace').filter(({ props }) => props?.['application'] !== undefined).length,
    ).toBeGreaterThan(600)
  })

  it('finds every declared copy of every token', () => {
    const [byService] = tokensOf(before)
    const service = new Set(byService!.map(({ id }) => id))
    const pairs = (all: boolean) =>
      new Set(
        copies(before)
          .filter(({ to }) => all || service.has(to))
          .map(({ from, to }) => `${to} ${repositoryOf(before, from)}`),
      )
    const repositories = (all: boolean) => new Set([...pairs(all)].map((pair) => pair.split(' ')[1]))
    expect([pairs(false).size, repositories(false).size]).toEqual([415, 220])
    expect([pairs(true).size, repositories(true).size]).toEqual([733, 332])
  })

  it('and each of them is one that a reader of its own finds', () => {
    const keyOf = (id: string) => before.entities.get(id)!.key
    const named = [...before.relationships.values()].map(({ kind, from, to }) => ({ kind, from: keyOf(from), to: keyOf(to) })) // prettier-ignore
    const row = { set: 'tokens > repositories (all)', truth: tokenRepositories(beforeFiles()), said: tokensSaid(named) }
    console.log(table([row]))
    expect(score(row)).toEqual({ recall: 1, precision: 1, missing: [], wrong: [] })
  })

  it('finds the tokens that nothing declared uses, and what their names say', () => {
    const held = new Set(copies(before).map(({ to }) => to))
    const alone = tokens.filter(({ id }) => !held.has(id))
    const named = (account: string) => alone.filter(({ name }) => name.startsWith(`token of ${account} in `)).length
    expect(alone).toHaveLength(270)
    expect(['circleci-migrated', 'circleci', 'scheduled-downtime-serviceaccount'].map(named)).toEqual([77, 70, 68])
  })

  it('says how each was rotated before, and which nobody could rotate that day', () => {
    const [service, template] = tokensOf(before)
    const rotation = (one: KnownEntity) =>
      one.props?.['rotation'] ?? `every ${String(one.props?.['rotationDays'])} days`
    const having = (value: string) => service!.filter((one) => rotation(one) === value).length
    // The module's own default is the text `dd-mm-yyyy`.
    expect(['dd-mm-yyyy', '01-01-2000', 'every 7 days'].map(having)).toEqual([299, 211, 18])
    expect(template!.every(({ props }) => props?.['rotatesOnDemand'] === false && props['rotationDays'] === 7)).toBe(
      true,
    )
    expect(tokens.every(({ props }) => props?.['replacedWithOverlap'] === false)).toBe(true)
    const [serviceAfter, templateAfter] = tokensOf(after)
    expect(new Set(serviceAfter!.map(rotation))).toEqual(new Set(['20-03-2026']))
    expect(new Set(templateAfter!.map(rotation))).toEqual(new Set(['2026-03-20']))
    expect(templateAfter!.every(({ props }) => props?.['rotatesOnDemand'] === true)).toBe(true)
  })

  it('tells the afternoon as a delta: every token, and almost nothing else', () => {
    const changed = change.entities.changed.filter(({ after: now }) => now.kind === 'k8s.sa_token_legacy_secret')
    expect(new Set(changed.map(({ after: now }) => now.id))).toEqual(new Set(tokens.map(({ id }) => id)))
    expect(changed.every(({ after: now }) => now.props?.['rotatedAt'] === '2026-03-20')).toBe(true)
    // Two secrets of other teams changed that day, and no relationship did.
    expect(counts(change.entities).changed - changed.length).toBeLessThanOrEqual(2)
    expect(counts(change.relationships).changed).toBe(0)
    // A pipeline moved from a repository's secret to those of its environments, databases and a namespace came.
    expect(counts(change.entities).added).toBeLessThanOrEqual(40)
  })

  it('plans it: nothing is ready, no two values, and what one afternoon strikes at once', { timeout: minutes }, () => {
    const { breaks, unknown } = unpreparedOf(
      estate,
      tokens.map(({ id }) => estate.indexOf.get(id)!),
    )
    const first = tokens.map(({ id }) => id).sort().slice(0, 60) // prettier-ignore
    const plan = answerPlan(estate, { credentials: first.join(','), from: '2026-03-20' }, '2026-03-19T18:00:00Z')
    const gate = plan.gates.find(({ id }) => id === 'overlap')!
    expect([breaks.length, unknown.length]).toEqual([12, 27])
    expect([plan.totals.ready, gate.met, gate.notMet]).toEqual([0, 0, 60])
    // Nobody is named for any of four duties; no vendor has part in it.
    expect(plan.missing.map(({ credentials }) => credentials)).toEqual([60, 60, 60, 60])
  })

  it('follows one token from its namespace to the job that uses it', () => {
    const token = keys.k8sAccountToken('live', 'laa-apply-for-legalaid-uat', 'github-actions')
    const secret = keys.githubRepositorySecret(`${owner}/laa-apply-for-legal-aid`, 'K8S_GHA_UAT_TOKEN')
    expect(into(token).map(([kind, from]) => [kind, from])).toContainEqual(['HOLDS', secret])
    const users = into(secret).filter(([kind]) => kind === 'USES_SECRET')
    expect(users.map(([, from]) => from)).toEqual([
      keys.githubJob(`${owner}/laa-apply-for-legal-aid`, 'delete-uat-release.yml', 'delete_uat_job'),
    ])
  })

  it('suggests the copy that nobody declared, and leaves it to a person', () => {
    const token = keys.k8sAccountToken('live', 'laa-apply-for-legalaid-uat', 'circleci-migrated')
    const context = keys.circleciContext(owner, 'laa-apply-for-legalaid-uat')
    const [link] = estate.relationships.filter(({ from, to }) => from === idOf(context) && to === idOf(token))
    expect(link).toMatchObject({ kind: 'HOLDS', confidence: 'possible' })
  })

  const into = (key: string) => {
    const at = estate.indexOf.get(idOf(key))
    return estate.relationships
      .filter((one) => ends(estate, one).to === at)
      .map((one) => [one.kind, estate.entities[ends(estate, one).from]!.key] as const)
  }
})
