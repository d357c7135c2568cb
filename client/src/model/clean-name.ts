export interface NamePart {
  readonly text: string
  /** True for a stand-in of something that has no shape of its own. */
  readonly mark: boolean
}

const NAME_LIMIT = 400

/** Control, bidi-override, zero-width, tag and line-separator characters: they would hide or reorder a name. */
function isInvisible(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    code === 0xad ||
    code === 0x61c ||
    code === 0x180e ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0xfeff ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    (code >= 0xe0000 && code <= 0xe007f) ||
    (code >= 0xd800 && code <= 0xdfff)
  )
}

/** A hostile name as parts to show: what cannot be seen becomes a visible mark, "U+202E". At most 400 characters, then "…". */
export function cleanParts(name: string): readonly NamePart[] {
  const parts: NamePart[] = []
  let plain = ''
  let seen = 0
  for (const char of name) {
    if (seen++ >= NAME_LIMIT) {
      plain += '…'
      break
    }
    const code = char.codePointAt(0)!
    if (!isInvisible(code)) {
      plain += char
      continue
    }
    if (plain !== '') parts.push({ text: plain, mark: false })
    plain = ''
    parts.push({ text: `U+${code.toString(16).toUpperCase().padStart(4, '0')}`, mark: true })
  }
  if (plain !== '') parts.push({ text: plain, mark: false })
  return parts
}

/** The same as one line of text, for names of controls, titles and exports. */
export const cleanText = (name: string): string =>
  cleanParts(name)
    .map((part) => (part.mark ? `⟨${part.text}⟩` : part.text))
    .join('')
