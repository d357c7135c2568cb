import { computed, signal } from '@preact/signals'

/** Anything a person can do: has a name, stands in the palette, and may have a key. */
export interface Command {
  readonly id: string
  readonly title: string
  /** As printed and as matched: "t", "Shift+C", "g f", "Mod+K". */
  readonly key?: string
  readonly run: () => void
}

const everywhere = signal<readonly Command[]>([])
const ofView = signal<readonly Command[]>([])

/** All commands valid now; those of the view first. */
export const commands = computed(() => [...ofView.value, ...everywhere.value])

export const setEverywhere = (list: readonly Command[]): void => void (everywhere.value = list)
/** Registers the commands of the mounted view; call the result when it goes. */
export function setOfView(list: readonly Command[]): () => void {
  ofView.value = list
  return () => {
    if (ofView.peek() === list) ofView.value = []
  }
}
