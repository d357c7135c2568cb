/** `[first, last]` of what a terminal draws over two columns: East Asian wide and full width, and pictures. */
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f], // Hangul Jamo, first consonants
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x26a1, 0x26a1],
  [0x2705, 0x2705],
  [0x274c, 0x274e],
  [0x2753, 0x2757],
  [0x2795, 0x2797],
  [0x2b1b, 0x2b1c],
  [0x2b50, 0x2b55],
  [0x2e80, 0x303e], // radicals, punctuation
  [0x3041, 0xa4cf], // kana, Hangul letters, unified ideographs, Yi
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3], // Hangul syllables
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60], // full width forms
  [0xffe0, 0xffe6],
  [0x1f18e, 0x1f18e],
  [0x1f191, 0x1f19a],
  [0x1f1e6, 0x1f265],
  [0x1f300, 0x1f64f], // pictures
  [0x1f680, 0x1f6ff],
  [0x1f7e0, 0x1f7eb],
  [0x1f900, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd], // further ideographs
]

/** How many columns of a terminal a text takes: marks that are drawn over a letter none, wide characters two. */
export function columnsOf(text: string): number {
  if (isPlain(text)) return text.length
  let columns = 0
  for (const character of text) columns += columnsOfOne(character)
  return columns
}

/** The text, or its beginning and `…` where it takes more columns. A character is never cut in two. */
export function short(text: string, width: number): string {
  if (columnsOf(text) <= width) return text
  let [kept, columns] = ['', 0]
  for (const character of text) {
    columns += columnsOfOne(character)
    if (columns > width - 1) break
    kept += character
  }
  return `${kept}…`
}

/** Every terminal takes these as they are counted: most names consist of nothing else. */
const isPlain = (text: string): boolean => !/[^\u0020-\u02ff]/.test(text)

function columnsOfOne(character: string): number {
  if (/\p{Mark}/u.test(character)) return 0
  const code = character.codePointAt(0)!
  return wide.some(([first, last]) => code >= first && code <= last) ? 2 : 1
}
