import { useState } from 'preact/hooks'
import type { SignOff, SignOffNeed } from '../../../../graph/wire-cutover.ts'
import { at, hrefOf } from '../../app/place.ts'
import { copy } from '../../app/say.ts'
import { cleanText } from '../../model/clean-name.ts'
import { utc } from '../../model/moments.ts'
import { exact, plural } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Link } from '../../ui/link.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Name } from '../../ui/name.tsx'
import type { Board, Found } from './board.ts'
import { needRows, sentence, windowWords } from './cutover-words.ts'
import { Difference } from './difference.tsx'

/** Who has to agree, who did, to what it is bound, and what made it lapse. */
export function SignsTab({ board, found }: { board: Board; found: Found }) {
  const { plan } = board
  const { item } = found
  const given = plan.signOffs.filter(({ credential }) => credential === item.credential.id)
  const signed = item.signOffs.filter(({ state }) => state === 'valid').length
  const page = { ...at('cutover', plan.id, item.credential.id), tab: 'sign' }
  return (
    <>
      <h2>
        {item.signOffs.length === 0
          ? 'Nobody has to sign'
          : `${exact(signed)} of ${plural(item.signOffs.length, 'sign-off')} given`}
      </h2>
      <p class="mut">
        Each is bound to the graph, the operation, the window and its {plural(item.dependents, 'dependant')}. It lapses
        by itself when one of them changes. Whoever wrote the plan cannot sign it.
      </p>
      <ul class="needs">
        {item.signOffs.map((need) => (
          <Need
            key={need.system?.id ?? 'whole'}
            board={board}
            credential={item.credential.id}
            need={need}
            of={given.find(({ id }) => id === need.signOff)}
          />
        ))}
      </ul>
      <p class="acts">
        <Link to={page} class="button primary" id="open-sign">
          Sign-off page
        </Link>
        <button type="button" onClick={() => void copy(new URL(hrefOf(page), location.href).href, 'Link to sign')}>
          Copy its link
        </button>
      </p>
      {given.length > 0 && <h2>All that were given</h2>}
      <ul class="found">
        {given.map((one) => (
          <Given key={one.id} signOff={one} />
        ))}
      </ul>
    </>
  )
}

interface NeedProps {
  readonly board: Board
  readonly credential: string
  readonly need: SignOffNeed
  readonly of: SignOff | undefined
}

function Need({ board, credential, need, of }: NeedProps) {
  const [asking, ask] = useState(false)
  const row = needRows[need.state]
  return (
    <li>
      <Glyph verdict={row.glyph} size={16} />
      <div class="grow">
        <strong>{need.system === null ? 'Everything without a system' : <Name value={need.system.name} />}</strong>
        <span class="mut sub">
          {need.owner === null ? 'nobody is named for it' : <Name value={need.owner} />} ·{' '}
          {plural(need.dependents, 'dependant')}
          {need.breaks > 0 && `, ${exact(need.breaks)} ${need.breaks === 1 ? 'breaks' : 'break'}`}
        </span>
        <span class="sub">
          <span class="hidden-words">{row.word}: </span>
          <Name value={sentence(need.words)} />
        </span>
        {of && of.state === 'lapsed' && <Difference difference={of.difference} said />}
        {board.mayWrite && need.state !== 'valid' && !asking && (
          <button type="button" class="quiet" onClick={() => ask(true)}>
            {need.asked === null ? 'Ask for sign-off' : 'Ask somebody else'}
          </button>
        )}
        {asking && (
          <AskForm
            start={need.asked?.of ?? need.owner ?? ''}
            close={() => ask(false)}
            send={(whom) =>
              board.edit(
                [{ do: 'ask', credential, ...(need.system && { system: need.system.id }), of: whom }],
                `ask ${cleanText(whom)} to sign`,
              )
            }
          />
        )}
      </div>
    </li>
  )
}

function AskForm({ start, send, close }: { start: string; send: (whom: string) => void; close: () => void }) {
  const [whom, setWhom] = useState(start)
  return (
    <form
      class="name-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (whom.trim() === '') return
        close()
        send(whom.trim())
      }}
    >
      <label>
        Whom
        <input
          type="text"
          required
          maxLength={120}
          ref={(input) => input?.focus()}
          value={whom}
          onInput={(event) => setWhom(event.currentTarget.value)}
        />
      </label>
      <span>
        <button type="submit" class="primary" disabled={whom.trim() === ''}>
          Note that he was asked
        </button>{' '}
        <button type="button" onClick={close}>
          Cancel
        </button>
      </span>
      <span class="mut sub">Keyfall sends nothing: copy the link of the sign-off page to him.</span>
    </form>
  )
}

/** One that was given: by whom, when, bound to what, and whether it stands. */
export function Given({ signOff }: { signOff: SignOff }) {
  const { by, at: when, state, system, snapshot, window, set, dependents, note, withdrawn, breakGlass } = signOff
  return (
    <li>
      <span>
        <strong>{state === 'valid' ? 'stands' : state}</strong> · <Name value={by.name} />{' '}
        {system && (
          <>
            for <Name value={system.name} />
          </>
        )}
        , <Moment at={when} />
      </span>
      <span class="mut sub">
        {utc(when)} · graph <code>{snapshot}</code> · {windowWords(window.start, window.end)} ·{' '}
        {plural(dependents, 'dependant')} (set <code>{set}</code>)
      </span>
      {note !== undefined && (
        <span class="sub">
          “<Name value={note} />”
        </span>
      )}
      {state === 'lapsed' && <Difference difference={signOff.difference} />}
      {withdrawn && (
        <span class="sub">
          withdrawn by <Name value={withdrawn.by.name} />, <Moment at={withdrawn.at} />:{' '}
          <Name value={withdrawn.reason} />
        </span>
      )}
      {breakGlass && (
        <span class="sub">
          <strong>Break-glass</strong> until {utc(breakGlass.until)}: <Name value={breakGlass.reason} />.{' '}
          {breakGlass.review ? (
            <>
              Reviewed by <Name value={breakGlass.review.by.name} />: <Name value={breakGlass.review.words} />
            </>
          ) : (
            'Somebody else still has to review it.'
          )}
        </span>
      )}
    </li>
  )
}
