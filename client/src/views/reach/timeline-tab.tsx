import { useEffect, useState } from 'preact/hooks'
import type { ReachReply } from '../../../../graph/wire.ts'
import { place, pushHere } from '../../app/place.ts'
import { say } from '../../app/say.ts'
import { writePlace } from '../../app/url.ts'
import { utc } from '../../model/moments.ts'
import { plural } from '../../model/verdict.ts'
import { written } from '../../ui/moment.tsx'
import { Name } from '../../ui/name.tsx'
import { openDrawer } from '../../ui/panel.tsx'
import { draft, LONGEST_NOTE, notes, openNotes, pin, refusal, unpin, writeDraft } from './notes.ts'
import { stateOf } from './state-words.ts'
import type { Together } from './together.ts'

/** Opens the timeline with the cursor in its field: `M`. */
export function writeNote(): void {
  if (place.peek().tab !== 'timeline') pushHere({ tab: 'timeline' })
  openDrawer()
  requestAnimationFrame(() => document.getElementById('note')?.focus())
}

/** What was found and done, in order: each note pins the view it was written on. */
export function TimelineTab({ reply, together, save }: { reply: ReachReply; together: Together; save: () => void }) {
  const [refused, refuse] = useState('')
  useEffect(() => openNotes(reply.subject.id), [reply.subject.id])
  const submit = (event: Event): void => {
    event.preventDefault()
    const why = refusal(draft.peek())
    if (why !== null) return refuse(why)
    refuse('')
    pin({
      at: new Date().toISOString(),
      words: draft.peek(),
      state: stateOf(together),
      path: writePlace({ ...place.peek(), tab: '', snap: reply.snapshot.id }),
    })
    say('View pinned')
  }
  return (
    <>
      <h2>Timeline</h2>
      <p class="mut">
        A note pins this view: what is drawn, ticked and assumed. Notes stay in this tab until it is closed; the export
        takes them along.
      </p>
      <form class="note-form" onSubmit={submit}>
        <label for="note">What was seen or done</label>
        <input
          id="note"
          type="text"
          maxLength={LONGEST_NOTE}
          autocomplete="off"
          value={draft.value}
          aria-describedby="note-refused"
          onInput={(event) => writeDraft(event.currentTarget.value)}
        />
        <button type="submit">
          Pin view <kbd>↵</kbd>
        </button>
        <p id="note-refused" class="refused" role="status">
          {refused}
        </p>
      </form>
      {notes.value.length > 0 && (
        <>
          <ol class="notes-list" aria-label={plural(notes.value.length, 'note')}>
            {notes.value.map((note, i) => (
              <li key={`${note.at} ${i}`}>
                <time class="mut sub" dateTime={note.at} title={utc(note.at)}>
                  {written(note.at)}
                </time>
                <span class="words">
                  <Name value={note.words} />
                </span>
                {note.state !== '' && <span class="mut sub">{note.state}</span>}
                <span class="note-acts">
                  <a href={note.path}>
                    Open this view<span class="hidden-words"> of note {i + 1}</span>
                  </a>
                  <button type="button" class="quiet" onClick={() => unpin(note)}>
                    Remove<span class="hidden-words"> note {i + 1}</span>
                  </button>
                </span>
              </li>
            ))}
          </ol>
          <p class="acts">
            <button type="button" onClick={save}>
              Export timeline
            </button>
          </p>
        </>
      )}
    </>
  )
}
