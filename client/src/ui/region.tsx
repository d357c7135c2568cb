import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Reply } from '../api/use-reply.ts'
import type { Failure } from '../api/ask.ts'
import { me } from '../app/rights.ts'
import { copy } from '../app/say.ts'

interface RegionProps<T> {
  readonly reply: Reply<T>
  readonly skeleton: ComponentChildren
  readonly children: (data: T) => ComponentChildren
}

/** The states every region has (client.md 5.8): nothing for 120 ms, a skeleton, the answer, the old answer dimmed, a reason. */
export function Region<T>({ reply, skeleton, children }: RegionProps<T>) {
  if (reply.data !== null) {
    return (
      <>
        {reply.failure && <Failed failure={reply.failure} retry={reply.retry} />}
        {children(reply.data)}
      </>
    )
  }
  if (reply.failure) return <Failed failure={reply.failure} retry={reply.retry} />
  return reply.asking ? <Waiting skeleton={skeleton} /> : null
}

/** Time that has passed since this was first drawn, in the steps that change what is shown. */
function useWaited(): number {
  const [waited, setWaited] = useState(0)
  useEffect(() => {
    const timers = [120, 1_000, 3_000].map((ms) => setTimeout(() => setWaited(ms), ms))
    return () => timers.forEach(clearTimeout)
  }, [])
  return waited
}

function Waiting({ skeleton }: { skeleton: ComponentChildren }) {
  const waited = useWaited()
  if (waited < 120) return <div class="waiting" aria-busy="true" />
  return (
    <div class="waiting" aria-busy="true">
      <p class="mut" role="status">
        {waited < 1_000
          ? 'Loading'
          : waited < 3_000
            ? 'Still computing'
            : 'Still computing; large graphs take a few seconds'}
      </p>
      <div aria-hidden="true">{skeleton}</div>
    </div>
  )
}

export function Failed({ failure, retry }: { failure: Failure; retry: () => void }) {
  if (failure.code === 'no-permission') return <NoRight failure={failure} />
  return (
    <div class="failed" role="alert">
      <p>
        <strong>{sentence(failure.message)}</strong> {sentence(forPeople(failure.hint ?? ''))}
      </p>
      <p class="acts">
        <button type="button" onClick={retry}>
          Retry
        </button>
        {failure.requestId !== '' && (
          <button type="button" class="quiet" onClick={() => void copy(failure.requestId, 'Request id')}>
            Copy request id <code>{failure.requestId}</code>
          </button>
        )}
      </p>
    </div>
  )
}

/** What you may not see or do, by name of permission; nothing of it is told. */
function NoRight({ failure }: { failure: Failure }) {
  const mine = me.value?.roles ?? []
  return (
    <div class="failed no-right" role="alert">
      <p>
        <strong>Your roles do not reach this.</strong> {capital(failure.message)}.
      </p>
      <p class="mut">
        {mine.length > 0 && `Yours: ${mine.join(', ')}. `}
        {failure.hint !== undefined && `${capital(failure.hint)}.`}
      </p>
    </div>
  )
}

/** Hints that name a call of the API are for programs; on the screen the way there is Find. */
const forPeople = (hint: string): string => hint.replace(/: GET \/api\/find\S*$/, ' in Find')

const sentence = (words: string): string => (/[.?!…]$|^$/.test(words) ? capital(words) : `${capital(words)}.`)

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

/** Grey bars with the geometry of what comes. */
export function Bars({ rows, height }: { rows: number; height: number }) {
  return (
    <div class="bars">
      {Array.from({ length: rows }, (_, i) => (
        <span style={{ height: `${height}px` }} key={i} />
      ))}
    </div>
  )
}
