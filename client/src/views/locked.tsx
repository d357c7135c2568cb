import { useEffect, useState } from 'preact/hooks'
import { SignInReply } from '../../../graph/wire-people.ts'
import { ask } from '../api/ask.ts'
import { rememberPlace, session } from '../app/session.ts'
import { Name } from '../ui/name.tsx'

const why = {
  refused: 'This link was used before, or is too old. Each link opens Keyfall once.',
  locked: 'This browser has no session with this Keyfall.',
  left: 'You are signed out, here and on the server.',
} as const

/** What a browser without a session sees: why, and every way in that this server has. */
export function Locked() {
  const [oidc, know] = useState<string | null>(null)
  useEffect(() => {
    document.title = 'Keyfall: not signed in'
    void ask(SignInReply, '/api/sign-in', { fresh: true }).then((outcome) => outcome.ok && know(outcome.reply.oidc))
  }, [])
  const state = session.value === 'open' ? 'locked' : session.value
  return (
    <main class="plain" id="main">
      <h1>Keyfall</h1>
      <p>{why[state]}</p>
      {oidc !== null && (
        <p class="acts">
          <a class="button primary" id="sign-in" href="/api/oidc/start" onClick={rememberPlace}>
            Sign in with <Name value={oidc} />
          </a>
        </p>
      )}
      <p>
        {oidc === null ? 'To get in, run' : 'Or, without it, run'} this where Keyfall is installed, and open the link it
        prints:
      </p>
      <pre>
        <code>keyfall serve</code>
      </pre>
      <p class="mut">
        {oidc === null
          ? 'The address you asked for is kept: open the link in this browser, then come back here.'
          : 'The address you asked for is kept.'}
      </p>
      <p>
        <button type="button" onClick={() => location.reload()}>
          Try again
        </button>
      </p>
    </main>
  )
}
