import { signal } from '@preact/signals'

/**
 * `locked`: the server knows no session of this browser. `refused`: the link was used before or is too old. `left`:
 * signed out here.
 */
export const session = signal<'open' | 'locked' | 'refused' | 'left'>('open')

/** Trades the one-time token of `#k=…` for a session cookie and takes it out of the address before anything else runs. */
export async function tradeToken(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get('k')
  if (token === null) return
  history.replaceState(history.state, '', location.pathname + location.search)
  try {
    const reply = await fetch('/api/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token }),
    })
    // A session that is already there outlives a used link: whether it is will be seen at the first question.
    refusedToken = !reply.ok
  } catch {
    refusedToken = false
  }
}

let refusedToken = false

export function lock(): void {
  if (session.peek() !== 'left') session.value = refusedToken ? 'refused' : 'locked'
}

const WANTED = 'keyfall.wanted'

/** Before the browser goes to the identity provider: where it is to come back to. */
export function rememberPlace(): void {
  try {
    sessionStorage.setItem(WANTED, location.pathname + location.search)
  } catch {
    // Storage may be forbidden: it comes back to Find.
  }
}

/** The identity provider sends the browser back to `/`: from there to the address that was asked for. */
export function returnToPlace(): void {
  try {
    const wanted = sessionStorage.getItem(WANTED)
    if (wanted === null || location.pathname !== '/') return
    sessionStorage.removeItem(WANTED)
    if (/^\/(?!\/)/.test(wanted)) history.replaceState(history.state, '', wanted)
  } catch {
    // As above.
  }
}
