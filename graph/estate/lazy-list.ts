/** Items of a list that is there only as far as somebody asked for it. */
export interface LazyItems<T> {
  readonly length: number
  /** Makes one item. Called at most once for each. */
  readonly at: (index: number) => T
  /** Puts all that are not there yet into the list: whoever walks it wants them at once. */
  readonly all: (into: T[]) => void
}

export interface LazyList<T> {
  /** What to ask now: once all items are there, a plain list, which is read faster. */
  readonly now: () => readonly T[]
}

/**
 * A list like any other whose items are made when they are asked for by number; whatever else is asked of it but its
 * length makes all of them first. An item is always the same object.
 */
export function lazyList<T>({ length, at, all }: LazyItems<T>): LazyList<T> {
  const items = new Array<T>(length)
  let isWhole = length === 0
  const whole = (): T[] => {
    if (!isWhole) all(items)
    isWhole = true
    return items
  }
  const list = new Proxy(items, {
    get(_, name) {
      if (typeof name === 'string' && isNumber(name)) {
        const index = +name
        return items[index] ?? (index < length && !isWhole ? (items[index] = at(index)) : undefined)
      }
      if (name === 'length') return length
      const value: unknown = Reflect.get(whole(), name)
      return typeof value === 'function' && name !== 'constructor' ? (value.bind(items) as unknown) : value
    },
    has: (_, name) => Reflect.has(whole(), name),
    ownKeys: () => Reflect.ownKeys(whole()),
    getOwnPropertyDescriptor: (_, name) => Reflect.getOwnPropertyDescriptor(whole(), name),
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  })
  return { now: () => (isWhole ? items : list) }
}

const ZERO = 48
const NINE = 57

function isNumber(name: string): boolean {
  const first = name.charCodeAt(0)
  return first >= ZERO && first <= NINE
}
