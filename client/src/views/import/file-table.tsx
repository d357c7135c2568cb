import type { ImportReply, SourcesReply, Verdict } from '../../../../graph/wire.ts'
import type { FileReport } from '../../api/upload.ts'
import { place, pushHere } from '../../app/place.ts'
import { bytes } from '../../model/moments.ts'
import { exact, plural } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'
import { lossWords } from './loss-words.ts'
import { MapType } from './map-type.tsx'

const ROWS = 300

/** How a file fared, as the glyph that means the same for a dependant: understood, partly, not sure, not at all. */
export function fileGlyph(file: FileReport): Verdict {
  if (file.error !== undefined || file.importer === null) return 'breaks'
  if (file.skipped.length === 0) return 'keeps'
  return file.mapped === 0 ? 'unknown' : 'steps'
}

const glyphWords: Readonly<Record<Verdict, string>> = {
  breaks: 'not read',
  unknown: 'nothing understood',
  steps: 'partly understood',
  keeps: 'understood',
}

/** The report: a row a file, and the chosen one in full. */
export function FileTable({ reply, readers }: { reply: ImportReply; readers: NonNullable<SourcesReply['readers']> }) {
  const files = reply.files.slice(0, ROWS)
  const wanted = place.value.part === '' ? -1 : Number(place.value.part)
  const chosen = reply.files[wanted] ?? reply.files.find((file) => file.skipped.length > 0 || file.importer === null)
  if (reply.files.length === 0) return null
  return (
    <>
      <div class="table-scroll" role="region" aria-label="Files" tabIndex={0}>
        <table class="files">
          <thead>
            <tr>
              <th scope="col">
                <span class="hidden-words">Result</span>
              </th>
              <th scope="col">File</th>
              <th scope="col">Recognised as</th>
              <th scope="col" class="number">
                Size
              </th>
              <th scope="col" class="number">
                Records understood
              </th>
              <th scope="col">Not understood</th>
            </tr>
          </thead>
          <tbody>
            {files.map((file, i) => (
              <tr key={`${file.name} ${i}`} class={file === chosen ? 'chosen' : ''}>
                <td title={glyphWords[fileGlyph(file)]}>
                  <Glyph verdict={fileGlyph(file)} />
                  <span class="hidden-words">{glyphWords[fileGlyph(file)]}</span>
                </td>
                <th scope="row">
                  <button type="button" class="text" onClick={() => pushHere({ part: String(i) })}>
                    <Name value={file.name} tip />
                  </button>
                </th>
                <td>{file.importer === null ? <span class="mut">not recognised</span> : file.importer.title}</td>
                <td class="number nowrap">{bytes(file.bytes)}</td>
                <td class="number nowrap">{understoodWords(file)}</td>
                <td>{missedWords(file)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {reply.files.length > ROWS && (
          <p class="mut">
            The first {exact(ROWS)} of {exact(reply.files.length)} files are listed.
          </p>
        )}
      </div>
      {chosen && <FileDetail key={chosen.name} reply={reply} file={chosen} readers={readers} />}
    </>
  )
}

function understoodWords(file: FileReport): string {
  if (file.unchanged) return 'read before'
  return file.read === 0 ? '–' : `${exact(file.mapped)} of ${exact(file.read)}`
}

function missedWords(file: FileReport) {
  if (file.error !== undefined) return <Name value={file.error} />
  if (file.importer === null) return 'nothing read; no importer claims this file'
  if (file.unchanged) return <span class="mut">the same bytes were imported before</span>
  const most = file.skipped.toSorted((a, b) => b.count - a.count)[0]
  if (!most) return <span class="mut">none</span>
  return (
    <>
      {exact(most.count)}: <Name value={most.words} />
      {file.skipped.length > 1 && <span class="mut"> and {plural(file.skipped.length - 1, 'more reason')}</span>}
    </>
  )
}

/** Everything that was not understood of one file, by reason, with the first places. */
function FileDetail(props: { reply: ImportReply; file: FileReport; readers: NonNullable<SourcesReply['readers']> }) {
  const { reply, file, readers } = props
  return (
    <section class="file-detail" aria-labelledby="file-detail">
      <h2 id="file-detail">
        <Name value={file.name} />
      </h2>
      <p class="mut">
        {exact(file.read)} read = {exact(file.mapped)} understood + {exact(file.read - file.mapped)} not
        {file.merged > 0 && ` · ${exact(file.merged)} said again what was already known`}
      </p>
      <MapType reply={reply} file={file} readers={readers} />
      {file.skipped.length === 0 ? (
        <p class="mut">Nothing of it was left out.</p>
      ) : (
        <div class="table-scroll" role="region" aria-label="Not understood" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col" class="number">
                  Records
                </th>
                <th scope="col">Why not</th>
                <th scope="col">What we did, and why it matters</th>
                <th scope="col">First places</th>
              </tr>
            </thead>
            <tbody>
              {file.skipped.map((skip) => (
                <tr key={skip.reason}>
                  <td class="number">{exact(skip.count)}</td>
                  <td>
                    <Name value={skip.words} /> <code class="mut">{skip.reason}</code>
                  </td>
                  <td>{lossWords(skip.reason)}</td>
                  <td class="code">
                    {skip.where.slice(0, 5).map((where) => (
                      <span class="sub" key={where}>
                        <Name value={where} tip />
                      </span>
                    ))}
                    {skip.count > Math.min(5, skip.where.length) && skip.where.length > 0 && (
                      <span class="sub mut">and {exact(skip.count - Math.min(5, skip.where.length))} more</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {file.notes.length > 0 && (
        <ul class="file-notes">
          {file.notes.map((note) => (
            <li key={note}>
              <Name value={note} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
