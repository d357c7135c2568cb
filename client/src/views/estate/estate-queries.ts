/** Address of a page of the inventory. */
export function estateUrl(of: { filter: string; gap: string; sort: string; cursor?: number }): string {
  const query = new URLSearchParams()
  if (of.filter !== '') query.set('f', of.filter)
  if (of.gap !== '') query.set('gap', of.gap)
  if (of.sort !== '') query.set('sort', of.sort)
  if (of.cursor !== undefined) query.set('cursor', String(of.cursor))
  const text = query.toString()
  return text === '' ? '/api/estate' : `/api/estate?${text}`
}

export const withCursor = (url: string, cursor: number): string =>
  `${url}${url.includes('?') ? '&' : '?'}cursor=${cursor}`
