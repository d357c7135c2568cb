import type { RankingNews } from '../../../graph/wire.ts'

const number = new Intl.NumberFormat('en')

/** How far the server is with a newer graph. */
export function rankedWords({ done, all }: RankingNews): string {
  return `Newer graph: ranked ${number.format(done)} of ${number.format(all)}`
}
