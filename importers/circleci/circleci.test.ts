import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { collect } from '../read/collect.ts'
import { rawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { circleci } from './index.ts'

const name = 'acme__portal/.circleci/config.yml'
const text = readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')
const read = (content: string) => collect(runImporters([rawFile(name, content)], { importers: [circleci] }))
const found = await read(text)
const job = (id: string) => keys.circleciJob('acme/portal', id)
const links = (kind: string, from: string) =>
  found.facts.relationships.filter((one) => one.kind === kind && one.from === from)

describe('listings of CircleCI', () => {
  const listing = readFileSync(new URL('./fixtures/contexts.ndjson', import.meta.url), 'utf8')
  const both = () =>
    collect(runImporters([rawFile(name, text), rawFile('contexts.ndjson', listing)], { importers: [circleci] }))
  const place = keys.circleciContext('acme', 'portal-release')

  it('show the names in a context, and so which of them a job reads', async () => {
    const { facts, files, scopes } = await both()
    const uses = facts.relationships.filter(({ kind, from }) => kind === 'USES_SECRET' && from === job('publish'))
    const variable = keys.circleciVariable(place, 'REGISTRY_PASSWORD')
    expect(uses.find(({ to }) => to === variable)).toMatchObject({ delivery: 'ci_job_start' })
    const own = keys.circleciVariable(keys.circleciProjectVariables('acme/portal'), 'UPLOAD_TOKEN')
    expect(uses.find(({ to }) => to === own)).toBeDefined()
    // A context goes before the project: the value of the same name there is not taken.
    const shadowed = keys.circleciVariable(keys.circleciProjectVariables('acme/portal'), 'REGISTRY_PASSWORD')
    expect(uses.find(({ to }) => to === shadowed)).toBeUndefined()
    const handed = facts.relationships.filter(({ kind, from }) => kind === 'SYNCED_FROM' && from === place)
    expect(handed.map(({ to, confidence }) => `${to} ${confidence}`)).toEqual([
      `${variable} possible`,
      `${keys.circleciVariable(place, 'K8S_TOKEN_LIVE')} possible`,
    ])
    expect(files.find((file) => file.name === 'contexts.ndjson')).toMatchObject({ read: 6, mapped: 6, skipped: [] })
    const complete = new Map(scopes.map(({ scope }) => [scope.id, scope.complete]))
    expect(complete.get('circleci/acme/context/portal-release')).toBe(true)
    expect(complete.get('circleci/acme/portal/variables')).toBe(false)
  })

  it('hold no value', async () => {
    expect(listing).toContain('KEYFALL-CANARY')
    expect(JSON.stringify(await both())).not.toContain('KEYFALL-CANARY')
  })
})

describe('CircleCI', () => {
  it('gives each job its contexts, merged anchors and jobs of orbs among them', () => {
    const contexts = (from: string) =>
      links('USES_SECRET', job(from))
        .filter(({ confidence }) => confidence === undefined)
        .map(({ to }) => to)
    expect(contexts('publish')).toEqual([keys.circleciContext('acme', 'portal-release')])
    expect(contexts('slack/notify')).toEqual([keys.circleciContext('acme', 'chat')])
    expect(contexts('build')).toEqual([])
  })

  it('never says which value of a context a job reads, only what it looks for', () => {
    const [use] = links('USES_SECRET', job('publish')).filter(({ confidence }) => confidence === 'possible')
    expect(use).toMatchObject({ to: keys.circleciProjectVariables('acme/portal') })
    const entity = found.facts.entities.find(({ id }) => id === job('publish'))
    expect(entity!.props!.variables).toEqual(['REGISTRY_PASSWORD', 'UPLOAD_TOKEN'])
    expect(found.facts.entities.find(({ id }) => id === job('build'))!.props).toEqual({})
  })

  it('knows how often a job runs that only the clock starts', () => {
    expect(links('USES_SECRET', job('nightly-report'))[0]).toMatchObject({
      to: keys.circleciContext('acme', 'reporting'),
      delivery: 'ci_job_start',
      cadence: 86_400,
    })
    expect(links('USES_SECRET', job('publish'))[0]!.cadence).toBeUndefined()
  })

  it('finds keys and roles that stand in the file', () => {
    const from = job('nightly-report')
    const key = keys.awsAccessKey('AKIAEXAMPLEREPORTNG1')
    expect(links('USES_CREDENTIAL', from)).toMatchObject([{ to: key, delivery: 'hardcoded' }])
    expect(links('RUNS_AS', from).map(({ to }) => to)).toEqual(['arn:aws:iam::111122223333:role/reporting'])
  })

  it('follows what must have run before, but for approvals', () => {
    expect(links('DEPENDS_ON', job('publish')).map(({ to }) => to)).toEqual([job('build')])
    expect(links('DEPENDS_ON', job('slack/notify')).map(({ to }) => to)).toEqual([job('publish')])
  })

  it('accounts for every job and every use of one, and emits what it says', () => {
    const [file] = found.files
    expect([file!.read, file!.mapped]).toEqual([9, 7])
    expect(file!.skipped.map(({ reason, where }) => [reason, where])).toEqual([
      ['not-relevant', ['/workflows/main/jobs/1']],
      ['unreadable-record', ['/jobs/broken']],
    ])
    expect(file!.notes.join()).toContain('1 contexts are named by an expression')
    const kinds = new Set(found.facts.entities.map(({ kind }) => kind!))
    expect([...kinds].filter((kind) => !circleci.emits.includes(kind))).toEqual([])
  })

  it('lets no value of the environment through', () => {
    expect(text).toContain('KEYFALL-CANARY')
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
  })

  it('survives any value where jobs, workflows or steps should be', async () => {
    const config = fc.record({
      version: fc.constant(2),
      jobs: fc.dictionary(fc.string(), fc.jsonValue()),
      workflows: fc.dictionary(fc.string(), fc.record({ jobs: fc.jsonValue(), triggers: fc.jsonValue() })),
      orbs: fc.jsonValue(),
    })
    await fc.assert(
      fc.asyncProperty(config, async (value) => {
        const lines = Object.entries(value).map(([field, inner]) => `${field}: ${JSON.stringify(inner)}`)
        const { files } = await read(lines.join('\n'))
        expect(files[0]).toMatchObject({ importer: 'circleci' })
        expect(files[0]!.error).toBeUndefined()
      }),
      { numRuns: 100 },
    )
  })
})
