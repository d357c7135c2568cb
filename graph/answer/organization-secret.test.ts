import { describe, expect, it } from 'vitest'
import { buildEstate } from '../estate/build.ts'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { keys } from '../keys.ts'
import { startMerge } from '../merge.ts'
import { coverageOf } from './coverage.ts'

const NOW = '2026-11-20T04:00:00Z'
const SECRET = keys.githubOrganizationSecret('acme', 'NPM_TOKEN')
const home = keys.githubOrganization('acme')
const repository = (name: string): EntityFact => ({
  id: keys.githubRepository(`acme/${name}`),
  kind: 'github.repository',
  name,
})

/** An organization with two repositories, the workflows of some of them, and what listings say. */
function missing(
  visibility: string,
  read: readonly string[],
  listed: readonly string[],
  access: readonly string[] = [],
): string[] {
  const listing = startMerge()
  const evidence = [{ source: 'github-api', kind: 'declared' as const }]
  const entities: EntityFact[] = [
    { id: home, kind: 'github.organization', props: { listed: [...listed] } },
    { id: SECRET, kind: 'github.actions_secret', props: { visibility, level: 'organization' }, evidence },
    repository('shop'),
    repository('till'),
  ]
  const may: RelationshipFact[] = access.map((name) => ({
    kind: 'CAN_ACCESS',
    from: keys.githubRepository(`acme/${name}`),
    to: SECRET,
    evidence,
  }))
  entities.forEach(listing.entity)
  may.forEach(listing.relationship)
  const scope = (importer: string, name: string) => ({
    ...{ scope: `${importer}:${name}`, title: name, importer, importerTitle: importer, nature: 'snapshot' as const },
    ...{ complete: false, at: NOW, files: [], blindTo: [] },
  })
  const estate = buildEstate(
    [
      { ...scope('github-api', 'github/acme'), facts: listing.finish() },
      ...read.map((name) => ({ ...scope('github-workflows', `github/acme/${name}`), facts: startMerge().finish() })),
    ],
    { id: 'x', at: NOW, sample: false },
  )
  const subject = estate.entities.findIndex(({ key }) => key === SECRET)
  return coverageOf(estate, subject, NOW)
    .missing.filter(({ source }) => source.includes('every repository of acme'))
    .map(({ why }) => why)
}

describe('a secret of an organization', () => {
  it('is not covered by the workflows of one repository', () => {
    expect(missing('all', ['shop'], ['repositories'])).toEqual([
      '1 of the 2 repositories that may read it were not imported: till',
    ])
  })

  it('is covered by those of all, where a listing says which there are', () => {
    expect(missing('all', ['shop', 'Till'], ['repositories'])).toEqual([])
    expect(missing('all', ['shop', 'till'], [])).toEqual([
      'which repositories there are, or which of them may read it, no listing says',
    ])
  })

  it('that only selected repositories may read is covered by those', () => {
    expect(missing('selected', ['shop'], [], ['shop'])).toEqual([])
    expect(missing('selected', ['till'], [], ['shop'])).toHaveLength(1)
  })
})
