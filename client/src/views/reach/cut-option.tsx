import type { ReachReply } from '../../../../graph/wire.ts'
import { place } from '../../app/place.ts'
import { exact, overallRows, plural } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'
import { outageWords, priceOf, survivorWords } from './price-words.ts'
import type { Option } from './reach-queries.ts'
import { tickOnly, toggleAction } from './tick-action.ts'

/** One action: what it cuts, what it breaks, what lives on after it. */
export function OptionRow({ option, ticked, reply }: { option: Option; ticked: boolean; reply: ReachReply }) {
  const survives = survivorWords(
    reply.survivors.filter(({ credential }) => option.kind === 'credential' && credential.id === option.thing.id),
    Date.now(),
  )
  return (
    <li>
      <label class="cut-option">
        <input
          type="checkbox"
          id={`cut-${option.id}`}
          checked={ticked}
          onChange={() => toggleAction(reply, option.id)}
          aria-describedby={`price-${option.id}`}
        />
        <span class="grow">
          <strong>
            <Name value={option.title} tip />
          </strong>
        </span>
        <span class="effect">{exact(option.routes)} cut</span>
      </label>
      <div id={`price-${option.id}`} class="price">
        <p class="mut sub" title={option.first.join(', ')}>
          <Glyph verdict={overallRows[option.verdict].glyph} /> <Name value={priceOf(option)} />
        </p>
        {survives !== '' && <p class="mut sub survives">{survives}</p>}
      </div>
    </li>
  )
}

/** The cheapest set as one act. */
export function CheapestSet({ reply: { containment } }: { reply: ReachReply }) {
  const { cut, cutCount, price, exact: proven } = containment
  if (cut.length === 0 || cut.length < cutCount) return null
  const ids = cut.map(({ id }) => id)
  const { ticked } = place.value
  const all = ids.length === ticked.length && ids.every((id) => ticked.includes(id))
  const safe = cut.every(({ verdict }) => verdict === 'safe')
  const glyph = price.breaks > 0 ? 'breaks' : price.unknown > 0 || !safe ? 'unknown' : 'keeps'
  return (
    <li class="cheapest">
      <label class="cut-option">
        <input
          type="checkbox"
          id="cut-cheapest"
          checked={all}
          onChange={() => (all ? tickOnly([], 'untick the cheapest set') : tickOnly(ids, 'tick the cheapest set'))}
        />
        <span class="grow">
          <strong>The cheapest set: {plural(cutCount, 'action')}</strong>
        </span>
        <span class="effect">all cut</span>
      </label>
      <p class="mut sub price">
        <Glyph verdict={glyph} /> {outageWords(price, safe)}.{' '}
        {proven ? 'No cheaper set exists.' : `No set can cost less than ${exact(containment.atLeast)}.`}
      </p>
    </li>
  )
}
