// Runs before the first paint, so that a chosen theme or density never flashes. The page's policy allows no inline script.
try {
  const theme = localStorage.getItem('keyfall.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  if (localStorage.getItem('keyfall.density') === 'compact') document.documentElement.dataset.density = 'compact'
} catch {
  // Storage may be forbidden: the system's theme is used.
}
