import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { collect, type Collected } from '../read/collect.ts'
import { expand } from '../read/expand.ts'
import { limits } from '../read/limits.ts'
import { runMeter } from '../read/meter.ts'
import { parseYaml } from '../read/parse-yaml.ts'
import { rawFile, type RawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { countWorkflow, noCounts, type WorkflowCounts } from './count-references.ts'
import { githubWorkflows } from './index.ts'
import { placeOfFile } from './place-of-file.ts'
import { readWorkflow } from './records.ts'

const data = join(import.meta.dirname, '../../../shared/data/ci-github')
const present = existsSync(data)
if (!present) {
  if (process.env.CI) throw new Error('../shared/data/ci-github is missing')
  process.stderr.write('SKIPPED: ../shared/data/ci-github is not there, its counts are not checked\n')
}

/** Counted by scripts that know nothing of this importer: README of the data. */
const distinctSecrets = new Map([
  ['argoproj/argo-cd', 20],
  ['cartography-cncf/cartography', 1],
  ['external-secrets/external-secrets', 55],
  ['grafana/loki', 1],
  ['hashicorp/nomad', 8],
  ['ministryofjustice/hmpps-github-actions', 27],
  ['ministryofjustice/modernisation-platform', 2],
  ['ministryofjustice/modernisation-platform-environments', 2],
  ['opentofu/opentofu', 9],
  ['prowler-cloud/prowler', 57],
  ['DataDog/stratus-red-team', 0],
  ['snyk/driftctl', 1],
])

describe.skipIf(!present)('twelve real repositories', () => {
  let read: Collected
  const all = noCounts()
  const byRepository = new Map<string, WorkflowCounts>()
  let workflows = 0

  beforeAll(async () => {
    const files = readdirSync(data, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path): RawFile => rawFile(relative(data, path), readFileSync(path)))
    read = await collect(runImporters(files, { importers: [githubWorkflows] }))
    const mapped = new Set(read.files.filter(({ mapped }) => mapped > 0).map(({ name }) => name))
    for (const file of files) {
      for await (const entry of expand(file, limits, runMeter(limits))) {
        if ('file' in entry && mapped.has(entry.file.name) && !entry.file.name.endsWith('CODEOWNERS'))
          await count(entry.file)
      }
    }
  })

  async function count(file: RawFile): Promise<void> {
    const chunks: Uint8Array[] = []
    for await (const chunk of file.stream()) chunks.push(chunk)
    const parsed = parseYaml(Buffer.concat(chunks).toString())
    const workflow = 'value' in parsed ? readWorkflow(parsed.value) : undefined
    if (!workflow) return
    workflows++
    countWorkflow(all, workflow)
    const { repository } = placeOfFile(file, undefined)
    const counts = byRepository.get(repository) ?? noCounts()
    countWorkflow(counts, workflow)
    byRepository.set(repository, counts)
  }

  it('have the workflows, jobs and references that were counted independently', () => {
    expect({ workflows, ...all, secrets: undefined }).toEqual({
      workflows: 386,
      secrets: undefined,
      jobs: 904,
      references: 1_250,
      oidcJobs: 593,
      roleSteps: 55,
      inherits: 8,
      callable: 52,
      scheduled: 61,
      pullRequestTarget: 10,
    })
  })
  it('have the distinct secrets, repository by repository', () => {
    const found = new Map([...distinctSecrets].map(([name]) => [name, byRepository.get(name)?.secrets.size ?? 0]))
    expect(found).toEqual(distinctSecrets)
    expect([...found.values()].reduce((sum, count) => sum + count)).toBe(183)
  })
  it('have the rules of their owners, and every record is accounted for', () => {
    const owners = read.files.filter(({ name }) => name.endsWith('CODEOWNERS'))
    expect(owners.reduce((sum, file) => sum + file.read, 0)).toBe(310)
    for (const file of read.files) {
      const skipped = file.skipped.reduce((sum, { count }) => sum + count, 0)
      expect(file.read, file.name).toBe(file.mapped + file.merged + skipped)
      expect(file.error, file.name).toBeUndefined()
    }
    const jobs = read.facts.entities.filter(({ kind }) => kind === 'github.job')
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(904)
  })
  it('leave out only what is no workflow', () => {
    const others = read.files.filter(({ importer, mapped }) => importer === null || mapped === 0)
    const names = others.map(({ name }) => name.slice(name.lastIndexOf('/') + 1))
    const known = new Set(['dependabot.yml', 'PROVENANCE.md', 'action.yml', 'action.yaml', 'catalog-info.yaml'])
    // Where owners are only people, nothing is taken.
    const rest = names.filter((name) => !known.has(name) && name !== 'CODEOWNERS')
    expect(rest).toEqual(['workflow-template.yml'])
  })
  it('give every named secret to the jobs that name it', () => {
    const uses = read.facts.relationships.filter(({ kind }) => kind === 'USES_SECRET')
    const named = new Set(uses.map(({ to }) => to).filter((to) => to.startsWith('github:') && !to.endsWith('/secrets')))
    const mentioned = new Set(
      [...byRepository].flatMap(([repository, { secrets }]) =>
        [...secrets].map((name) => `github:${repository.toLowerCase()}/secret/${name}`),
      ),
    )
    // A name that a called workflow gives to what its callers pass is no secret of the repository.
    expect([...named].filter((to) => !mentioned.has(to))).toEqual([])
    expect(named.size).toBeGreaterThan(150)
    // What hashicorp/vault-action fetches stands in no `secrets`.
    expect(new Set(uses.map(({ to }) => to).filter((to) => to.startsWith('vault:'))).size).toBe(2)
    process.stdout.write(`${uses.length} uses of ${named.size} secrets\n`)
  })
  it('no secret-shaped text came through', () => {
    expect(read.scopes.flatMap(({ defects }) => defects)).toEqual([])
  })
})
