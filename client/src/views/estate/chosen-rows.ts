import { computed, signal } from '@preact/signals'
import { place } from '../../app/place.ts'

/** Rows that a bulk edit is about, by id. They belong to one filter: another filter begins with none. */
const held = signal<{ readonly of: string; readonly ids: ReadonlySet<string> }>({ of: '', ids: new Set() })
const filterNow = computed(() => `${place.value.id} ${place.value.filter}`)

export const chosenRows = computed(() => (held.value.of === filterNow.value ? held.value.ids : new Set<string>()))

export function choose(ids: Iterable<string>, on: boolean): void {
  const next = new Set(chosenRows.peek())
  for (const id of ids) {
    if (on) next.add(id)
    else next.delete(id)
  }
  held.value = { of: filterNow.peek(), ids: next }
}

export const chooseNone = (): void => void (held.value = { of: filterNow.peek(), ids: new Set() })
