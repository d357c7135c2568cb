import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildEstate, type Estate } from '../../graph/estate/build.ts'
import { root, scopesOf } from './sample-scopes.ts'
import { differences, now, situations } from './situations.ts'

describe('the sample estate', () => {
  let estate: Estate
  beforeAll(async () => {
    const scopes = await scopesOf(join(root, 'server/sample'), now)
    estate = buildEstate(scopes, { id: 'sample', at: now, sample: true })
  })

  it.each(situations)('$id: $title', (situation) => {
    expect(differences(estate, situation)).toEqual([])
  })
})
