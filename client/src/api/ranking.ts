import { signal } from '@preact/signals'
import { RankingNews } from '../../../graph/wire.ts'

/** How far the ranking of a newer graph is, while the server makes it; `null` when it makes none. */
export const ranking = signal<RankingNews | null>(null)

/** Listens for it on the stream of the server. */
export function hearRanking(events: EventTarget): void {
  const over = (): void => void (ranking.value = null)
  events.addEventListener('ranking', (event) => {
    const news = RankingNews.safeParse(jsonIn((event as MessageEvent<string>).data))
    ranking.value = news.success && news.data.done < news.data.all ? news.data : null
  })
  events.addEventListener('snapshot', over)
  // What the server would have told meanwhile is not known.
  events.addEventListener('error', over)
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
