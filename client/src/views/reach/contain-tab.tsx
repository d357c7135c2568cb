import { useState } from 'preact/hooks'
import type { ReachReply } from '../../../../graph/wire.ts'
import { at, hrefOf, place, pushHere } from '../../app/place.ts'
import { copy } from '../../app/say.ts'
import type { Place } from '../../app/url.ts'
import { exact, plural } from '../../model/verdict.ts'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import type { ReachGraph, Routes } from '../../viz/reach-graph.ts'
import { commandsText } from './commands-text.ts'
import { CheapestSet, OptionRow } from './cut-option.tsx'
import { CutSum } from './cut-sum.tsx'
import { optionsOf, tickedOptions, type Option } from './reach-queries.ts'
import { tickOnly } from './tick-action.ts'
import type { Together } from './together.ts'

interface ContainProps {
  readonly reply: ReachReply
  readonly graph: ReachGraph
  readonly routes: Routes
  readonly together: Together
}

export const copyCommands = (reply: ReachReply): void =>
  void copy(commandsText(reply, tickedOptions(reply), location.href), 'Commands')

const SHOWN = 5

/** Actions best first, what the ticked ones cut, and their commands. */
export function ContainTab({ reply, graph, routes, together }: ContainProps) {
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
      <p class="mut">Paths cut per dependant that breaks or may. Keyfall prints the commands; it never runs them.</p>
      <ul class="cut-options">
        {options
          .filter(({ id, thing }, i) => all || i < SHOWN || isTicked(id) || thing.id === reply.subject.id)
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
      <CutSum reply={reply} graph={graph} routes={routes} together={together} />
      <p class="acts">
        <button type="button" class="primary" disabled={ticked.length === 0} onClick={() => copyCommands(reply)}>
          Copy commands
        </button>
        {ticked.length > 0 && (
          <button type="button" class="quiet" onClick={() => tickOnly([], 'untick all')}>
            Untick all
          </button>
        )}
      </p>
      <BlastOfEach reply={reply} ticked={ticked} />
      <AlsoRotate reply={reply} />
    </>
  )
}

/** What each ticked credential breaks by itself, on the state of the graph this page stands on. */
function BlastOfEach({ reply, ticked }: { reply: ReachReply; ticked: readonly Option[] }) {
  const own = ticked.filter(({ kind }) => kind === 'credential')
  if (own.length === 0) return null
  const blastOf = ({ thing, op }: Option): Place => ({
    ...at('blast', thing.id),
    ...{ op: op ?? null, snap: reply.snapshot.id },
  })
  return (
    <details class="blast-of-each">
      <summary>Open blast of each</summary>
      <ul>
        {own.map((option) => (
          <li key={option.id}>
            <Link to={blastOf(option)}>
              <Name value={option.thing.name} tip />
            </Link>{' '}
            <a href={hrefOf(blastOf(option))} target="_blank" rel="noreferrer">
              new tab<span class="hidden-words"> of {option.thing.name}</span>
            </a>
          </li>
        ))}
      </ul>
      {own.length < ticked.length && (
        <p class="mut sub">Blast answers for credentials; what denials and grants break is in the price above.</p>
      )}
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
        {plural(more, 'further credential')} {more === 1 ? 'is' : 'are'} within reach
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
