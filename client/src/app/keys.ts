import { signal } from '@preact/signals'
import { commands } from './commands.ts'

const SEQUENCE_MS = 1_000
const KEY = 'keyfall.single-keys'

/** WCAG 2.1.4: shortcuts of one character can be switched off. */
export const singleKeys = signal(read())

function read(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off'
  } catch {
    return true
  }
}

export function toggleSingleKeys(): void {
  singleKeys.value = !singleKeys.value
  try {
    localStorage.setItem(KEY, singleKeys.value ? 'on' : 'off')
  } catch {
    // Storage may be forbidden: the choice lasts for this page.
  }
}

/** The event as a command's key spells it. */
export function spell(event: Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'shiftKey' | 'altKey'>): string {
  if (event.altKey) return ''
  const letter = event.key.length === 1 ? event.key.toLowerCase() : event.key
  if (event.metaKey || event.ctrlKey)
    return `Mod+${event.shiftKey && /^[a-z]$/.test(letter) ? 'Shift+' : ''}${letter.toUpperCase()}`
  const shifted = event.shiftKey && /^[a-z]$/.test(letter)
  return shifted ? `Shift+${letter.toUpperCase()}` : letter
}

const typing = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.matches('input:not([type=range],[type=checkbox]), textarea, select, [contenteditable]')

/** One listener for the page; dialogs keep their keys to themselves. */
export function listenToKeys(): void {
  let before = ''
  let beforeAt = 0
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return
    const spelled = spell(event)
    const single = !spelled.startsWith('Mod+')
    if (single && (typing(event.target) || !singleKeys.peek())) return
    // A text field has its own undo.
    if (typing(event.target) && /^Mod\+(Shift\+)?Z$/.test(spelled)) return
    if (document.querySelector('dialog[open]')) return
    const sequence = event.timeStamp - beforeAt < SEQUENCE_MS && before !== '' ? `${before} ${spelled}` : ''
    const list = commands.peek()
    const found = list.find((command) => command.key === sequence) ?? list.find((command) => command.key === spelled)
    before = found ? '' : spelled
    beforeAt = event.timeStamp
    if (!found) return
    event.preventDefault()
    found.run()
  })
}
