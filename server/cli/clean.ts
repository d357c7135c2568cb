/**
 * Text out of files as a terminal may show it: control characters (ANSI sequences begin with one), line breaks and
 * characters that turn or hide text become visible marks. What is shown is one line.
 */
export function clean(text: string): string {
  let shown = ''
  for (const character of text) {
    const code = character.codePointAt(0)!
    shown += isHostile(code) ? `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>` : character
  }
  return shown
}

/** `[first, last]` of what is never shown as it is. */
const hostile: readonly (readonly [number, number])[] = [
  [0x00, 0x1f], // C0 controls: escape, line feed, backspace
  [0x7f, 0x9f], // delete and C1 controls
  [0xad, 0xad], // soft hyphen
  [0x61c, 0x61c], // Arabic letter mark
  [0x180e, 0x180e], // Mongolian vowel separator
  [0x200b, 0x200f], // zero width, direction marks
  [0x2028, 0x202e], // line and paragraph separators, bidi embeddings and overrides
  [0x2060, 0x206f], // word joiner, bidi isolates, deprecated format characters
  [0xd800, 0xdfff], // lone surrogates
  [0xfeff, 0xfeff], // byte order mark
  [0xfff9, 0xfffb], // interlinear annotation
  [0xe0000, 0xe007f], // tags
]

function isHostile(code: number): boolean {
  return hostile.some(([first, last]) => code >= first && code <= last)
}
