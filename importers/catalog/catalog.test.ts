import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { collect } from '../read/collect.ts'
import { detectImporter } from '../read/detect-importer.ts'
import { rawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { importers } from '../registry.ts'
import { catalog } from './index.ts'

const text = readFileSync(new URL('./fixtures/catalog-info.yaml', import.meta.url), 'utf8')
const read = (content: string) =>
  collect(runImporters([rawFile('catalog-info.yaml', content)], { importers: [catalog] }))
const found = await read(text)
const team = keys.team('acme/payments-team')
const [api, web, shop] = [keys.system('shop-api'), keys.system('web'), keys.system('shop')]
const targets = (kind: string, from: string) =>
  found.facts.relationships.filter((one) => one.kind === kind && one.from === from).map(({ to }) => to)

describe('a Backstage catalog', () => {
  it('names teams as CODEOWNERS does, and never a person', () => {
    expect(targets('OWNED_BY', shop)).toEqual([team])
    expect(targets('OWNED_BY', api)).toEqual([team])
    expect(targets('OWNED_BY', web)).toEqual([])
    expect(targets('OWNED_BY', keys.githubRepository('acme/shop'))).toEqual([team])
    expect(found.files[0]!.notes.join()).toContain('the owner is a person')
  })

  it('knows what a component is part of, what it needs, and who provides what it consumes', () => {
    const database = keys.catalogEntity('resource:default/orders-db')
    expect(targets('CONTAINED_IN', api)).toEqual([shop])
    expect(targets('DEPENDS_ON', api)).toEqual([database, keys.system('mailer')])
    expect(targets('DEPENDS_ON', web)).toEqual([api])
    expect(targets('DEPENDS_ON', shop)).toEqual([api, web, database])
  })

  it('keeps criticality, purpose and lifecycle, and where it runs', () => {
    const props = Object.assign(
      {},
      ...found.facts.entities.filter(({ id }) => id === api).map((one) => one.props),
    ) as unknown
    expect(props).toMatchObject({ criticality: 'high', lifecycle: 'production', kubernetesId: 'shop-api' })
    expect(targets('DEFINED_IN', api)).toEqual([keys.githubRepository('acme/shop')])
    expect(targets('OWNED_BY', keys.k8sNamespace('prod-eu', 'shop'))).toEqual([team])
  })

  it('is stated, never declared, and retires nothing', () => {
    expect(found.scopes.map(({ scope }) => [scope.nature, scope.complete])).toEqual([['asserted', false]])
    const kinds = new Set(found.facts.relationships.flatMap(({ evidence }) => evidence!.map(({ kind }) => kind)))
    expect([...kinds]).toEqual(['asserted'])
  })

  it('accounts for each document', () => {
    expect(found.files[0]).toMatchObject({ read: 8, mapped: 5, importer: 'catalog' })
    expect(found.files[0]!.skipped.map(({ reason, where }) => [reason, where])).toEqual([
      ['not-relevant', ['document 5']],
      ['template', ['document 6']],
      ['not-yaml', ['document 7']],
    ])
    const kinds = new Set(found.facts.entities.map(({ kind }) => kind!))
    expect([...kinds].filter((kind) => !catalog.emits.includes(kind))).toEqual([])
    expect(JSON.stringify([found.facts, found.files])).not.toContain('KEYFALL-CANARY'.toLowerCase())
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
  })

  it('knows domains as headings, and a repository by where the source is', async () => {
    const { facts } = await read(`apiVersion: backstage.io/v1alpha1
kind: Domain
metadata: { name: sales }
spec: { owner: payments }
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: { name: shop }
spec: { owner: payments, domain: sales }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: till
  annotations: { backstage.io/source-location: 'url:https://github.com/acme/till/tree/main/' }
spec: { type: service }
`)
    const from = (key: string) => facts.relationships.filter((one) => one.from === key)
    const domain = keys.catalogEntity('domain:default/sales')
    expect(
      from(shop)
        .filter(({ to }) => to === domain)
        .map(({ kind }) => kind),
    ).toEqual(['CONTAINED_IN'])
    expect(from(domain).map(({ kind }) => kind)).toEqual(['OWNED_BY'])
    expect(from(keys.system('till')).map(({ kind, to }) => `${kind} ${to}`)).toEqual([
      `DEFINED_IN ${keys.githubRepository('acme/till')}`,
    ])
  })

  it('survives any document that says it is of a catalog', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (metadata, spec) => {
        const document = `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: ${JSON.stringify(metadata)}\nspec: ${JSON.stringify(spec)}\n`
        expect((await read(document)).files[0]!.error).toBeUndefined()
      }),
      { numRuns: 100 },
    )
  })
})

describe('every fixture of every importer', () => {
  const root = join(import.meta.dirname, '..')
  const fixtures = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && `${entry.parentPath}/`.includes('/fixtures/'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  it.each(fixtures.map((path) => [path.slice(root.length + 1), path]))('%s goes to its own', (name, path) => {
    const head = readFileSync(path, 'utf8').slice(0, 65_536)
    const label = name.slice(name.indexOf('/fixtures/') + '/fixtures/'.length)
    expect(detectImporter({ name: label, head, whole: true }, importers)?.id).toBe(name.split('/')[0])
  })
})

const data = join(import.meta.dirname, '../../../shared/data')
const real = ['catalog-backstage/catalog-info.yaml', 'ci-github/snyk__driftctl/catalog-info.yaml']
const present = real.every((name) => existsSync(join(data, name)))
if (!present) {
  if (process.env.CI) throw new Error('../shared/data/catalog-backstage is missing')
  process.stderr.write('SKIPPED: ../shared/data/catalog-backstage is not there, it is not read\n')
}
describe.skipIf(!present)('real catalogs', () => {
  it('are read whole, one component, repository and owner each', async () => {
    const files = real.map((name) => rawFile(name, readFileSync(join(data, name))))
    const outcome = await collect(runImporters(files, { importers }))
    expect(outcome.files.map(({ importer, read: met, mapped }) => [importer, met, mapped])).toEqual([
      ['catalog', 1, 1],
      ['catalog', 1, 1],
    ])
    const count = (kind: string) => outcome.facts.relationships.filter((one) => one.kind === kind).length
    expect(count('DEFINED_IN')).toBe(2)
    expect(outcome.scopes.flatMap(({ defects }) => defects)).toEqual([])
  })
})
