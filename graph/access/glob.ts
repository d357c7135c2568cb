/** `*` any run of characters, `?` any one. */
export function matchesGlob(pattern: string, text: string): boolean {
  return pattern === '*' || globMatcher(pattern)(text)
}

/** The same for many texts: the pattern is taken apart once. No RegExp, so no pattern of a file can make it slow. */
export function globMatcher(pattern: string): (text: string) => boolean {
  if (pattern.includes('?')) return (text) => walks(pattern, text)
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return (text) => text === pattern
  return (text) => {
    if (!text.startsWith(first)) return false
    const end = text.length - last.length
    let at = first.length
    for (const piece of rest) {
      const found = text.indexOf(piece, at)
      if (found < 0) return false
      at = found + piece.length
    }
    return end >= at && text.endsWith(last)
  }
}

/** Two pointers, going back to the last `*` only. */
function walks(pattern: string, text: string): boolean {
  let at = 0
  let in_ = 0
  let star = -1
  let retry = 0
  while (in_ < text.length) {
    if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[in_]) && pattern[at] !== '*') {
      at++
      in_++
    } else if (pattern[at] === '*') {
      star = at++
      retry = in_
    } else if (star >= 0) {
      at = star + 1
      in_ = ++retry
    } else return false
  }
  while (pattern[at] === '*') at++
  return at === pattern.length
}

export const hasWildcard = (pattern: string): boolean => pattern.includes('*') || pattern.includes('?')

/** What stands before the first wildcard or policy variable: all that matches begins with it. */
export function literalStart(pattern: string): string {
  let end = 0
  while (end < pattern.length && !'*?$'.includes(pattern[end]!)) end++
  return pattern.slice(0, end)
}
