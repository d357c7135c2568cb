import { useState } from 'preact/hooks'
import type { SignOffPage, SignOffsReply } from '../../../../graph/wire-cutover.ts'
import { forget, type Failure, type Outcome } from '../../api/ask.ts'
import { say } from '../../app/say.ts'
import type { MeReply } from '../../../../graph/wire-people.ts'
import { Name } from '../../ui/name.tsx'
import { sentence } from './cutover-words.ts'
import { giveSignOff, withdrawSignOff } from './plan-calls.ts'
import { openNeeds, WHOLE } from './speaks-for.tsx'
import { OwnSignOff } from './own-sign-off.tsx'

interface FormProps {
  readonly page: SignOffPage
  /** Id of the system that is answered for, or `whole`. */
  readonly system: string
  readonly me: MeReply | null
  /** The answer after an act; `null`: ask for the page anew. */
  readonly renew: (next: SignOffsReply | null) => void
}

type Answer = 'approve' | 'decline' | 'glass'

/** Two answers, each with a word of why where one is needed; or the reason why this person cannot answer. */
export function SignForm({ page, system, me, renew }: FormProps) {
  const open = openNeeds(page)
  const [answer, choose] = useState<Answer | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)
  const own = page.signOffs.filter(({ by, state }) => state === 'valid' && by.id === me?.id)

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
  const asked = {
    ...{ credential: page.credential.id, snapshot: page.snapshot.id, set: page.set },
    ...(system !== WHOLE && { system }),
  }
  const decline = (reason: string): void =>
    void send(giveSignOff(page.plan.id, { ...asked, decline: { reason } }), 'Declined')
  const sign = (note: string, hours?: number): void => {
    const body = {
      ...asked,
      ...(hours === undefined ? note !== '' && { note } : { breakGlass: { reason: note, hours } }),
    }
    void send(giveSignOff(page.plan.id, body), 'Signed')
  }
  return (
    <section class="sign-form" aria-labelledby="sign-form">
      <h2 id="sign-form">Your answer</h2>
      {own.map((one) => (
        <OwnSignOff
          key={one.id}
          words={one.system?.name ?? 'the whole change'}
          dependents={one.dependents}
          withdraw={(reason) => void send(withdrawSignOff(page.plan.id, one.id, reason), 'Withdrawn')}
        />
      ))}
      {failure && (
        <div class="failed" role="alert">
          <strong>{sentence(failure.message)}.</strong> {sentence(failure.hint ?? '')}
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
              {page.may.sign && (
                <button type="button" id="sign-decline" disabled={busy} onClick={() => choose('decline')}>
                  Decline
                </button>
              )}
            </p>
          ) : (
            <Words
              answer={answer}
              busy={busy}
              close={() => choose(null)}
              send={(text, hours) => (answer === 'decline' ? decline(text) : sign(text, hours))}
            />
          )}
        </>
      )}
    </section>
  )
}

const asks = {
  approve: { title: 'Approve', words: 'A note, if you want', least: 0, act: 'Approve and sign' },
  decline: {
    title: 'Decline',
    words: 'Why not, for whoever wrote the plan',
    least: 1,
    act: 'Decline it',
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
      {answer === 'decline' && (
        <p class="mut sub">Your reason stays with the plan and holds it up until somebody signs after you.</p>
      )}
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
