import assert from 'node:assert/strict'
import { buildEstate } from '../../dist/graph/estate/build.js'
import { modelOf } from '../../dist/graph/answer/model.js'
import { race } from './rounds.mjs'

const snapshot = { id: 'bench', at: null, sample: false }

/** Facts of all scopes to the estate, and the estate to the engine's typed arrays. */
export async function benchIndex({ size, rounds, imported }) {
  const expected = buildEstate(imported.scopes, snapshot)
  const count = expected.relationships.length
  const compiled = modelOf(expected, { op: 'revoke' })
  const times = await race(
    rounds,
    {
      'estate: merge, join, derive': () => buildEstate(imported.scopes, snapshot),
      // A fresh estate object, as models are kept per estate.
      'engine index': () => modelOf({ ...expected }, { op: 'revoke' }),
    },
    (found) => {
      assert.equal(found.get('estate: merge, join, derive').relationships.length, count)
      assert.deepEqual(found.get('engine index').from, compiled.from)
    },
  )
  return [
    {
      name: 'index',
      size,
      what: `${expected.entities.length.toLocaleString('en')} entities, ${count.toLocaleString('en')} relationships`,
      times,
      figures: {
        'relationships a second, index': Math.round((count / times['engine index'].median) * 1000).toLocaleString('en'),
      },
    },
  ]
}
