/** The first bits of an address: `bits` of them count. */
interface Prefix {
  readonly family: 4 | 6
  readonly value: bigint
  readonly bits: number
}

/**
 * Do two networks share an address? Callers are kept as /24 (IPv6 /64), private addresses whole, VPC endpoints and
 * services by name; a responder gives addresses or prefixes. What is no address is compared as text.
 */
export function overlaps(one: string, other: string): boolean {
  const [a, b] = [prefixOf(one), prefixOf(other)]
  if (!a || !b) return one.trim().toLowerCase() === other.trim().toLowerCase()
  if (a.family !== b.family) return false
  const unused = BigInt((a.family === 4 ? 32 : 128) - Math.min(a.bits, b.bits))
  return a.value >> unused === b.value >> unused
}

/** An address, a prefix, or a name as endpoints and services have it; a misspelt address is none of them. */
export function isNetwork(text: string): boolean {
  return prefixOf(text) !== undefined || /^[a-z][\w. -]*$/i.test(text.trim())
}

function prefixOf(text: string): Prefix | undefined {
  const [address = '', length] = text.trim().split('/')
  const family = address.includes(':') ? 6 : 4
  const value = family === 6 ? sixOf(address) : fourOf(address)
  const most = family === 6 ? 128 : 32
  const bits = length === undefined ? most : Number(length)
  return value === undefined || !Number.isInteger(bits) || bits < 0 || bits > most ? undefined : { family, value, bits }
}

function fourOf(address: string): bigint | undefined {
  const parts = address.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n)
}

function sixOf(address: string): bigint | undefined {
  const halves = address.split('::')
  if (halves.length > 2) return undefined
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - groups.flat().length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const all = halves.length === 2 ? [...groups[0]!, ...Array<string>(missing).fill('0'), ...groups[1]!] : groups[0]!
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return all.reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n)
}
