import { session } from '../app/session.ts'

/** What a browser without a session sees. */
export function Locked() {
  return (
    <main class="plain" id="main">
      <h1>Keyfall</h1>
      <p>
        {session.value === 'refused'
          ? 'This link was used before, or is too old. Each link opens Keyfall once.'
          : 'This browser has no session with this Keyfall.'}
      </p>
      <p>To get in, run this where Keyfall is installed, and open the link it prints:</p>
      <pre>
        <code>keyfall serve</code>
      </pre>
      <p class="mut">The address you asked for is kept: open the link in this browser, then come back here.</p>
      <p>
        <button type="button" onClick={() => location.reload()}>
          Try again
        </button>
      </p>
    </main>
  )
}
