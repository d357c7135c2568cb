import { bytes } from '../../model/moments.ts'
import { Name } from '../../ui/name.tsx'
import { cancelFile, sending } from './job.ts'

/** Files on their way, each with its own progress and cancel. */
export function Sending() {
  const files = sending.value
  const total = files.reduce((sum, file) => sum + file.bytes, 0)
  const sent = files.reduce((sum, file) => sum + file.sent, 0)
  return (
    <section class="sending" aria-label="Files on their way">
      <p role="status">
        <strong>Sending {files.length === 1 ? '1 file' : `${files.length} files`}</strong>{' '}
        <span class="mut">
          {bytes(sent)} of {bytes(total)}
        </span>
      </p>
      <progress max={Math.max(1, total)} value={sent} aria-label="All files" />
      <ul>
        {files.slice(0, 200).map((file, i) => (
          <li key={`${file.name} ${i}`}>
            <span class="grow">
              <Name value={file.name} tip />
            </span>
            <span class="mut">{file.words !== '' ? file.words : `${bytes(file.sent)} of ${bytes(file.bytes)}`}</span>
            {(file.state === 'waiting' || file.state === 'sending') && (
              <button type="button" class="quiet" onClick={() => cancelFile(i)}>
                Cancel
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
