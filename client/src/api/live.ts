import { signal } from '@preact/signals'
import { SourcesReply, type Snapshot } from '../../../graph/wire.ts'
import { keepFocus } from '../app/keep-focus.ts'
import { ask, forget } from './ask.ts'
import { hearRanking } from './ranking.ts'

/** The state of the graph the screen stands on, and the newest one the server has told of. */
export const snapshot = signal<Snapshot | null>(null)
export const newest = signal<string | null>(null)
export const freshness = signal<SourcesReply | null>(null)
/** Raised when a person asks for newer data: every view asks again. */
export const edition = signal(0)
/** Raised when the server tells of an import; the import page asks how far it is. */
export const importNews = signal(0)

/** Every answer says on which state it stands. */
export function standsOn(next: Snapshot): void {
  if (snapshot.peek()?.id === next.id) return
  snapshot.value = next
  if (newest.peek() === null) newest.value = next.id
  void loadSources()
}

async function loadSources(): Promise<void> {
  const outcome = await ask(SourcesReply, '/api/sources', { fresh: true })
  if (outcome.ok) freshness.value = outcome.reply
}

/** Takes the newer graph: nothing on screen changes before this is pressed. */
export function refresh(): void {
  keepFocus()
  forget()
  newest.value = null
  edition.value++
}

/** Listens for newer snapshots and imports. The browser connects again by itself. */
export function listenToServer(): void {
  const events = new EventSource('/api/events')
  events.addEventListener('snapshot', (event) => {
    const id = idIn((event as MessageEvent<string>).data)
    if (id !== null) newest.value = id
  })
  hearRanking(events)
  events.addEventListener('import', () => void importNews.value++)
}

function idIn(text: string): string | null {
  try {
    const data: unknown = JSON.parse(text)
    return typeof data === 'object' && data !== null && 'id' in data && typeof data.id === 'string' ? data.id : null
  } catch {
    return null
  }
}
