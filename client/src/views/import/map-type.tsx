import { useState } from 'preact/hooks'
import type { FileResult, ImportReply, SourcesReply } from '../../../../graph/wire.ts'
import { Name } from '../../ui/name.tsx'
import { hasFilesOf, readAgainAs } from './job.ts'

type Readers = NonNullable<SourcesReply['readers']>

/** One act that settles a file which was taken for something else, or for nothing: say what it is and read it again. */
export function MapType({ reply, file, readers }: { reply: ImportReply; file: FileResult; readers: Readers }) {
  const others = readers.filter(({ id }) => id !== file.importer?.id)
  const [chosen, choose] = useState('')
  if (reply.state !== 'preview' || others.length === 0) return null
  const inArchive = file.name.includes('!/')
  if (inArchive)
    return <p class="mut">To read it as something else, unpack the archive and import the file by itself.</p>
  if (!hasFilesOf(reply.id))
    return <p class="mut">To read it as something else, import it again: this page no longer has the file.</p>
  return (
    <form
      class="map-type"
      onSubmit={(event) => {
        event.preventDefault()
        if (chosen !== '') void readAgainAs(reply.id, reply.files.indexOf(file), file.name, chosen)
      }}
    >
      <label>
        {file.importer === null ? 'What is it?' : 'Is it something else?'}{' '}
        <select id="map-type" value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
          <option value="">Choose a kind of export</option>
          {others.map((reader) => (
            <option key={reader.id} value={reader.id}>
              {reader.title}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" disabled={chosen === ''}>
        Map type
        <span class="hidden-words">
          {' '}
          of <Name value={file.name} />
        </span>
      </button>
      <span class="mut">The whole batch is read again; nothing was added yet.</span>
    </form>
  )
}
