import { signal, type Signal } from '@preact/signals'

/**
 * A choice of this browser out of a few words, the first of them by default. Kept in `localStorage` under
 * `keyfall.NAME`; where storage is forbidden it lasts for this page. Nothing about credentials is ever kept so.
 */
export function keptChoice<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Signal<Word> {
  const choice = signal<Word>(read())
  let before = choice.peek()
  choice.subscribe((now) => {
    if (now === before) return
    before = now
    try {
      if (now === words[0]) localStorage.removeItem(`keyfall.${name}`)
      else localStorage.setItem(`keyfall.${name}`, now)
    } catch {
      // Storage may be forbidden.
    }
  })
  return choice

  function read(): Word {
    try {
      const kept = localStorage.getItem(`keyfall.${name}`)
      return words.find((word) => word === kept) ?? words[0]
    } catch {
      return words[0]
    }
  }
}
