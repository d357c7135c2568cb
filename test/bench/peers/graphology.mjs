/**
 * graphology, asked. Arguments: `reach ENTITIES FILE` with a file of Int32 pairs, or `outage FILE` with the estate itself.
 * A request is a line "way numbers…", the reply a line of JSON; see peers/asked.mjs.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Graph from 'graphology'
import { bigColumns } from '../big-estate.mjs'
import { graphologyEstate, graphologyOutage } from '../graphology-outage.mjs'
import { answer } from './answer.mjs'
import { digestOfStates } from './digest.mjs'

const [question, ...rest] = process.argv.slice(2)
const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'))
answer(dependencies.graphology, question === 'outage' ? await outage(...rest) : reach(...rest))

async function outage(file) {
  const graph = graphologyEstate(await bigColumns(file))
  return (way, targets) => {
    const began = performance.now()
    const answers = targets.map((one) => graphologyOutage(graph, one))
    const ms = performance.now() - began
    const digests = way === 'c' ? answers.map((one, at) => digestOfStates(one, String(targets[at]))) : []
    return { ms, digests, counts: answers.map(({ size }) => size) }
  }
}

function reach(entities, file) {
  const bytes = readFileSync(file)
  const pairs = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  const graph = new Graph({ type: 'directed', multi: true, allowSelfLoops: true })
  for (let i = 0; i < Number(entities); i++) graph.addNode(i)
  for (let i = 0; i < pairs.length; i += 2) graph.addDirectedEdge(pairs[i], pairs[i + 1])
  const reached = (source) => {
    const found = new Set([String(source)])
    for (const at of found) graph.forEachOutNeighbor(at, (next) => void found.add(next))
    return found
  }
  return (way, sources) => {
    const began = performance.now()
    const found = sources.map(reached)
    const ms = performance.now() - began
    const sums = way === 'c' ? found.map((all) => [...all].reduce((sum, one) => sum + Number(one), 0)) : []
    return { ms, counts: found.map((all) => all.size), sums }
  }
}
