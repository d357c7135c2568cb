/** Fewest characters a cut name keeps, however narrow its place. */
const LEAST = 2

const middleCut = (chars: readonly string[], kept: number): string =>
  `${chars.slice(0, Math.ceil(kept / 2)).join('')}…${chars.slice(chars.length - Math.floor(kept / 2)).join('')}`

/** The beginning, then what stands around `at`. */
function cutAround(chars: readonly string[], at: number, kept: number): string {
  const head = Math.floor(kept / 3)
  const length = kept - head
  const from = Math.min(Math.max(head, at - Math.floor(length / 3)), chars.length - length)
  const end = from + length < chars.length ? '…' : ''
  return `${chars.slice(0, head).join('')}…${chars.slice(from, from + length).join('')}${end}`
}

function differsAt(chars: readonly string[], others: readonly (readonly string[])[]): number {
  const firsts = others.map((other) => chars.findIndex((char, i) => char !== other[i]))
  return Math.max(0, ...firsts)
}

/**
 * A name that has to fit: as it is, or without its middle, since names of a kind differ at their ends. Where that would
 * read like one of the names beside it, what differs stays.
 */
export function cutName(name: string, fits: (text: string) => boolean, beside: readonly string[] = []): string {
  if (fits(name)) return name
  const chars = [...name]
  const longest = (cut: (kept: number) => string): string => {
    let [low, high] = [LEAST, Math.max(LEAST, chars.length - 1)]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (fits(cut(middle))) low = middle
      else high = middle - 1
    }
    return cut(low)
  }
  const plain = longest((kept) => middleCut(chars, kept))
  const kept = [...plain].length - 1
  const head = chars.slice(0, Math.ceil(kept / 2)).join('')
  const tail = chars.slice(chars.length - Math.floor(kept / 2)).join('')
  const alike = beside
    .filter((other) => other !== name && other.startsWith(head) && other.endsWith(tail))
    .map((other) => [...other])
    .filter((other) => other.length > kept)
  if (alike.length === 0) return plain
  const at = differsAt(chars, alike)
  return longest((count) => cutAround(chars, at, count))
}
