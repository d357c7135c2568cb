import type { ReachReply } from '../../../../graph/wire.ts'
import { at, place } from '../../app/place.ts'
import { exact } from '../../model/verdict.ts'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import type { ReachGraph } from '../../viz/reach-graph.ts'
import { strengthWords } from '../blast/strength.ts'

const SHOWN = 25

/** The chosen box: what leads to it and where it leads on. */
export function ChosenTab({ reply, graph }: { reply: ReachReply; graph: ReachGraph }) {
  const index = graph.nodes.findIndex(({ id }) => id === place.value.selected)
  const node = graph.nodes[index]
  if (!node) return <p class="mut">Choose a box to see what leads to it and where it leads on.</p>
  const chain = reply.jewels.find(({ thing }) => thing.id === node.id)?.shortest
  return (
    <>
      <h2>
        <Name value={node.name} />
      </h2>
      <p class="mut">
        {node.title}
        {node.where !== undefined && (
          <>
            {' · '}
            <Name value={node.where} />
          </>
        )}
      </p>
      <p>
        {node.role === 'credential' && (
          <>
            <Link to={at('blast', node.id)}>What breaks if it goes</Link> ·{' '}
          </>
        )}
        <Link to={at('node', node.id)}>Its page</Link>
        {index > 0 && (
          <>
            {' '}
            · <Link to={at('reach', node.id)}>Reach from here</Link>
          </>
        )}
      </p>
      {chain !== undefined && chain.conditions.length > 0 && (
        <p class="mut">
          Only if conditions hold that nobody evaluated: <Name value={chain.conditions.slice(0, 3).join('; ')} />
        </p>
      )}
      <Links title="Comes from" graph={graph} edges={graph.edges.filter(({ to }) => to === index)} end="from" />
      <Links title="Leads on to" graph={graph} edges={graph.edges.filter(({ from }) => from === index)} end="to" />
    </>
  )
}

interface LinksProps {
  readonly title: string
  readonly graph: ReachGraph
  readonly edges: ReachGraph['edges']
  readonly end: 'from' | 'to'
}

function Links({ title, graph, edges, end }: LinksProps) {
  if (edges.length === 0) return null
  return (
    <>
      <h2>
        {title} <span class="count">{exact(edges.length)}</span>
      </h2>
      <ul class="reach-links">
        {edges.slice(0, SHOWN).map((edge, i) => {
          const other = graph.nodes[edge[end]]!
          return (
            <li key={i}>
              <Link to={{ ...place.value, selected: other.id }}>
                <Name value={other.name} tip />
              </Link>
              <span class="mut sub">
                {edge.verb} · {strengthWords[edge.strength].word}
                {edge.used ? ' · used' : edge.may && edge.strength !== 'observed' ? ' · nothing shows its use' : ''}
              </span>
            </li>
          )
        })}
      </ul>
      {edges.length > SHOWN && <p class="mut">{exact(edges.length - SHOWN)} more.</p>}
    </>
  )
}
