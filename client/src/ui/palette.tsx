import { signal } from '@preact/signals'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { FindReply } from '../../../graph/wire.ts'
import { useReply } from '../api/use-reply.ts'
import { commands } from '../app/commands.ts'
import { push } from '../app/place.ts'
import { Dialog } from './dialog.tsx'
import { FindField } from './find-field.tsx'
import { placeOf } from './hit-row.tsx'
import { Glyph } from './glyph.tsx'
import { KeyCap } from './key-cap.tsx'
import { Name } from './name.tsx'
import { overallRows } from '../model/verdict.ts'
import { useSettled } from './use-settled.ts'

export const paletteOpen = signal(false)
export const openPalette = (): void => void (paletteOpen.value = true)

interface Entry {
  readonly id: string
  readonly run: () => void
  readonly row: preact.JSX.Element
}

/** Commands and things in one list. Text that begins with `>` searches commands only. */
export function Palette() {
  const [text, setText] = useState('')
  const [masked, mask] = useState<string | null>(null)
  const [chosen, choose] = useState<string | null>(null)
  const [wanted, want] = useState(false)
  const typed = text.startsWith('>') ? '' : text.trim()
  const query = useSettled(typed, 90)
  const found = useReply(
    FindReply,
    query === '' ? null : `/api/find?q=${encodeURIComponent(query)}&limit=12`,
    'palette',
  )
  const entries = useMemo(
    () => [...thingsOf(query === '' ? null : found.data), ...commandsFor(text)],
    [found.data, query, text],
  )
  const current = Math.max(
    0,
    entries.findIndex(({ id }) => id === chosen),
  )
  // What is on screen may answer what was typed before: its first row is nobody's choice.
  const failed = query === typed && !found.asking && found.failure !== null
  const answered = typed === '' || found.data?.query === typed || failed
  const close = (): void => void (paletteOpen.value = false)
  const run = (entry: Entry | undefined): void => {
    if (!entry) return
    close()
    entry.run()
  }
  useEffect(() => {
    if (!wanted || !answered) return
    want(false)
    run(entries[current])
  }, [wanted, answered])
  return (
    <Dialog label="Find and commands" class="palette" close={close}>
      <FindField
        id="palette-field"
        value={text}
        masked={masked}
        mask={mask}
        controls="palette-list"
        active={entries[current] ? `palette-${entries[current].id}` : undefined}
        search={(next) => {
          setText(next)
          choose(null)
          want(false)
        }}
        onKeyDown={(event) => {
          const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
          if (by !== 0) {
            event.preventDefault()
            choose(entries[(current + by + entries.length) % Math.max(1, entries.length)]?.id ?? null)
          } else if (event.key === 'Enter') {
            event.preventDefault()
            if (answered || entries[current]?.id === chosen) run(entries[current])
            else want(true)
          }
        }}
      />
      <ul id="palette-list" role="listbox" aria-label="Results and commands">
        {entries.map((entry, i) => (
          <li
            key={entry.id}
            id={`palette-${entry.id}`}
            role="option"
            aria-selected={i === current}
            ref={(row) => {
              if (i === current) row?.scrollIntoView({ block: 'nearest' })
            }}
            onClick={() => run(entry)}
          >
            {entry.row}
          </li>
        ))}
      </ul>
      <p class="mut palette-foot" role="status">
        {masked !== null
          ? 'Nothing is searched while the field holds a secret.'
          : query !== '' && found.data && found.data.hits.length === 0
            ? `Nothing here is called “${query}”.`
            : '↑ ↓ to move, ↵ to open, > for commands only'}
      </p>
    </Dialog>
  )
}

function thingsOf(reply: FindReply | null): Entry[] {
  return (reply?.hits ?? []).map((hit) => ({
    id: `thing-${hit.id}`,
    run: () => push(placeOf(hit)),
    row: (
      <>
        <span class="grow">
          <Name value={hit.name} />
          <span class="mut sub">
            {hit.title}
            {hit.where !== undefined && (
              <>
                {' · '}
                <Name value={hit.where} />
              </>
            )}
          </span>
        </span>
        {hit.front && (
          <span class="mut">
            <Glyph verdict={overallRows[hit.front.verdict].glyph} /> {overallRows[hit.front.verdict].word}
          </span>
        )}
      </>
    ),
  }))
}

function commandsFor(text: string): Entry[] {
  const words = text.replace(/^>/, '').trim().toLowerCase()
  return commands.value
    .filter((command) => command.id !== 'palette')
    .filter((command) => words === '' || command.title.toLowerCase().includes(words))
    .map((command) => ({
      id: `command-${command.id}`,
      run: command.run,
      row: (
        <>
          <span class="grow">{command.title}</span>
          {command.key !== undefined && <KeyCap keys={command.key} />}
        </>
      ),
    }))
}
