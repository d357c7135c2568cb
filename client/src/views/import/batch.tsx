import { useRef } from 'preact/hooks'
import type { ImportReply } from '../../../../graph/wire.ts'
import { refresh } from '../../api/live.ts'
import { at, push } from '../../app/place.ts'
import { asOf, bytes, seconds } from '../../model/moments.ts'
import { exact, plural } from '../../model/verdict.ts'
import { Name } from '../../ui/name.tsx'
import { isRunning } from './job.ts'
import { reportCsv, reportMarkdown } from './report-files.ts'

interface BatchProps {
  readonly reply: ImportReply
  readonly commit: (acceptRetire: number | null) => Promise<void>
  readonly discard: () => Promise<void>
}

const stateWords: Readonly<Record<ImportReply['state'], string>> = {
  collecting: 'Waiting for its files',
  reading: 'Reading',
  preview: 'Read; nothing is changed yet',
  committing: 'Adding to the graph',
  done: 'In the graph',
  failed: 'Failed; the graph is as it was',
  cancelled: 'Cancelled; the graph is as it was',
  undone: 'Undone; what was believed before is believed again',
}

/** The batch as a whole: how far it is, what it needs from a person, what may be done next. */
export function Batch({ reply, commit, discard }: BatchProps) {
  return (
    <section class="batch" aria-label="Batch">
      <div class="batch-line">
        <p role="status">
          <strong>{stateWords[reply.state]}</strong> <span class="mut">{sumWords(reply)}</span>
        </p>
        <Acts reply={reply} commit={commit} discard={discard} />
      </div>
      {isRunning(reply) && <Progress reply={reply} />}
      {reply.error && (
        <p class="failed" role="alert">
          <strong>{reply.error.message}</strong> {reply.error.hint}
        </p>
      )}
      {reply.state === 'preview' && reply.guard && (
        <div class="guard" role="alert">
          <p>
            <strong>
              This would retire {exact(reply.guard.retired)} of {exact(reply.guard.of)}.
            </strong>{' '}
            <Name value={reply.guard.words} />
          </p>
          <p class="acts">
            <button type="button" onClick={() => void commit(reply.guard?.retired ?? null)}>
              Retire them and add the rest
            </button>
            <button type="button" onClick={() => void discard()}>
              Discard this batch
            </button>
          </p>
        </div>
      )}
    </section>
  )
}

function sumWords(reply: ImportReply): string {
  const size = reply.files.reduce((sum, file) => sum + file.bytes, 0)
  const read = reply.files.reduce((sum, file) => sum + file.read, 0)
  const understood = reply.files.reduce((sum, file) => sum + file.mapped, 0)
  const parts = [`Batch ${asOf(reply.startedAt, Date.now())}`, plural(reply.files.length, 'file'), bytes(size)]
  if (read > 0) parts.push(`${percent(understood, read)} of records understood`)
  return parts.join(' · ')
}

/** Never rounds up to 100: one record of a million that was not understood still shows. */
function percent(part: number, whole: number): string {
  if (part === whole) return '100 %'
  return `${(Math.floor((part / whole) * 1_000) / 10).toFixed(1)} %`
}

function Acts({ reply, commit, discard }: BatchProps) {
  if (reply.state === 'done') {
    return (
      <p class="acts">
        <button type="button" onClick={() => void discard()}>
          Undo this batch
        </button>
        <ReportButtons reply={reply} />
        <button
          type="button"
          class="primary"
          onClick={() => {
            refresh()
            push(at('find'))
          }}
        >
          Open Find
        </button>
      </p>
    )
  }
  if (reply.state === 'preview' && !reply.guard) {
    return (
      <p class="acts">
        <ReportButtons reply={reply} />
        <button type="button" onClick={() => void discard()}>
          Discard
        </button>
        <button
          type="button"
          class="primary"
          disabled={!reply.scopes.some((scope) => scope.changed)}
          onClick={() => void commit(null)}
        >
          {reply.scopes.some((scope) => scope.changed) ? 'Add to the graph' : 'Nothing to add'}
        </button>
      </p>
    )
  }
  if (reply.state === 'reading' || reply.state === 'collecting') {
    return (
      <p class="acts">
        <button type="button" onClick={() => void discard()}>
          Cancel
        </button>
      </p>
    )
  }
  return null
}

function ReportButtons({ reply }: { reply: ImportReply }) {
  return (
    <>
      <button type="button" onClick={() => reportMarkdown(reply)}>
        Report .md
      </button>
      <button type="button" onClick={() => reportCsv(reply)}>
        .csv
      </button>
    </>
  )
}

function Progress({ reply }: { reply: ImportReply }) {
  const { file, files, filesDone, bytes: done, totalBytes, records } = reply.progress
  const began = useRef({ at: performance.now(), done })
  const passed = (performance.now() - began.current.at) / 1_000
  const rate = passed > 2 ? (done - began.current.done) / passed : 0
  const left = rate > 0 && totalBytes !== null ? (totalBytes - done) / rate : null
  return (
    <div class="progress">
      <progress
        aria-label="Reading"
        {...(totalBytes !== null && totalBytes > 0 ? { max: totalBytes, value: Math.min(done, totalBytes) } : {})}
      />
      <p class="mut">
        {plural(filesDone, 'file')} of {exact(files)} · {bytes(done)}
        {totalBytes !== null && ` of ${bytes(totalBytes)}`} · {plural(records, 'record')}
        {rate > 0 && ` · ${bytes(Math.round(rate))}/s`}
        {left !== null && left > 1 && ` · about ${seconds(left)} left`}
        {file !== '' && (
          <>
            {' · '}
            <Name value={file} tip />
          </>
        )}
      </p>
    </div>
  )
}
