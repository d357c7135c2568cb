/** `*` any run of characters, `?` any one; two pointers, no RegExp, so no pattern of a file can make it slow. */
export function matchesGlob(pattern: string, text: string): boolean {
  if (pattern === '*') return true
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
