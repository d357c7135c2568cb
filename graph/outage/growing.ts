import { copyOf, int32s } from '../arrays.ts'
/** A typed array that doubles: facts arrive one by one and are millions, so no object is kept for each. */
export interface Growing {
  items: Int32Array
  length: number
}

export function growing(): Growing {
  return { items: new Int32Array(1024), length: 0 }
}

export function push(list: Growing, item: number): void {
  if (list.length === list.items.length) {
    const larger = int32s(list.length * 2)
    larger.set(list.items)
    list.items = larger
  }
  list.items[list.length++] = item
}

export function trimmed(list: Growing): Int32Array {
  return copyOf(list.items, list.length)
}
