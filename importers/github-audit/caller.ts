import ipaddr from 'ipaddr.js'

/** Ranges of which each address is a machine of its own. */
const near = new Set(['private', 'loopback', 'linkLocal', 'uniqueLocal', 'carrierGradeNat'])

/** From where, as far as an organization may see it: the network of the address where it is disclosed, else the country. */
export function networkOf(address: string | null | undefined, country: string | null | undefined): string {
  if (address && ipaddr.isValid(address)) {
    const parsed = ipaddr.parse(address)
    const bits = parsed.kind() === 'ipv4' ? 24 : 64
    if (!near.has(parsed.range()))
      return `${(parsed.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(`${parsed.toString()}/${bits}`).toString()}/${bits}`
    return parsed.toString()
  }
  return country ? country.slice(0, 40) : 'unknown'
}

/** The client without its version: `git`, `npm`, `octokit.js`. */
export function agentOf(userAgent: string | null | undefined): string {
  if (!userAgent) return 'unknown'
  const lower = userAgent.toLowerCase()
  if (lower.startsWith('mozilla/')) return 'browser'
  let end = 0
  while (end < lower.length && end < 40 && lower[end] !== '/' && lower[end]! > ' ') end++
  return end === 0 ? 'other' : lower.slice(0, end)
}
