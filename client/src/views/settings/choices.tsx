import type { Signal } from '@preact/signals'
import { clock, density, presenting } from '../../app/choices.ts'
import { singleKeys, toggleSingleKeys } from '../../app/keys.ts'
import { present } from '../../app/present.ts'
import { chooseTheme, theme } from '../../app/theme.ts'
import { local, utc } from '../../model/moments.ts'
import { KeyCap } from '../../ui/key-cap.tsx'

interface ChoiceProps<Word extends string> {
  readonly id: string
  readonly title: string
  readonly says: string
  readonly chosen: Word
  readonly words: readonly (readonly [Word, string])[]
  readonly choose: (word: Word) => void
}

function Choice<Word extends string>({ id, title, says, chosen, words, choose }: ChoiceProps<Word>) {
  return (
    <fieldset class="set-choice">
      <legend>{title}</legend>
      <div class="set-options">
        {words.map(([word, label]) => (
          <label key={word} class="set-option">
            <input
              type="radio"
              name={`set-${id}`}
              id={`set-${id}-${word}`}
              checked={chosen === word}
              onChange={() => choose(word)}
            />
            {label}
          </label>
        ))}
      </div>
      <p class="mut sub">{says}</p>
    </fieldset>
  )
}

const setTo =
  <Word extends string>(choice: Signal<Word>) =>
  (word: Word): void =>
    void (choice.value = word)

/** What this browser alone remembers. */
export function Choices() {
  const now = new Date().toISOString()
  return (
    <section aria-labelledby="set-browser">
      <h2 id="set-browser">This browser</h2>
      <p class="mut">Kept here and nowhere else. Nothing about a credential is kept in a browser.</p>
      <Choice
        id="theme"
        title="Theme"
        says="System follows your operating system, also when it changes in the evening."
        chosen={theme.value}
        words={[
          ['auto', 'System'],
          ['light', 'Light'],
          ['dark', 'Dark'],
        ]}
        choose={chooseTheme}
      />
      <Choice
        id="density"
        title="Rows"
        says="Compact rows are 32 px high instead of 44; targets stay above 24."
        chosen={density.value}
        words={[
          ['comfortable', 'Comfortable'],
          ['compact', 'Compact'],
        ]}
        choose={setTo(density)}
      />
      <Choice
        id="clock"
        title="Written moments"
        says={`Now is ${clock.value === 'local' ? local(now) : utc(now)}. Exports, plans and the audit are in UTC always.`}
        chosen={clock.value}
        words={[
          ['utc', 'UTC'],
          ['local', `This computer’s zone (${Intl.DateTimeFormat().resolvedOptions().timeZone})`],
        ]}
        choose={setTo(clock)}
      />
      <Choice
        id="keys"
        title="Shortcuts of a single key"
        says="Off: no key alone acts, as speech input needs it. Every command stays in the palette."
        chosen={singleKeys.value ? 'on' : 'off'}
        words={[
          ['on', 'On'],
          ['off', 'Off'],
        ]}
        choose={(word) => (word === 'on') !== singleKeys.peek() && toggleSingleKeys()}
      />
      <Choice
        id="present"
        title="Names"
        says="For screens that others see: pseudonyms everywhere, the same in exports. Ids and links stay. A name inside a free text is replaced where it is known or looks like one."
        chosen={presenting.value}
        words={[
          ['off', 'Shown'],
          ['on', 'Pseudonyms (present mode)'],
        ]}
        choose={(word) => void present(word === 'on')}
      />
      <p class="mut set-foot">
        All keys: <KeyCap keys="?" />. The palette: <KeyCap keys="Mod+K" />.
      </p>
    </section>
  )
}
