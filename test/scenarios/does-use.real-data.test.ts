import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cloudtrailUses } from './does-use/cloudtrail-truth.ts'
import { entriesOf, filesBelow, type Plain } from './does-use/files.ts'
import { githubUses } from './does-use/github-truth.ts'
import { kubernetesUses, releasedUses } from './does-use/kubernetes-truth.ts'
import { imported, score, table, type Measured } from './does-use/measure.ts'
import { phalanxCopies } from './does-use/phalanx-truth.ts'
import {
  cloudtrailSaid,
  githubSaid,
  kubernetesSaid,
  phalanxSaid,
  releasedSaid,
  terraformSaid,
  tokensSaid,
} from './does-use/said.ts'
import { stateUses, tokenRepositories } from './does-use/terraform-truth.ts'

/** Recall and precision of what uses what, against readers that share nothing with the importers. */
const shared = join(import.meta.dirname, '../../../shared/data')
const present = existsSync(shared)
if (!present) {
  if (process.env['CI'] === 'true') throw new Error('../shared/data is absent: these tests must not be skipped on CI')
  console.warn('SKIPPED test/scenarios/does-use: ../shared/data is not here')
}
const set = (name: string): Plain[] => filesBelow(join(shared, name), shared)
const rows: Measured[] = []
const namespaceOf = ({ name }: Plain): string => name.split('/').slice(0, 3).join('/')

function holds(row: Measured): void {
  rows.push(row)
  const { recall, precision, missing, wrong } = score(row)
  expect(row.truth.size, `${row.set}: nothing to find`).toBeGreaterThan(0)
  expect(recall, `${row.set} lacks ${missing.slice(0, 5).join('; ')}`).toBeGreaterThanOrEqual(0.99)
  expect(precision, `${row.set} makes up ${wrong.slice(0, 5).join('; ')}`).toBeGreaterThanOrEqual(0.99)
}

describe.runIf(present)('what uses what, of real data', () => {
  it('jobs and the secrets of GitHub they take', async () => {
    const files = set('ci-github').map((file) => ({ ...file, name: file.name.replace('ci-github/', '') }))
    const repositoryOf = (name: string) => name.split('/')[0]!.replace('__', '/').toLowerCase()
    holds({ set: 'github jobs > secrets (12 repositories)', truth: githubUses(files, repositoryOf), said: githubSaid(await imported(files)) }) // prettier-ignore
  })

  it.each(['k8s-fixinventory', 'k8s-kubehound', 'k8s-bank-of-anthos', 'k8s-kubernetes-goat', 'spire', 'k8s-sock-shop'])(
    'pods and the secrets they name: %s',
    async (name) => {
      const files = set(name)
      const said = kubernetesSaid(await imported(files, 'cluster'))
      const truth = kubernetesUses(files)
      if (truth.size === 0) return expect([...said]).toEqual([])
      holds({ set: `pods > secrets (${name})`, truth, said })
    },
  )

  it('values of Phalanx and what they are copies of', async () => {
    const files = set('vault-phalanx')
    holds({ set: 'values > their source (vault-phalanx)', truth: phalanxCopies(files), said: phalanxSaid(await imported(files)) }) // prettier-ignore
  })

  it('releases of charts, and secrets that are filled from outside', async () => {
    const files = set('k8s-eso-home-ops')
    const said = releasedSaid(await imported(files, 'cluster'))
    holds({ set: 'releases > secrets < outside (home-ops)', truth: releasedUses(files), said })
  })

  it.each(['cloudtrail-stratus', 'cloudtrail-otrf', 'cloudtrail-trailscraper'])(
    'keys and whom they sign for, secrets that were read, roles that were assumed: %s',
    async (name) => {
      const files = set(name).filter((file) => !file.name.endsWith('.csv'))
      const [truth, said] = [cloudtrailUses(files), cloudtrailSaid(await imported(files))]
      for (const what of ['keys', 'reads', 'assumed'] as const)
        if (truth[what].size + said[what].size > 0)
          holds({ set: `${what} (${name})`, truth: truth[what], said: said[what] })
    },
  )

  it('keys of users and roles of functions in states of Terraform', async () => {
    const files = ['tfstate-driftctl', 'tfstate-inframap', 'tfstate-terraboard'].flatMap(set)
    holds({ set: 'keys > users, functions > roles (tfstate-*)', truth: stateUses(files), said: terraformSaid(await imported(files)) }) // prettier-ignore
  })

  it('tokens of namespaces and the repositories that are given them', async () => {
    // One namespace in sixteen here; all of them in test/cases/mass-rotation.test.ts.
    const all = entriesOf({ name: 'before', bytes: readFileSync(join(shared, 'moj-cloud-platform/before.tar.gz')) })
    const chosen = new Set([...new Set(all.map(namespaceOf))].filter((_, at) => at % 16 === 0))
    const files = all.filter((file) => chosen.has(namespaceOf(file)))
    const said = tokensSaid((await imported(files, 'live')).facts.relationships)
    holds({ set: 'tokens > repositories (moj-cloud-platform)', truth: tokenRepositories(files), said })
  })

  it('jobs of the services and the secrets they take', async () => {
    const files = set('moj-service-repos').map((file) => ({ ...file, name: file.name.replace('moj-service-repos/', 'ministryofjustice__') })) // prettier-ignore
    const repositoryOf = (name: string) => name.split('/')[0]!.replace('__', '/').toLowerCase()
    holds({ set: 'github jobs > secrets (moj-service-repos)', truth: githubUses(files, repositoryOf), said: githubSaid(await imported(files)) }) // prettier-ignore
  })

  it('says the figures', () => console.log(table(rows)))
})
