import { signal } from '@preact/signals'
import type { ImportReply } from '../../../../graph/wire.ts'
import type { Failure } from '../../api/ask.ts'
import { beginImport, dropImport, sendFile, startImport, type Chosen } from '../../api/upload.ts'
import { at, push } from '../../app/place.ts'

export interface Sending {
  readonly name: string
  readonly bytes: number
  readonly sent: number
  readonly state: 'waiting' | 'sending' | 'sent' | 'failed' | 'cancelled'
  readonly words: string
}

/** Files on their way to the server. What comes after is the server's to tell. */
export const sending = signal<readonly Sending[]>([])
export const sendFailure = signal<Failure | null>(null)
let aborts: AbortController[] = []
/** What was sent into which import: kept by this page alone, so that a file can be read again as something else. */
let kept: { readonly id: string; readonly files: readonly Chosen[] } = { id: '', files: [] }

/** Does this page still have the files of an import? After a reload it has not. */
export const hasFilesOf = (id: string): boolean => kept.id === id && kept.files.length > 0

/** Reads the batch again, with this file read by the importer that a person chose. */
export async function readAgainAs(id: string, place: number, name: string, importer: string): Promise<void> {
  if (!hasFilesOf(id)) return
  // By name, as an archive is one file here and many in the report; in present mode the report has no names.
  const named = kept.files.findIndex((one) => one.name === name)
  const chosen = named < 0 ? place : named
  const files = kept.files.map((one, i) => (i === chosen ? { ...one, as: importer } : one))
  await dropImport(id)
  await sendAll(files)
}

const set = (i: number, change: Partial<Sending>): void => {
  sending.value = sending.value.map((file, j) => (j === i ? { ...file, ...change } : file))
}

/** Sends files one after the other into a new import, then has them read. A file that fails is named and left out. */
export async function sendAll(chosen: readonly Chosen[]): Promise<void> {
  if (chosen.length === 0) return
  sendFailure.value = null
  sending.value = chosen.map(({ name, file }) => ({ name, bytes: file.size, sent: 0, state: 'waiting', words: '' }))
  aborts = chosen.map(() => new AbortController())
  const begun = await beginImport()
  if (!begun.ok) return fail(begun.failure)
  const id = begun.reply.id
  kept = { id, files: chosen }
  for (const [i, file] of chosen.entries()) {
    if (sending.peek()[i]!.state === 'cancelled') continue
    set(i, { state: 'sending' })
    const outcome = await sendFile(id, file, (sent) => set(i, { sent }), aborts[i]!.signal)
    if (outcome.ok) set(i, { state: 'sent', sent: file.file.size })
    else set(i, { state: aborts[i]!.signal.aborted ? 'cancelled' : 'failed', words: outcome.failure.message })
  }
  if (!sending.peek().some((file) => file.state === 'sent')) {
    await dropImport(id)
    return fail({ code: 'nothing-sent', message: 'No file reached the server.', requestId: '', status: 0 })
  }
  const started = await startImport(id)
  if (!started.ok) return fail(started.failure)
  push(at('import', id))
  sending.value = sending.value.filter((file) => file.state === 'failed')
}

export function cancelFile(i: number): void {
  set(i, { state: 'cancelled', words: 'Cancelled.' })
  aborts[i]?.abort()
}

function fail(failure: Failure): void {
  sendFailure.value = failure
  sending.value = []
}

/** States in which the server is still at work. */
export const isRunning = (reply: ImportReply): boolean => reply.state === 'reading' || reply.state === 'committing'
