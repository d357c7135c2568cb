const KEY = 'keyfall.recent'
const LIMIT = 8

/** Ids of what was opened in this tab, newest first. Ids only: no name leaves the page. */
export function recentIds(): string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter((id): id is string => typeof id === 'string').slice(0, LIMIT) : []
  } catch {
    return []
  }
}

export function remember(id: string): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify([id, ...recentIds().filter((other) => other !== id)].slice(0, LIMIT)))
  } catch {
    // Storage may be forbidden: the list stays empty.
  }
}
