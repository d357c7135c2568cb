import { pseudonyms } from '../model/pseudonyms.ts'

const KEY = 'keyfall.salt'

/** Random, of this browser, and never sent: it makes pseudonyms the same each time and no use to anybody else. */
function salt(): string {
  const made = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
  try {
    const kept = localStorage.getItem(KEY)
    if (kept !== null && /^[0-9a-f]{32}$/.test(kept)) return kept
    localStorage.setItem(KEY, made)
  } catch {
    // Storage may be forbidden: pseudonyms last for this page.
  }
  return made
}

const names = pseudonyms(salt())

/** An answer with pseudonyms for names, those of present mode and of exports. */
export const masked = <T>(reply: T): T => names.answer(reply)
export const maskedText = (words: string): string => names.text(words)
