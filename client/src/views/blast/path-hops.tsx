import { useMemo, useState } from 'preact/hooks'
import type { WhyReply } from '../../../../graph/wire.ts'
import { at } from '../../app/place.ts'
import { cleanText } from '../../model/clean-name.ts'
import { ago, utc } from '../../model/moments.ts'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { OneLine } from '../../ui/one-line.tsx'
import { strengthWords } from './strength.ts'

type Path = WhyReply['paths'][number]
type Hop = Path['hops'][number]

/** Boxes of a path before its middle folds. */
const BOXES = 6

/** A path as boxes and edges; the line style says how well each hop is known. */
export function PathHops({ path }: { path: Path }) {
  const [whole, showWhole] = useState(false)
  const things = useMemo(() => path.hops.flatMap(({ from, to }) => [from, to]), [path])
  const first = path.hops[0]
  if (!first) return null
  const folded = !whole && path.hops.length + 1 > BOXES ? path.hops.length - (BOXES - 2) : 0
  const tail = folded > 0 ? path.hops.slice(2 + folded) : path.hops.slice(2)
  return (
    <div class="hops-scroll" role="region" aria-label="Path" tabIndex={0}>
      <ol class="hops">
        <li>
          <Box thing={first.from} beside={things} origin />
        </li>
        {path.hops.slice(0, 2).map((hop) => (
          <HopItem key={hop.to.id} hop={hop} beside={things} />
        ))}
        {folded > 0 && (
          <li class="hop">
            <span class="edge-space" />
            <button type="button" class="box folded" onClick={() => showWhole(true)}>
              +{folded} hops
            </button>
          </li>
        )}
        {tail.map((hop) => (
          <HopItem key={hop.to.id} hop={hop} beside={things} />
        ))}
      </ol>
    </div>
  )
}

function HopItem({ hop, beside }: { hop: Hop; beside: readonly Hop['to'][] }) {
  const strength = strengthWords[hop.strength]
  const when = hop.factAt === undefined ? '' : `, ${ago(hop.factAt, Date.now())}`
  const assumed = hop.assumed.map((entry) => cleanText(entry.words)).join('; ')
  return (
    <li class="hop">
      <span class="edge">
        <span class="verb">{hop.verb}</span>
        <svg width="76" height="10" viewBox="0 0 76 10" role="img" aria-label={`${strength.word}: ${strength.line}`}>
          <path class={`line ${hop.strength}`} d="M2 5H72" />
          <path class="head" d="M67 1.2L72.5 5L67 8.8" />
          {hop.strength === 'asserted' && <path class="head" d="M34 9l1-3 5-5 2 2-5 5z" />}
        </svg>
        <span
          class="fact mut"
          title={[cleanText(hop.fact), hop.factAt ? utc(hop.factAt) : '', assumed].filter(Boolean).join(' · ')}
        >
          <Name value={`${strength.word}: ${hop.fact}${when}`} />
          {assumed !== '' && <span class="assumed"> · assumed</span>}
        </span>
      </span>
      <Box thing={hop.to} beside={beside} />
    </li>
  )
}

interface BoxProps {
  readonly thing: Hop['to']
  /** All of the path. */
  readonly beside: readonly Hop['to'][]
  readonly origin?: boolean
}

function Box({ thing, beside, origin = false }: BoxProps) {
  return (
    <Link to={at('node', thing.id)} class={origin ? 'box origin' : 'box'}>
      <strong>
        <OneLine value={thing.name} beside={beside} />
      </strong>
      <span>
        <OneLine value={thing.where === undefined ? thing.title : `${thing.title}, ${thing.where}`} />
      </span>
    </Link>
  )
}
