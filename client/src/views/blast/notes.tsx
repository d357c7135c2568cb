import type { BlastReply } from '../../../../graph/wire.ts'
import { exact } from '../../model/verdict.ts'
import { Name } from '../../ui/name.tsx'

type NoteKind = BlastReply['notes'][number]['kind']

const words: Readonly<Record<NoteKind, string>> = {
  'no-effect': 'No effect',
  'not-reversible': 'Cannot be undone',
  survivor: 'Survives the change',
  latent: 'Latent',
  'lost-redundancy': 'Lost redundancy',
  lockout: 'Lockout',
  'untested-fallback': 'Never tried',
  'not-held': 'Held nowhere',
  overwritten: 'Overwritten',
  peculiar: 'Peculiar',
  ownerless: 'Without owner',
  fallback: 'Silent fallback',
  partial: 'Partly effective',
  assumed: 'Assumed',
  cycle: 'Cycle',
}
const order = Object.keys(words) as NoteKind[]

/** What the picture cannot say. `loud` draws only the one that makes the whole change pointless, above everything. */
export function Notes({ reply, loud = false }: { reply: BlastReply; loud?: boolean }) {
  const notes = reply.notes
    .filter((note) => (note.kind === 'no-effect') === loud)
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
  if (notes.length === 0 && (loud || reply.change.undo === '')) return null
  if (loud) {
    return (
      <div class="loud" role="status">
        {notes.map((note) => (
          <p key={note.text}>
            <strong>{words[note.kind]}.</strong> <Name value={note.text} />
          </p>
        ))}
      </div>
    )
  }
  return (
    <section class="notes" aria-labelledby="notes">
      <h2 id="notes">Also to know</h2>
      <dl>
        {notes.map((note) => (
          <div key={note.kind + note.text}>
            <dt>
              {words[note.kind]}
              {note.count !== undefined && <span class="count">{exact(note.count)}</span>}
            </dt>
            <dd>
              <Name value={note.text} />
            </dd>
          </div>
        ))}
        {reply.change.undo !== '' && (
          <div>
            <dt>Undo</dt>
            <dd>
              <Name value={reply.change.undo} />
            </dd>
          </div>
        )}
      </dl>
    </section>
  )
}
