/** 96 of the 128 bits of an event id: among ten million events the chance that any two agree is below 10^-15. */
const WORDS = 3

/**
 * Remembers which events were read, twelve bytes each (a `Set` of strings needs ten times that, and a year of logs has
 * tens of millions). Ids that are no UUIDs come from test corpora and starred-out samples; they are kept as they are.
 */
export function seenEvents(): { firstTime(eventId: string): boolean } {
  const others = new Set<string>()
  let slots = 1 << 12
  let table = new Uint32Array(slots * WORDS)
  let used = 0

  const slotOf = (a: number, b: number, c: number): number => {
    let slot = (a ^ Math.imul(b, 0x9e3779b1)) & (slots - 1)
    for (;;) {
      const at = slot * WORDS
      const free = table[at] === 0 && table[at + 1] === 0 && table[at + 2] === 0
      if (free || (table[at] === a && table[at + 1] === b && table[at + 2] === c)) return at
      slot = (slot + 1) & (slots - 1)
    }
  }

  const grow = (): void => {
    const old = table
    slots *= 2
    table = new Uint32Array(slots * WORDS)
    for (let at = 0; at < old.length; at += WORDS)
      if (old[at] !== 0 || old[at + 1] !== 0 || old[at + 2] !== 0)
        table.set(old.subarray(at, at + WORDS), slotOf(old[at]!, old[at + 1]!, old[at + 2]!))
  }

  return {
    firstTime(eventId) {
      if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(eventId)) {
        const known = others.has(eventId)
        others.add(eventId)
        return !known
      }
      const a = Number.parseInt(eventId.slice(0, 8), 16)
      const b = Number.parseInt(eventId.slice(9, 13) + eventId.slice(19, 23), 16)
      // Zero in all three would read as a free slot.
      const c = Number.parseInt(eventId.slice(24, 32), 16) || 1
      const at = slotOf(a, b, c)
      if (table[at + 2] !== 0) return false
      table[at] = a
      table[at + 1] = b
      table[at + 2] = c
      if (++used * 5 > slots * 3) grow()
      return true
    },
  }
}
