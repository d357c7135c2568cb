import { useState } from 'preact/hooks'

interface FilterFieldProps {
  readonly id: string
  /** Keys of the grammar (graph/filter.ts) that this list understands. */
  readonly keys: readonly string[]
  readonly value: string
  readonly change: (text: string) => void
  readonly example: string
  /** How many fit, or what is wrong and at which character. */
  readonly says: string
  readonly wrong: boolean
}

/** Values worth offering behind a key. */
const values: Readonly<Record<string, readonly string[]>> = {
  own: ['unknown'],
  tier: ['1', '2', '3', 'unknown'],
  used: ['<7d', '>90d', 'unknown'],
  age: ['>90d', '>1y'],
  exp: ['<30d', 'unknown'],
  plane: ['aws', 'kubernetes', 'vault', 'github'],
  verdict: ['breaks', 'unknown', 'steps', 'keeps'],
  purpose: ['unknown'],
  rule: ['unknown'],
}

/** What may complete the word at the end of a filter. */
export function completions(text: string, keys: readonly string[]): string[] {
  const word = /\S*$/.exec(text)![0]
  const bare = word.replace(/^-/, '')
  if (bare === '') return []
  const colon = bare.indexOf(':')
  if (colon < 0) return keys.filter((key) => key.startsWith(bare)).map((key) => `${key}:`)
  const start = bare.slice(colon + 1)
  const offered = values[bare.slice(0, colon)] ?? []
  return offered
    .filter((value) => value.startsWith(start) && value !== start)
    .map((value) => bare.slice(0, colon + 1) + value)
}

/** A filter with completion: arrows choose, Tab or Enter takes, Esc closes; what is wrong is said at its character. */
export function FilterField({ id, keys, value, change, example, says, wrong }: FilterFieldProps) {
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  const offered = open ? completions(value, keys) : []
  const current = Math.min(at, offered.length - 1)
  const take = (word: string): void => {
    const typed = /\S*$/.exec(value)![0]
    const minus = typed.startsWith('-') ? '-' : ''
    change(`${value.slice(0, value.length - typed.length)}${minus}${word}${word.endsWith(':') ? '' : ' '}`)
    setAt(0)
  }
  const list = `${id}-offers`
  return (
    <span class="filter-field">
      <input
        id={id}
        type="text"
        role="combobox"
        aria-label="Filter"
        aria-expanded={offered.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={offered.length > 0 ? `${list}-${current}` : undefined}
        aria-invalid={wrong}
        aria-describedby={`${id}-says`}
        placeholder={`Filter: ${example}`}
        autocomplete="off"
        spellcheck={false}
        maxLength={500}
        value={value}
        onInput={(event) => {
          setOpen(true)
          setAt(0)
          change(event.currentTarget.value)
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={(event) => {
          if (offered.length === 0) return
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            setAt((current + (event.key === 'ArrowDown' ? 1 : -1) + offered.length) % offered.length)
          } else if (event.key === 'Tab' || event.key === 'Enter') take(offered[current]!)
          else if (event.key === 'Escape') setOpen(false)
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      <ul id={list} role="listbox" aria-label="Completions" hidden={offered.length === 0}>
        {offered.map((word, i) => (
          <li
            key={word}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === current}
            onMouseDown={(event) => {
              event.preventDefault()
              take(word)
            }}
          >
            {word}
          </li>
        ))}
      </ul>
      <span class="mut filter-says" id={`${id}-says`} role="status">
        {says}
      </span>
    </span>
  )
}
