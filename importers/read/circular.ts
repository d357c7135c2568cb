/**
 * Does a value hold itself, as an alias of YAML inside the node that it names makes it (`&a [*a]`)? Whoever walks such a
 * value never ends. Linear in its size, without recursion: a node is left before it may be met again.
 */
export function isCircular(value: unknown): boolean {
  const state = new Map<object, 'open' | 'left'>()
  const waiting: unknown[] = [value]
  for (let next = waiting.at(-1); waiting.length > 0; next = waiting.at(-1)) {
    if (typeof next !== 'object' || next === null || state.get(next) === 'left') {
      waiting.pop()
    } else if (state.get(next) === 'open') {
      state.set(next, 'left')
      waiting.pop()
    } else {
      state.set(next, 'open')
      for (const inside of valuesIn(next)) {
        if (typeof inside === 'object' && inside !== null && state.get(inside) === 'open') return true
        waiting.push(inside)
      }
    }
  }
  return false
}

function valuesIn(value: object): readonly unknown[] {
  if (value instanceof Map) return [...value.keys(), ...value.values()]
  return Array.isArray(value) ? value : Object.values(value)
}
