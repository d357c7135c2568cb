import { signal } from '@preact/signals'
import { MeReply, type Permission } from '../../../graph/wire-people.ts'
import { ask } from '../api/ask.ts'

/** Who I am to this server; `null`: not known yet, or the server did not say. */
export const me = signal<MeReply | null>(null)

/** May I? While it is not known, yes: the server refuses by itself and says why. */
export const mayI = (permission: Permission): boolean => me.value?.may.includes(permission) ?? true

/** Asked once, beside the first answer: what nobody may do here is then not offered. */
export async function learnRights(): Promise<void> {
  const outcome = await ask(MeReply, '/api/me')
  if (outcome.ok) me.value = outcome.reply
}
