import { useState } from 'preact/hooks'
import type { SignOffNeed, SignOffPage, SignOffsReply } from '../../../../graph/wire-cutover.ts'
import { forget, type Failure, type Outcome } from '../../api/ask.ts'
import { copy, say } from '../../app/say.ts'
import { cleanText } from '../../model/clean-name.ts'
import { plural } from '../../model/verdict.ts'
import { Name } from '../../ui/name.tsx'
import { giveSignOff, withdrawSignOff } from './plan-calls.ts'
import { useMe } from './use-plan.ts'

interface FormProps {
  readonly page: SignOffPage
  /** The answer after an act; `null`: ask for the page anew. */
  readonly renew: (next: SignOffsReply | null) => void
}

const WHOLE = 'whole'
const keyOf = (need: SignOffNeed): string => need.system?.id ?? WHOLE
type Answer = 'approve' | 'decline' | 'glass'

/** Two answers, each with a word of why where one is needed; or the reason why this person cannot answer. */
export function SignForm({ page, renew }: FormProps) {
  const me = useMe()
  const open = page.needs.filter(({ state }) => state !== 'valid')
  const asked = open.find(({ state }) => state === 'asked' || state === 'lapsed') ?? open[0]
  const [system, speakFor] = useState(asked ? keyOf(asked) : WHOLE)
  const [answer, choose] = useState<Answer | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)
  const own = page.signOffs.filter(({ by, state }) => state === 'valid' && by.id === me.data?.id)

  const send = async (what: Promise<Outcome<SignOffsReply>>, words: string): Promise<void> => {
    setBusy(true)
    const outcome = await what
    setBusy(false)
    forget()
    if (!outcome.ok) {
      setFailure(outcome.failure)
      // What was read has moved: nothing is signed, and the page shows what it is now.
      if (outcome.failure.status === 409) renew(null)
      return
    }
    setFailure(null)
    choose(null)
    say(words)
    renew(outcome.reply.page === null ? null : outcome.reply)
  }
  const sign = (note: string, hours?: number): void => {
    const body = {
      ...{ credential: page.credential.id, snapshot: page.snapshot.id, set: page.set },
      ...(system !== WHOLE && { system }),
      ...(hours === undefined ? note !== '' && { note } : { breakGlass: { reason: note, hours } }),
    }
    void send(giveSignOff(page.plan.id, body), 'Signed')
  }
  return (
    <section class="sign-form" aria-labelledby="sign-form">
      <h2 id="sign-form">Your answer</h2>
      {own.map((one) => (
        <Own
          key={one.id}
          words={one.system?.name ?? 'the whole change'}
          dependents={one.dependents}
          withdraw={(reason) => void send(withdrawSignOff(page.plan.id, one.id, reason), 'Withdrawn')}
        />
      ))}
      {failure && (
        <div class="failed" role="alert">
          <strong>{failure.message}</strong> {failure.hint}
        </div>
      )}
      {open.length === 0 ? (
        <p>Everybody who has to agree did. Nothing is asked of you.</p>
      ) : !page.may.sign && !page.may.breakGlass ? (
        <p class="guard" id="sign-why-not">
          <strong>You cannot sign this.</strong> <Name value={page.may.why} />
        </p>
      ) : (
        <>
          {!page.may.sign && (
            <p class="guard" id="sign-why-not">
              <strong>You cannot sign this as it is meant.</strong> <Name value={page.may.why} />
            </p>
          )}
          <SpeaksFor needs={open} chosen={system} choose={speakFor} />
          {answer === null ? (
            <p class="sign-answers">
              {page.may.sign ? (
                <button
                  type="button"
                  class="primary"
                  id="sign-approve"
                  disabled={busy}
                  onClick={() => choose('approve')}
                >
                  Approve
                </button>
              ) : (
                <button type="button" id="sign-approve" disabled={busy} onClick={() => choose('glass')}>
                  Break the glass
                </button>
              )}
              <button type="button" id="sign-decline" disabled={busy} onClick={() => choose('decline')}>
                Decline
              </button>
            </p>
          ) : (
            <Words
              answer={answer}
              busy={busy}
              close={() => choose(null)}
              send={(text, hours) =>
                answer === 'decline' ? decline(page, text, () => choose(null)) : sign(text, hours)
              }
            />
          )}
        </>
      )}
    </section>
  )
}

function decline(page: SignOffPage, reason: string, close: () => void): void {
  const text = `Declined: ${cleanText(page.credential.name)} in plan “${cleanText(page.plan.name)}” (version ${page.plan.version}, set ${page.set}).\n${reason}\n${location.href}`
  void copy(text, 'Your reason, to send to the author,')
  close()
}

interface SpeaksForProps {
  readonly needs: readonly SignOffNeed[]
  readonly chosen: string
  readonly choose: (key: string) => void
}

function SpeaksFor({ needs, chosen, choose }: SpeaksForProps) {
  const rows = [
    ...needs.map((need) => ({
      key: keyOf(need),
      name: need.system?.name ?? 'Everything without a system',
      words: plural(need.dependents, 'dependant'),
    })),
    ...(needs.length > 1 && needs.every((need) => keyOf(need) !== WHOLE)
      ? [{ key: WHOLE, name: 'The whole change', words: 'all of them' }]
      : []),
  ]
  if (rows.length === 1)
    return (
      <p>
        You answer for <strong>{<Name value={rows[0]!.name} />}</strong>.
      </p>
    )
  return (
    <fieldset class="speaks-for">
      <legend>I answer for</legend>
      {rows.map((row) => (
        <label key={row.key} class="check">
          <input
            type="radio"
            name="speaks-for"
            value={row.key}
            checked={chosen === row.key}
            onChange={() => choose(row.key)}
          />
          <span class="grow">
            <Name value={row.name} /> <span class="mut">{row.words}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

const asks = {
  approve: { title: 'Approve', words: 'A note, if you want', least: 0, act: 'Approve and sign' },
  decline: {
    title: 'Decline',
    words: 'Why not, for whoever wrote the plan',
    least: 1,
    act: 'Copy my reason',
  },
  glass: {
    title: 'Break the glass',
    words: 'Why it cannot wait for an approver (at least 10 letters)',
    least: 10,
    act: 'Sign alone',
  },
} as const

interface WordsProps {
  readonly answer: Answer
  readonly busy: boolean
  readonly close: () => void
  readonly send: (text: string, hours?: number) => void
}

function Words({ answer, busy, close, send }: WordsProps) {
  const [text, setText] = useState('')
  const [hours, setHours] = useState(4)
  const row = asks[answer]
  const ready = text.trim().length >= row.least
  return (
    <form
      class="sign-words"
      onSubmit={(event) => {
        event.preventDefault()
        if (!ready) return
        if (answer === 'glass') send(text.trim(), hours)
        else send(text.trim())
      }}
    >
      <label>
        {row.words}
        <textarea
          id="sign-text"
          rows={3}
          maxLength={1000}
          required={row.least > 0}
          ref={(area) => {
            if (area && document.activeElement === document.body) area.focus()
          }}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      {answer === 'glass' && (
        <label>
          For how many hours, at most 24
          <input
            type="number"
            min={1}
            max={24}
            required
            value={hours}
            onInput={(event) => setHours(Number(event.currentTarget.value))}
          />
        </label>
      )}
      {answer === 'decline' && <p class="mut sub">Nothing is signed. The reason is copied; send it to the author.</p>}
      {answer === 'glass' && (
        <p class="mut sub">It stays visible for good, and somebody else has to review it afterwards.</p>
      )}
      <p class="sign-answers">
        <button type="submit" class="primary" id="sign-send" disabled={busy || !ready}>
          {row.act}
        </button>
        <button type="button" onClick={close}>
          Back
        </button>
      </p>
    </form>
  )
}

interface OwnProps {
  readonly words: string
  readonly dependents: number
  readonly withdraw: (reason: string) => void
}

/** What this person signed and still stands; it can be withdrawn, with a reason, and stays visible. */
function Own({ words, dependents, withdraw }: OwnProps) {
  const [asking, ask] = useState(false)
  const [reason, setReason] = useState('')
  return (
    <div class="sign-own">
      <p>
        You signed for <strong>{<Name value={words} />}</strong>, {plural(dependents, 'dependant')}.{' '}
        {!asking && (
          <button type="button" class="quiet" onClick={() => ask(true)}>
            Withdraw
          </button>
        )}
      </p>
      {asking && (
        <form
          class="sign-words"
          onSubmit={(event) => {
            event.preventDefault()
            if (reason.trim() !== '') withdraw(reason.trim())
          }}
        >
          <label>
            Why
            <textarea
              rows={2}
              required
              maxLength={1000}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </label>
          <p class="sign-answers">
            <button type="submit" class="primary" disabled={reason.trim() === ''}>
              Withdraw it
            </button>
            <button type="button" onClick={() => ask(false)}>
              Back
            </button>
          </p>
        </form>
      )}
    </div>
  )
}
