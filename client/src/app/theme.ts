import { signal } from '@preact/signals'

export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** The choice for this browser; `auto` follows the system. `public/theme.js` applies it before the first paint. */
export const theme = signal<Theme>(themes.find((name) => name === document.documentElement.dataset['theme']) ?? 'auto')

export function nextTheme(): void {
  theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length]!
  if (theme.value === 'auto') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme.value
  try {
    if (theme.value === 'auto') localStorage.removeItem('keyfall.theme')
    else localStorage.setItem('keyfall.theme', theme.value)
  } catch {
    // Storage may be forbidden: the choice lasts for this page.
  }
}
