import { signal } from '@preact/signals'

/** One line at the bottom of the page, read out once: "Link copied". */
export const said = signal('')
let timer: ReturnType<typeof setTimeout> | undefined

export function say(words: string): void {
  clearTimeout(timer)
  said.value = words
  timer = setTimeout(() => (said.value = ''), 4_000)
}

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    say(`${what} copied`)
  } catch {
    say(`This browser did not allow copying the ${what.toLowerCase()}`)
  }
}
