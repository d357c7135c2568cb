import type { ReachReply } from '../../../../graph/wire.ts'
import { place } from '../../app/place.ts'
import { exact } from '../../model/verdict.ts'
import { Name } from '../../ui/name.tsx'
import type { ReachGraph } from '../../viz/reach-graph.ts'
import type { ReachLayout } from '../../viz/reach-layout.ts'
import { choose, toggleStack } from './choose.ts'
import { boxSub, boxWords, stackTitle, titleOf } from './reach-words.ts'

/** The same columns one under the other, where there is no room for the picture. */
export function ReachLists({ reply, graph, layout }: { reply: ReachReply; graph: ReachGraph; layout: ReachLayout }) {
  return (
    <div class="reach-lists">
      {layout.columns
        .filter(({ count }, at) => at > 0 && count > 0)
        .map((column) => (
          <section key={column.id} aria-labelledby={`list-${column.id}`}>
            <h3 id={`list-${column.id}`}>
              {titleOf(column.id, reply.counts.jewels)} <span class="count">{exact(column.count)}</span>
            </h3>
            <ul>
              {layout.boxes
                .filter((mark) => layout.columns[mark.column] === column)
                .map((mark) => {
                  if (mark.kind === 'stack') {
                    const { title, sub } = stackTitle(graph, mark)
                    return (
                      <li key={mark.id}>
                        <button type="button" class="row" aria-expanded={mark.opened} onClick={() => toggleStack(mark)}>
                          <span class="reach-name">{title}</span>
                          <span class="reach-sub">{sub}</span>
                        </button>
                      </li>
                    )
                  }
                  const node = graph.nodes[mark.node]!
                  const used = node.used && place.value.mode !== 'can'
                  return (
                    <li key={mark.id}>
                      <button
                        type="button"
                        class={`row${used ? ' seen-used' : ''}${mark.cut ? ' cut' : ''}${node.jewel ? ' jewel' : ''}`}
                        aria-pressed={place.value.selected === node.id}
                        onClick={() => choose(node.id)}
                      >
                        <span class="reach-name">
                          {node.jewel && <i aria-hidden="true">◆ </i>}
                          <Name value={node.name} tip />
                        </span>
                        <span class="reach-sub" aria-hidden="true">
                          {boxSub(node, mark.cut)}
                        </span>
                        <span class="hidden-words">
                          {boxWords(
                            node,
                            mark,
                            mark.within.map((one) => graph.nodes[one]!),
                          )}
                        </span>
                      </button>
                    </li>
                  )
                })}
            </ul>
          </section>
        ))}
    </div>
  )
}
