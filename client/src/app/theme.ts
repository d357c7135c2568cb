import { signal } from '@preact/signals'

export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** The choice for this browser; `auto` follows the system. `public/theme.js` applies it before the first paint. */
export const theme = signal<Theme>(themes.find((name) => name === document.documentElement.dataset['theme']) ?? 'auto')

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen
  if (chosen === 'auto') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = chosen
  try {
    if (chosen === 'auto') localStorage.removeItem('keyfall.theme')
    else localStorage.setItem('keyfall.theme', chosen)
  } catch {
    // Storage may be forbidden: the choice lasts for this page.
  }
}

export const nextTheme = (): void => chooseTheme(themes[(themes.indexOf(theme.value) + 1) % themes.length]!)
