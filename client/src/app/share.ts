import { ScenarioReply } from '../../../graph/wire-scenarios.ts'
import { ask } from '../api/ask.ts'
import { snapshot } from '../api/live.ts'
import { place } from './place.ts'
import { copy, say } from './say.ts'
import { writePlace } from './url.ts'

/** Longer addresses are cut by mail and chat: their state is saved under a code. */
const LONGEST_LINK = 2_000
const pinned = new Set(['blast', 'reach', 'estate'])

/**
 * A link to what is shown, with the snapshot it was made against, so that whoever opens it is told what has changed.
 * A long one is saved on the server as `/s/CODE`.
 */
export async function copyLink(): Promise<void> {
  const now = place.peek()
  const snap = pinned.has(now.view) && now.snap === '' ? (snapshot.peek()?.id ?? '') : now.snap
  const path = writePlace({ ...now, snap: snap === 'empty' ? '' : snap })
  const link = location.origin + path
  if (link.length <= LONGEST_LINK) return copy(link, 'Link')
  const outcome = await ask(ScenarioReply, '/api/scenarios', { method: 'POST', body: { path } })
  if (!outcome.ok) return say(`This link is too long to share, and could not be saved: ${outcome.failure.message}`)
  await copy(`${location.origin}/s/${outcome.reply.code}`, 'Link')
}
