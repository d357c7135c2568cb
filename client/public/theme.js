// Runs before the first paint, so that a chosen theme never flashes. The page's policy allows no inline script.
try {
  const theme = localStorage.getItem('keyfall.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage may be forbidden: the system's theme is used.
}
