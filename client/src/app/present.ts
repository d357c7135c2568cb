import { edition } from '../api/live.ts'
import { forget, readyToPresent } from '../api/ask.ts'
import { presenting } from './choices.ts'
import { say } from './say.ts'

/** Everything is asked again: no name of before stays on the screen. */
export async function present(on: boolean): Promise<void> {
  await readyToPresent()
  presenting.value = on ? 'on' : 'off'
  forget()
  edition.value++
  say(on ? 'Names are pseudonyms now' : 'Names are shown')
}
