import assert from 'node:assert/strict'
import { fallTask } from '../../dist/graph/answer/fall-task.js'
import { countedAs } from '../../dist/graph/answer/victims.js'
import { entityKindNames } from '../../dist/graph/kinds/entity-kinds.js'
import { rewindLedger } from '../../dist/graph/reach/fall-ledger.js'
import { startFallHelpers, workTogether } from '../../dist/server/estate/fall-helpers.js'
import { useBuiltKernels } from '../../dist/server/import/kernels.js'
import { race } from './rounds.mjs'

/**
 * The ranking of every credential, exact, by one thread and by two: the same blocks over the same shared buffers. As in the
 * server, a helper is there before there is work for it.
 */
export async function benchWorkers({ size, rounds, columns, index, what }) {
  useBuiltKernels()
  const { entityKind, entityCount } = columns
  const kind = entityKindNames.indexOf('generic.credential')
  const credentials = Int32Array.from([...entityKind.keys()].filter((i) => entityKind[i] === kind))
  const subject = {
    credentials,
    unsure: new Uint8Array(credentials.length),
    counted: new Uint8Array(entityCount).fill(countedAs.dependent),
    weights: new Uint8Array(entityCount).fill(1),
    systems: Int32Array.from({ length: entityCount }, (_, i) => i),
    tier1: new Uint8Array(entityCount),
  }
  const helpers = { 1: startFallHelpers(0), 2: startFallHelpers(1) }
  const taskOf = (count) => fallTask(index, subject, undefined, helpers[count].crew)
  const tasks = { 1: taskOf(1), 2: taskOf(2) }
  const processor = { 1: 0, 2: 0 }
  const work = (count) => async () => {
    const before = process.cpuUsage()
    await workTogether(tasks[count], helpers[count])
    const { user, system } = process.cpuUsage(before)
    processor[count] += (user + system) / 1000
    return tasks[count].falls
  }
  const rewind = ({ ledger, cursor, falls }) => {
    if (ledger) rewindLedger(ledger)
    cursor[0] = 0
    falls.fill(NaN)
  }
  // Once before time is taken: both threads know the kernel then, and either task has its memory from the machine.
  for (const count of [1, 2]) await work(count)()
  const expected = tasks[2].falls.slice()
  for (const count of [1, 2]) {
    rewind(tasks[count])
    processor[count] = 0
  }
  const names = ['two threads', 'one thread']
  const times = await race(rounds, { [names[0]]: work(2), [names[1]]: work(1) }, (found) => {
    for (const name of names) assert.ok(bytesOf(found.get(name)).equals(bytesOf(expected)))
    for (const count of [1, 2]) rewind(tasks[count])
  })
  helpers[2].end()
  return [
    {
      name: 'workers',
      size,
      what: `${credentials.length.toLocaleString('en')} credentials ranked; ${what}`,
      times,
      figures: {
        'one thread ÷ two, wall': times[names[1]].timesFirst.toFixed(2),
        'processor time, ms a round, one and two': [processor[1], processor[2]]
          .map((one) => (one / rounds).toFixed(0))
          .join(', '),
        // What two cores of one's own would give, were the work split evenly.
        'one thread ÷ two, by processor time': ((2 * processor[1]) / processor[2]).toFixed(2),
      },
    },
  ]
}

const bytesOf = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)
