import { type FileResult, ImportReply, ImportsReply } from '../../../graph/wire.ts'
import { ask, problemOf, type Failure, type Outcome } from './ask.ts'

export interface Chosen {
  /** Path inside what was dropped: tells the importers more than the bare name. */
  readonly name: string
  readonly file: File
  /** Id of the importer that a person chose for it. */
  readonly as?: string
}

export const beginImport = (): Promise<Outcome<ImportReply>> =>
  ask(ImportReply, '/api/imports', { method: 'POST', body: {} })
export const importAt = (id: string): Promise<Outcome<ImportReply>> =>
  ask(ImportReply, `/api/imports/${id}`, { fresh: true })
export const startImport = (id: string): Promise<Outcome<ImportReply>> =>
  ask(ImportReply, `/api/imports/${id}/start`, { method: 'POST', body: {} })
export const commitImport = (id: string, acceptRetire: number | null): Promise<Outcome<ImportReply>> =>
  ask(ImportReply, `/api/imports/${id}/commit`, { method: 'POST', body: acceptRetire === null ? {} : { acceptRetire } })
export const recentImports = (): Promise<Outcome<ImportsReply>> => ask(ImportsReply, '/api/imports', { fresh: true })
/** Gives an import up, or undoes one that was committed. */
export const dropImport = (id: string): Promise<Outcome<ImportReply>> =>
  ask(ImportReply, `/api/imports/${id}`, { method: 'DELETE' })

/** Sends one file as it is; `sent` hears bytes. The only request that is not `fetch`, which tells no progress. */
export function sendFile(
  id: string,
  chosen: Chosen,
  sent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<{ ok: true } | { ok: false; failure: Failure }> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    const query = new URLSearchParams({ name: chosen.name, ...(chosen.as === undefined ? {} : { as: chosen.as }) })
    request.open('PUT', `/api/imports/${encodeURIComponent(id)}/files?${query}`)
    request.setRequestHeader('X-Keyfall-Upload', '1')
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.upload.onprogress = (event) => sent(event.loaded)
    request.onload = () =>
      request.status < 300
        ? resolve({ ok: true })
        : resolve({ ok: false, failure: problemOf(jsonOf(request), request.status) })
    request.onerror = () => resolve({ ok: false, failure: lost('The connection broke while sending.') })
    request.onabort = () => resolve({ ok: false, failure: lost('Cancelled.') })
    signal.addEventListener('abort', () => request.abort())
    if (signal.aborted) return resolve({ ok: false, failure: lost('Cancelled.') })
    request.send(chosen.file)
  })
}

const lost = (message: string): Failure => ({ code: 'not-sent', message, requestId: '', status: 0 })

function jsonOf(request: XMLHttpRequest): unknown {
  try {
    return JSON.parse(request.responseText)
  } catch {
    return null
  }
}

export type FileReport = FileResult
