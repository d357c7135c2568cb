import { useState } from 'preact/hooks'
import type { ReachReply } from '../../../../graph/wire.ts'
import { copy } from '../../app/say.ts'
import { at, hrefOf, place, pushHere } from '../../app/place.ts'
import { exact, overallRows, plural } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'
import { Link } from '../../ui/link.tsx'
import type { ReachGraph, Routes } from '../../viz/reach-graph.ts'
import { commandsText } from './commands-text.ts'
import { priceOf } from './price-words.ts'
import { optionsOf, tickedOptions, toggleAction, type Option } from './reach-queries.ts'
import { cutWords, leftWords } from './reach-words.ts'

interface ContainProps {
  readonly reply: ReachReply
  readonly graph: ReachGraph
  readonly routes: Routes
}

export const copyCommands = (reply: ReachReply): void =>
  void copy(commandsText(reply, tickedOptions(reply), location.href), 'Commands')

const SHOWN = 5

/** Actions best first, what the ticked ones cut, and their commands. */
export function ContainTab({ reply, graph, routes }: ContainProps) {
  const options = optionsOf(reply)
  const ticked = tickedOptions(reply)
  const [all, showAll] = useState(false)
  const isTicked = (id: string): boolean => place.value.ticked.includes(id)
  if (options.length === 0)
    return (
      <p class="mut">
        {reply.containment.targets === 'nothing'
          ? 'Nothing is known to be within reach that would have to be cut off.'
          : 'No action that is known cuts a path: see Rotate.'}
      </p>
    )
  return (
    <>
      <h2>Actions, best first</h2>
      <p class="mut">Paths cut per dependant broken. Keyfall prints the commands; it never runs them.</p>
      <ul class="cut-options">
        {options
          .filter(({ id, thing }, at) => all || at < SHOWN || isTicked(id) || thing.id === reply.subject.id)
          .map((option) => (
            <OptionRow key={option.id} option={option} ticked={isTicked(option.id)} reply={reply} />
          ))}
        <CheapestSet reply={reply} />
      </ul>
      {options.length > SHOWN && (
        <button type="button" class="quiet" aria-expanded={all} onClick={() => showAll(!all)}>
          {all ? 'Fewer actions' : `All ${exact(options.length)} actions`}
        </button>
      )}
      <section class="cut-sum" aria-labelledby="cut-sum">
        <h2 id="cut-sum">{ticked.length === 0 ? 'Nothing is ticked' : `With the ${exact(ticked.length)} ticked`}</h2>
        <p role="status" id="cut-says">
          <Says reply={reply} graph={graph} routes={routes} ticked={ticked} />
        </p>
      </section>
      <p class="acts">
        <button type="button" class="primary" disabled={ticked.length === 0} onClick={() => copyCommands(reply)}>
          Copy commands
        </button>
        {ticked.length > 0 && (
          <button type="button" class="quiet" onClick={() => pushHere({ ticked: [] })}>
            Untick all
          </button>
        )}
      </p>
      <BlastOfEach ticked={ticked} />
      <AlsoRotate reply={reply} />
    </>
  )
}

function Says({ reply, graph, routes, ticked }: ContainProps & { ticked: readonly Option[] }) {
  const { containment, web } = reply
  if (!web.complete)
    return <>There are more links than this page counts on. Each action says by itself how many paths it cuts.</>
  if (ticked.length === 0)
    return (
      <>
        {plural(routes.total, 'path')} lead to {targetWords(containment)}. Tick an action to see what it cuts.
      </>
    )
  return (
    <>
      <strong>{cutWords(routes)}.</strong> <Name value={leftWords(graph, routes, containment.targets)} />{' '}
      {togetherWords(ticked)}
      {containment.uncuttable.length > 0 && (
        <Name value={` No action takes ${containment.uncuttable[0]!.name} out of reach.`} />
      )}
    </>
  )
}

/** What a set breaks is no less than what its worst action breaks; together it may be more. */
function togetherWords(ticked: readonly Option[]): string {
  const breaks = Math.max(...ticked.map(({ price }) => price.breaks))
  if (breaks === 0) return ''
  return `${ticked.length > 1 ? 'At least ' : ''}${plural(breaks, 'dependant')} ${breaks === 1 ? 'breaks' : 'break'}${ticked.length > 1 ? ', perhaps more together' : ''}.`
}

const targetWords = ({ targets, count }: ReachReply['containment']): string =>
  targets === 'jewels'
    ? plural(count, 'crown jewel')
    : `${plural(count, 'secret, workload or resource', 'secrets, workloads and resources')}`

function OptionRow({ option, ticked, reply }: { option: Option; ticked: boolean; reply: ReachReply }) {
  const survivors = reply.survivors.filter(({ credential }) => credential.id === option.thing.id).length
  return (
    <li>
      <label class="cut-option">
        <input
          type="checkbox"
          id={`cut-${option.id}`}
          checked={ticked}
          onChange={() => toggleAction(option.id)}
          aria-describedby={`price-${option.id}`}
        />
        <span class="grow">
          <strong>
            <Name value={option.title} tip />
          </strong>
        </span>
        <span class="effect">{exact(option.routes)} cut</span>
      </label>
      <p class="mut sub price" id={`price-${option.id}`} title={option.first.join(', ')}>
        <Glyph verdict={overallRows[option.verdict].glyph} /> <Name value={priceOf(option)} />
        {survivors > 0 && <> · {plural(survivors, 'session')} may survive</>}
      </p>
    </li>
  )
}

/** The cheapest set as one act. */
function CheapestSet({ reply: { containment } }: { reply: ReachReply }) {
  const { cut, cutCount, price, exact: proven } = containment
  if (cut.length === 0 || cut.length < cutCount) return null
  const ids = cut.map(({ id }) => id)
  const { ticked } = place.value
  const all = ids.length === ticked.length && ids.every((id) => ticked.includes(id))
  const words =
    price.breaks + price.unknown === 0
      ? 'breaks nothing that is seen'
      : `${plural(price.breaks, 'dependant')} ${price.breaks === 1 ? 'breaks' : 'break'}, ${exact(price.unknown)} unknown`
  return (
    <li class="cheapest">
      <label class="cut-option">
        <input type="checkbox" id="cut-cheapest" checked={all} onChange={() => pushHere({ ticked: all ? [] : ids })} />
        <span class="grow">
          <strong>The cheapest set: {plural(cutCount, 'action')}</strong>
        </span>
        <span class="effect">all cut</span>
      </label>
      <p class="mut sub price">
        Together: {words}.{' '}
        {proven ? 'No cheaper set exists.' : `No set can cost less than ${exact(containment.atLeast)}.`}
      </p>
    </li>
  )
}

function BlastOfEach({ ticked }: { ticked: readonly Option[] }) {
  const own = ticked.filter(({ kind }) => kind === 'credential')
  if (own.length === 0) return null
  return (
    <details class="blast-of-each">
      <summary>Open blast of each</summary>
      <ul>
        {own.map(({ id, thing, op }) => (
          <li key={id}>
            <Link to={{ ...at('blast', thing.id), op: op ?? null }}>
              <Name value={thing.name} tip />
            </Link>{' '}
            <a href={hrefOf({ ...at('blast', thing.id), op: op ?? null })} target="_blank" rel="noreferrer">
              new tab
            </a>
          </li>
        ))}
      </ul>
    </details>
  )
}

const NAMED = 3

function AlsoRotate({ reply }: { reply: ReachReply }) {
  const others = reply.exposed.filter(({ credential }) => credential.id !== reply.subject.id)
  if (others.length === 0) return null
  const used = others.filter((one) => one.used).length
  const more = Math.max(others.length, reply.counts.credentials - 1)
  return (
    <section class="also" aria-labelledby="also">
      <h2 id="also">Also rotate, because readable</h2>
      <p class="mut">
        {plural(more, 'further credential')} {more === 1 ? 'was' : 'were'} within reach
        {used > 0 && <>; logs show use of {exact(used)}</>}. In this order:{' '}
        <Name
          value={reply.rotation.steps
            .slice(0, NAMED)
            .map(({ thing }) => thing.name)
            .join(', ')}
        />
        {reply.rotation.steps.length > NAMED && ', …'}{' '}
        <button type="button" class="quiet" onClick={() => pushHere({ tab: 'rotate' })}>
          Whole order
        </button>
      </p>
    </section>
  )
}
