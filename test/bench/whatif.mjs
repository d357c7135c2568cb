import assert from 'node:assert/strict'
import { answerBlast } from '../../dist/graph/answer/blast.js'
import { answerWhatIf } from '../../dist/graph/answer/whatif.js'
import { supposing } from '../../dist/graph/answer/supposition.js'
import { buildEstate } from '../../dist/graph/estate/build.js'
import { race } from './rounds.mjs'

const NOW = '2026-11-20T04:00:00Z'

/** What if this relationship were not there: the whole answer, and the model it needs against one that is made anew. */
export async function benchWhatIf({ size, rounds, imported }) {
  const estate = buildEstate(imported.scopes, { id: 'bench', at: null, sample: false })
  const numbers = usesOf(estate, rounds + 1)
  const idOf = (number) => estate.relationships[number].to
  for (const number of numbers) answerBlast(estate, idOf(number), {}, NOW)
  const changes = (number) => ({ gone: new Set([number]), changed: new Map(), added: [] })
  const anew = (number) => ({ ...supposing(estate, changes(number)) })
  const start = performance.now()
  answerWhatIf(estate, idOf(numbers[0]), { without: estate.relationships[numbers[0]].id }, NOW)
  const first = performance.now() - start
  answerBlast(anew(numbers[0]), idOf(numbers[0]), {}, NOW)
  let [a, b, c] = [1, 1, 1]
  const times = await race(
    rounds,
    {
      'answer without a relationship': () =>
        answerBlast(supposing(estate, changes(numbers[a])), idOf(numbers[a++]), {}, NOW),
      'nothing taken over': () => answerBlast(anew(numbers[b]), idOf(numbers[b++]), {}, NOW),
      'what-if, before and after': () =>
        answerWhatIf(estate, idOf(numbers[c]), { without: estate.relationships[numbers[c++]].id }, NOW),
    },
    (found) => {
      const [taken, made, whatIf] = [...found.values()]
      assert.deepEqual(taken, made)
      assert.equal(whatIf.supposed.length, 1)
    },
  )
  const { entities, relationships } = estate
  const what = `${entities.length.toLocaleString('en')} entities, ${relationships.length.toLocaleString('en')} relationships`
  const [taken, made] = [times['answer without a relationship'], times['nothing taken over']]
  const figures = {
    'anew ÷ taken over and laid over': (made.median / taken.median).toFixed(1),
    'ms of the first what-if, which lays the index out with room': first.toFixed(0),
  }
  return [{ name: 'whatif', size, what, times, figures }]
}

/** Uses of access keys, each of another key, by the order of the estate. */
function usesOf({ entities, relationships, heads }, count) {
  const keys = new Set()
  return [...relationships.keys()].filter((number) => {
    const head = heads[number]
    if (entities[head].kind !== 'aws.iam_access_key' || keys.size >= count || keys.has(head)) return false
    if (relationships[number].kind !== 'USES_CREDENTIAL') return false
    return keys.add(head)
  })
}
