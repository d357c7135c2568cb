import assert from 'node:assert/strict'
import { entityKindNames } from '../../dist/graph/kinds/entity-kinds.js'
import { dominatorsOf, weightsBelow } from '../../dist/graph/reach/dominators.js'
import { race } from './rounds.mjs'

const CHECKED = 40

/**
 * What every way from any credential to a thing goes through, over the access view. Checked by the definition: without
 * a thing, the credentials lead to just so much less; of things picked among all and of those that most stands behind.
 */
export async function benchDominators({ size, rounds, columns, index, what }) {
  const kind = entityKindNames.indexOf('generic.credential')
  const credentials = Int32Array.from(columns.entityKind.keys()).filter((i) => columns.entityKind[i] === kind)
  const rows = { start: index.accessStart, end: index.accessEnd, to: index.accessTo }
  const search = searchWithout(rows, credentials)
  const whole = search(-1)
  const [tree, weights, one] = ['dominators from all credentials', 'the same, with what is behind each', 'one search']
  let last
  const times = await race(
    rounds,
    {
      [tree]: () => dominatorsOf(rows, credentials),
      [weights]: () => weightsBelow(dominatorsOf(rows, credentials)),
      [one]: () => search(-1),
    },
    (found) => {
      const dominators = found.get(tree)
      assert.equal(dominators.count - 1, whole)
      last ??= checked(dominators, found.get(weights), search, whole)
    },
  )
  return [
    {
      name: 'dominators',
      size,
      what: `${credentials.length.toLocaleString('en')} credentials, ${what}`,
      times,
      figures: {
        'things within reach': whole.toLocaleString('en'),
        'searches of the access view': (times[tree].median / times[one].median).toFixed(1),
        'checked by taking the thing away': last.checked,
        'most things behind one': last.most.toLocaleString('en'),
      },
    },
  ]
}

function checked({ count, entity }, below, search, whole) {
  const order = Array.from({ length: count - 1 }, (_, i) => i + 1).sort((a, b) => below[b] - below[a])
  const step = Math.max(1, Math.floor(order.length / CHECKED))
  const some = [...order.slice(0, CHECKED), ...order.filter((_, i) => i % step === 0)]
  for (const one of some) assert.equal(whole - search(entity[one]), below[one])
  return { checked: some.length, most: below[order[0]] }
}

/** How much the roots lead to when one thing is not there. */
function searchWithout({ start, end, to }, roots) {
  const marks = new Int32Array(end.length)
  const queue = new Int32Array(end.length)
  let epoch = 0
  return (gone) => {
    epoch++
    let tail = 0
    if (gone >= 0) marks[gone] = epoch
    for (const root of roots)
      if (marks[root] !== epoch) {
        marks[root] = epoch
        queue[tail++] = root
      }
    for (let head = 0; head < tail; head++)
      for (let i = start[queue[head]], last = end[queue[head]]; i < last; i++)
        if (marks[to[i]] !== epoch) {
          marks[to[i]] = epoch
          queue[tail++] = to[i]
        }
    return tail
  }
}
