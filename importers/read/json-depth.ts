/**
 * Deepest nesting of a JSON text, counted over brackets outside strings, before any parser recurses into it. Stops at
 * `limit`: then the result is `limit + 1`.
 */
export function jsonDepth(text: string, limit: number): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (inString) {
      if (code === 0x5c) i++
      else if (code === 0x22) inString = false
    } else if (code === 0x22) inString = true
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > deepest) deepest = depth
      if (deepest > limit) return deepest
    } else if (code === 0x5d || code === 0x7d) depth--
  }
  return deepest
}

/** Whether a text is nested deeper than `limit`: most hold fewer brackets than that, in whatever order. */
export function isTooDeep(text: string, limit: number): boolean {
  let brackets = 0
  for (const bracket of ['{', '['])
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1))
      if (++brackets > limit) return jsonDepth(text, limit) > limit
  return false
}
