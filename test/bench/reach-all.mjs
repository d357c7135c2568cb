import assert from 'node:assert/strict'
import { entityKindNames } from '../../dist/graph/kinds/entity-kinds.js'
import { reachOfAll } from '../../dist/graph/reach/all-reach.js'
import { flatComponents } from '../../dist/graph/reach/flat-components.js'
import { race } from './rounds.mjs'

/** Of so many credentials a plain search says how much is within reach; it is the yardstick. */
const CHECKED = 200

/** Reach of every credential over the access view, exact, in units of one pass for strongly connected components. */
export async function benchBigReach({ size, rounds, columns: { entityKind }, index, what }) {
  const kind = entityKindNames.indexOf('generic.credential')
  const credentials = Int32Array.from([...entityKind.keys()].filter((i) => entityKind[i] === kind))
  const rows = { start: index.accessStart, to: index.accessTo }
  const checked = Array.from({ length: CHECKED }, (_, i) => Math.floor((i * credentials.length) / CHECKED))
  const search = searchOver(rows)
  const expected = checked.map((place) => search(credentials[place]))
  const unit = 'strongly connected components'
  const name = `all ${credentials.length.toLocaleString('en')} credentials`
  const plain = `plain search, ${CHECKED} of them`
  const { count } = flatComponents(rows, credentials)
  for (let i = 0; i < 2; i++) reachOfAll(rows, credentials)
  const processor = { [unit]: 0, [name]: 0 }
  const metered = (label, work) => () => {
    const before = process.cpuUsage()
    const result = work()
    const { user, system } = process.cpuUsage(before)
    processor[label] += (user + system) / 1000
    return result
  }
  const times = await race(
    rounds,
    {
      [unit]: metered(unit, () => flatComponents(rows, credentials)),
      [name]: metered(name, () => reachOfAll(rows, credentials)),
      [plain]: () => checked.map((place) => search(credentials[place])),
    },
    (found) => {
      assert.equal(found.get(unit).count, count)
      assert.deepEqual(found.get(plain), expected)
      checked.forEach((place, i) => assert.equal(found.get(name)[place], expected[i]))
    },
  )
  const mean = expected.reduce((sum, one) => sum + one, 0) / CHECKED
  return [
    {
      name: 'reach-all',
      size,
      what,
      times,
      figures: {
        'in passes for components': times[name].timesFirst.toFixed(1),
        'the same in processor time': (processor[name] / processor[unit]).toFixed(1),
        'plain searches for all, estimated, ÷ this': (
          ((times[plain].median / CHECKED) * credentials.length) /
          times[name].median
        ).toFixed(0),
        'within reach on average': Math.round(mean).toLocaleString('en'),
        'components, and links that carry compromise': [count, index.accessEdges]
          .map((one) => one.toLocaleString('en'))
          .join(', '),
      },
    },
  ]
}

function searchOver({ start, to }) {
  const marks = new Int32Array(start.length)
  let epoch = 0
  const queue = new Int32Array(start.length)
  return (source) => {
    let tail = 1
    queue[0] = source
    marks[source] = ++epoch
    for (let head = 0; head < tail; head++)
      for (let edge = start[queue[head]], last = start[queue[head] + 1]; edge < last; edge++) {
        const next = to[edge]
        if (marks[next] === epoch) continue
        marks[next] = epoch
        queue[tail++] = next
      }
    return tail - 1
  }
}
