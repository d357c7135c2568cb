const FOR_MS = 5_000

/**
 * Before a view is drawn anew: focus goes back to the element of the same id when it is there again, and to the view
 * until then. Never to nothing.
 */
export function keepFocus(): void {
  const id = document.activeElement?.id ?? ''
  const isPlaced = (): boolean => {
    const active = document.activeElement
    if (active !== null && active !== document.body && active.id !== 'main') return true
    const same = id === '' ? null : document.getElementById(id)
    if (same) {
      same.focus()
      return true
    }
    const main = document.getElementById('main')
    if (main && active !== main) {
      main.tabIndex = -1
      main.focus({ preventScroll: true })
    }
    return false
  }
  const watch = new MutationObserver(() => isPlaced() && watch.disconnect())
  watch.observe(document.body, { childList: true, subtree: true })
  setTimeout(() => watch.disconnect(), FOR_MS)
}
