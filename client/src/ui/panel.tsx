import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'

/** Under 1,100 px the panel is a drawer; wider it is always there. */
export const drawerOpen = signal(false)
const isDrawer = (): boolean => matchMedia('(max-width: 1099px)').matches

/** Shows the panel where it is a drawer; where it stands beside the view there is nothing to open. */
export function openDrawer(): void {
  if (isDrawer()) drawerOpen.value = true
}

export function Panel({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <aside class={drawerOpen.value ? 'panel open' : 'panel'} aria-label={label}>
      <button type="button" class="drawer-close" onClick={() => void (drawerOpen.value = false)}>
        Close
      </button>
      {children}
    </aside>
  )
}

export function DrawerButton({ children }: { children: ComponentChildren }) {
  return (
    <button type="button" class="drawer-open" aria-expanded={drawerOpen.value} onClick={openDrawer}>
      {children}
    </button>
  )
}
