import { expect, it } from 'vitest'
import { buildEstate } from '../estate/build.ts'
import { startMerge } from '../merge.ts'
import { oneCredential } from './find.ts'
import { oneThing } from './reach.ts'

const at = '2026-11-20T04:00:00Z'

it('asks which of two credentials is meant, however many other things are called so', () => {
  const merge = startMerge()
  merge.entity({ id: 'a', kind: 'generic.api_key', name: 'bill-key' })
  merge.entity({ id: 'b', kind: 'generic.api_key', name: 'the old bill' })
  for (let n = 0; n < 20; n++) merge.entity({ id: `w${n}`, kind: 'k8s.deployment', name: `bill-${n}` })
  const about = { importer: 'bundle', importerTitle: 'bundle', nature: 'snapshot' as const, complete: true, at }
  const scope = { ...about, scope: 'bundle:x', title: 'x', files: [], blindTo: [], facts: merge.finish() }
  const estate = buildEstate([scope], { id: 'test', at, sample: false })
  expect(() => oneCredential(estate, 'bill')).toThrow('2 credentials match')
  expect(() => oneThing(estate, 'bill')).toThrow('22 things match')
  expect(oneCredential(estate, 'bill-key').name).toBe('bill-key')
})
