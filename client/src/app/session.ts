import { signal } from '@preact/signals'

/** `locked`: the server knows no session of this browser. `refused`: the link was used before or is too old. */
export const session = signal<'open' | 'locked' | 'refused'>('open')

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
  session.value = refusedToken ? 'refused' : 'locked'
}
