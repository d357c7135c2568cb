import type { ReachReply } from '../../../../graph/wire.ts'
import { place } from '../../app/place.ts'
import { exact } from '../../model/verdict.ts'
import { Name } from '../../ui/name.tsx'
import type { ReachGraph } from '../../viz/reach-graph.ts'
import type { ReachLayout } from '../../viz/reach-layout.ts'
import { strengthWords } from '../blast/strength.ts'
import { choose, toggleStack } from './choose.ts'
import { stackTitle, titleOf } from './reach-words.ts'

const LINKS_NAMED = 3

/** The picture as a table: the same things in the same order, with what leads to each. */
export function ReachTable({ reply, graph, layout }: { reply: ReachReply; graph: ReachGraph; layout: ReachLayout }) {
  return (
    <div class="table-scroll" role="region" aria-label="What is within reach, as a table" tabIndex={0}>
      <table class="reach-table">
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Thing</th>
            <th scope="col">Kind</th>
            <th scope="col" class="number">
              Links away
            </th>
            <th scope="col">Comes from</th>
            <th scope="col">Use</th>
            <th scope="col">With what is ticked</th>
          </tr>
        </thead>
        <tbody>
          {layout.boxes.map((mark) => {
            const column = titleOf(layout.columns[mark.column]!.id, reply.counts.jewels)
            if (mark.kind === 'stack') {
              const { title, sub, tip } = stackTitle(graph, mark)
              return (
                <tr key={`stack-${mark.id}`}>
                  <td>{column}</td>
                  <th scope="row">
                    <button type="button" class="text" aria-expanded={mark.opened} onClick={() => toggleStack(mark)}>
                      {title}
                    </button>
                  </th>
                  <td colSpan={4}>
                    {tip}: {sub}
                  </td>
                  <td>{mark.cut ? 'cut' : ''}</td>
                </tr>
              )
            }
            return [mark.node, ...mark.within].map((at) => {
              const node = graph.nodes[at]!
              return (
                <tr key={node.id} class={place.value.selected === node.id ? 'chosen' : undefined}>
                  <td>{column}</td>
                  <th scope="row">
                    <button
                      type="button"
                      class="text"
                      id={`row-${node.id}`}
                      aria-pressed={place.value.selected === node.id}
                      onClick={() => choose(node.id)}
                    >
                      {node.jewel ? '◆ ' : ''}
                      <Name value={node.name} />
                    </button>
                  </th>
                  <td>{node.title}</td>
                  <td class="number">{exact(node.links)}</td>
                  <td>
                    <Sources graph={graph} node={at} />
                  </td>
                  <td>{at === 0 ? '' : node.used ? 'logs show it' : node.may ? 'possible' : 'none seen'}</td>
                  <td>{mark.cut ? 'cut' : at === 0 ? '' : 'within reach'}</td>
                </tr>
              )
            })
          })}
        </tbody>
      </table>
    </div>
  )
}

function Sources({ graph, node }: { graph: ReachGraph; node: number }) {
  const into = graph.edges.filter(({ to }) => to === node)
  return (
    <>
      {into.slice(0, LINKS_NAMED).map((edge, at) => (
        <span key={at} class="sub">
          <Name value={graph.nodes[edge.from]!.name} tip /> {edge.verb}{' '}
          <span class="mut">({strengthWords[edge.strength].word})</span>
        </span>
      ))}
      {into.length > LINKS_NAMED && <span class="mut sub">and {exact(into.length - LINKS_NAMED)} more</span>}
    </>
  )
}
