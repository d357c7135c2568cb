/** Hands a text to the browser as a file. A byte order mark makes spreadsheets read CSV as UTF-8. */
export function save(
  text: string,
  name: string,
  type: 'text/csv' | 'application/json' | 'text/markdown' | 'image/svg+xml',
): void {
  saveBlob(new Blob([...(type === 'text/csv' ? ['\uFEFF'] : []), text], { type: `${type};charset=utf-8` }), name)
}

export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
