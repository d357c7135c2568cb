import { forget } from '../api/ask.ts'
import { say } from './say.ts'
import { session } from './session.ts'

/** Ends the session on the server too, and takes everything off the screen. */
export async function signOut(): Promise<void> {
  try {
    const reply = await fetch('/api/session', { method: 'DELETE' })
    if (!reply.ok && reply.status !== 401) return say('Signing out failed: the session is still open')
  } catch {
    return say('The server did not answer: the session is still open')
  }
  forget()
  session.value = 'left'
}
