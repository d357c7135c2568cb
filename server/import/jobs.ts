import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync, rmSync, type ReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ImportReply, Problem, Snapshot } from '../../graph/wire.ts'
import type { ImportId } from '../store/contract.ts'
import { JobError } from './job-error.ts'
import { effectBetween, sideNow } from './import-effect.ts'
import { commitImport, planImport } from './job.ts'
import type { ImportPlan, ImportRoom, ScopePlan } from './import-plan.ts'
import type { HashedSegment } from '../store/scope-facts.ts'
import type { Source } from './read-files.ts'
import { undoImport, type CommittedScope } from './undo-import.ts'

/** One import from its files to its report. What it may do next follows from `reply().state`. */
export interface Job {
  readonly id: string
  /** Id of the person who began it. */
  readonly by: string | undefined
  reply(): ImportReply
  /** While collecting: keeps one file until it was read. */
  addFile(name: string, bytes: Readable, importer?: string): Promise<void>
  /** Reads what was added, and `sources`; ends in `preview` or `failed`. */
  start(sources?: readonly Source[]): void
  /** Resolves when the job waits for somebody, or is over. */
  settled(): Promise<ImportReply>
  /** Makes it true. `acceptRetire` is the number the guard shows. */
  commit(acceptRetire?: number): Promise<ImportReply>
  /** After the commit: what was believed before is believed again. Rejects with `JobError` where that is not possible. */
  undo(): Promise<ImportReply>
  cancel(): Promise<void>
  /** Imports that it would go back to, and what it made. */
  refersTo(): readonly ImportId[]
}

export interface Jobs {
  create(options?: { readonly scopeName?: string | undefined; readonly by?: string }): Job
  find(id: string): Job | undefined
  /** Newest first. */
  list(): readonly Job[]
  /** Files of one are being read, or what they say is being written. */
  isBusy(): boolean
  /** Imports that one of them may be undone to. */
  refersTo(): readonly ImportId[]
  close(): Promise<void>
}

export interface JobsOptions {
  readonly room: ImportRoom
  /** Files wait here until they were read; emptied at start and at the end. */
  readonly spoolDir: string
  /** Turns an error into what the outside may know. */
  readonly problemOf: (error: unknown) => Problem
  readonly onProgress?: (reply: ImportReply) => void
}

const UPLOAD_BYTES = 256 << 20
const UPLOADS_BYTES = 4 * 2 ** 30
const UPLOADED_FILES = 20_000
const JOBS_KEPT = 50
const PROGRESS_EVERY_MS = 200

/** Jobs of this server. Files of one job are read at a time: each may take much of the machine. */
export function openJobs({ room, spoolDir, problemOf, onProgress }: JobsOptions): Jobs {
  const jobs = new Map<string, Job>()
  let lane: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = lane.then(work, work)
    lane = turn.catch(() => undefined)
    return turn
  }
  rmSync(spoolDir, { recursive: true, force: true })
  return {
    create({ scopeName, by } = {}) {
      const id = randomBytes(9).toString('base64url')
      const job = openJob({ id, by, room, folder: join(spoolDir, id), scopeName, problemOf, onProgress, inTurn })
      jobs.set(id, job)
      for (const [old, one] of jobs) {
        if (jobs.size <= JOBS_KEPT) break
        jobs.delete(old)
        void one.cancel()
      }
      return job
    },
    find: (id) => jobs.get(id),
    list: () => [...jobs.values()].reverse(),
    refersTo: () => [...jobs.values()].flatMap((job) => job.refersTo()),
    isBusy: () =>
      [...jobs.values()].some((job) => {
        const { state } = job.reply()
        return state === 'reading' || state === 'committing'
      }),
    async close() {
      await Promise.all([...jobs.values()].map((job) => job.cancel()))
      await lane
      rmSync(spoolDir, { recursive: true, force: true })
    },
  }
}

interface JobSetting {
  readonly id: string
  readonly by: string | undefined
  readonly room: ImportRoom
  readonly folder: string
  readonly scopeName: string | undefined
  readonly problemOf: (error: unknown) => Problem
  readonly onProgress: ((reply: ImportReply) => void) | undefined
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
}

interface HeldFile {
  readonly name: string
  readonly path: string
  readonly bytes: number
  readonly importer: string | undefined
}

function openJob({ id, by, room, folder, scopeName, problemOf, onProgress, inTurn }: JobSetting): Job {
  const held: HeldFile[] = []
  let uploading = 0
  const stop = new AbortController()
  let state: ImportReply['state'] = 'collecting'
  let plan: ImportPlan | undefined
  let before: Snapshot | null = null
  let after: Snapshot | null = null
  let error: Problem | null = null
  let effect: Pick<ImportReply, 'totals' | 'moved'> = {}
  let committed: readonly CommittedScope[] = []
  let work: Promise<void> = Promise.resolve()
  const startedAt = room.now()
  const progress = progressMeter()

  const reply = (): ImportReply => ({
    id,
    state,
    startedAt,
    progress: progress.now(held, state),
    files: plan ? [...plan.files] : [],
    scopes: plan ? plan.scopes.map(scopeResult) : [],
    guard: plan?.guard ?? null,
    before,
    after,
    ...effect,
    error,
  })
  const tell = (next?: ImportReply['state']): void => {
    if (next) state = next
    onProgress?.(reply())
  }
  const expect = (...states: ImportReply['state'][]): void => {
    if (!states.includes(state)) throw new JobError('wrong-state', `the import is ${state}, not ${states.join(' or ')}`)
  }
  // Of thousands it takes a second: nobody waits for that but the job.
  const forgetFiles = (): Promise<void> => rm(folder, { recursive: true, force: true })
  const fail = (caught: unknown): void => {
    if (state === 'cancelled') return
    error = problemOf(caught)
    tell('failed')
  }
  return {
    id,
    by,
    reply,
    async addFile(name, bytes, importer) {
      expect('collecting')
      if (importer !== undefined && !room.importers.some((one) => one.id === importer))
        throw new JobError('wrong-state', 'there is no such importer')
      if (held.length + uploading >= UPLOADED_FILES) throw new JobError('too-many', 'more files than one import takes')
      const total = held.reduce((sum, file) => sum + file.bytes, 0)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const path = join(folder, `${held.length + uploading++}-${randomBytes(4).toString('hex')}`)
      try {
        const meter = countingBytes(Math.min(UPLOAD_BYTES, UPLOADS_BYTES - total))
        await pipeline(bytes, meter.stream, createWriteStream(path, { flags: 'wx', mode: 0o600 }), {
          signal: stop.signal,
        })
        held.push({ name, path, bytes: meter.bytes(), importer })
      } catch (caught) {
        rmSync(path, { force: true })
        throw caught
      } finally {
        uploading--
      }
      tell()
    },
    start(sources = []) {
      expect('collecting')
      if (uploading > 0) throw new JobError('wrong-state', 'a file is still being uploaded')
      const all = [...sources, ...held.map(sourceOfHeld)]
      before = room.keeper.snapshot()
      progress.begin(all)
      tell('reading')
      work = inTurn(async () => {
        try {
          plan = await planImport(room, all, {
            scopeName,
            signal: stop.signal,
            onProgress: (said) => {
              if (progress.heard(said)) tell()
            },
          })
          if (state === 'reading') tell('preview')
        } catch (caught) {
          fail(caught)
        } finally {
          await forgetFiles()
        }
      })
    },
    async settled() {
      await work
      return reply()
    },
    async commit(acceptRetire) {
      expect('preview')
      const { guard } = plan!
      if (guard && acceptRetire !== guard.retired) throw new JobError('needs-yes', guard.words)
      tell('committing')
      work = inTurn(async () => {
        const sideBefore = room.keeper.isFar?.() ? undefined : sideNow(room.keeper)
        try {
          committed = await commitImport(room, plan!)
          after = room.keeper.snapshot()
          if (sideBefore && !room.keeper.isFar?.())
            effect = await effectBetween(sideBefore, sideNow(room.keeper), room.now())
          plan = reportOnly(plan!)
          tell('done')
        } catch (caught) {
          sideBefore?.release()
          // Nobody can commit it again: the thread that holds its facts ends.
          plan = reportOnly(plan!)
          fail(caught)
        }
      })
      await work
      return reply()
    },
    async undo() {
      expect('done')
      work = inTurn(async () => {
        await undoImport(room, committed)
        tell('undone')
      })
      await work
      return reply()
    },
    refersTo: () => committed.flatMap(({ importId, before: earlier }) => [importId, ...(earlier ? [earlier] : [])]),
    async cancel() {
      // What is being written is finished: half of it may be true already.
      if (state === 'committing') await work
      if (state === 'collecting' || state === 'reading' || state === 'preview') {
        tell('cancelled')
        stop.abort()
        await work
      }
      if (plan) plan = reportOnly(plan)
      await forgetFiles()
    },
  }
}

const noSegments = (): HashedSegment[] => []

/** The facts are let go: a finished job is kept for its report alone. */
function reportOnly({ files, scopes, guard, release }: ImportPlan): ImportPlan {
  release?.()
  return { files, guard, scopes: scopes.map((scope) => ({ ...scope, segments: noSegments })) }
}

function scopeResult({ scope, draft, changed, entities, relationships }: ScopePlan): ImportReply['scopes'][number] {
  const { scopeTitle, importer, nature, complete } = draft
  return { scope, title: scopeTitle, importer, nature, complete, changed, entities, relationships }
}

function sourceOfHeld({ name, path, bytes, importer }: HeldFile): Source {
  return { name, size: bytes, importer, file: path, open: (): ReadStream => createReadStream(path) }
}

/** Counts what flows through, and stops what is too much. */
function countingBytes(limit: number): { stream: Transform; bytes: () => number } {
  let bytes = 0
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > limit) done(new JobError('too-large', `a file of an upload may have at most ${limit} bytes`))
      else done(null, chunk)
    },
  })
  return { stream, bytes: () => bytes }
}

interface ProgressMeter {
  begin(sources: readonly Source[]): void
  /** True when enough time has passed to tell about it. */
  heard(said: { file: string; bytes: number; records: number }): boolean
  now(held: readonly HeldFile[], state: ImportReply['state']): ImportReply['progress']
}

/** Adds up the progress of files, which each count from zero. */
function progressMeter(): ProgressMeter {
  let file = ''
  let begun = 0
  let earlier = { bytes: 0, records: 0 }
  let current = { bytes: 0, records: 0 }
  let totalBytes: number | null = null
  let known = 0
  let toldAt = 0
  return {
    begin(sources) {
      const sizes = sources.map((source) => ('open' in source ? source.size : undefined))
      known = sources.every((source) => 'open' in source) ? sources.length : 0
      totalBytes = sizes.every((size) => size !== undefined) ? sizes.reduce((a, b) => a + b, 0) : null
    },
    heard(said) {
      if (said.file !== file) {
        earlier = { bytes: earlier.bytes + current.bytes, records: earlier.records + current.records }
        current = { bytes: 0, records: 0 }
        file = said.file
        begun++
      }
      current = { bytes: said.bytes, records: said.records }
      const isTime = performance.now() - toldAt >= PROGRESS_EVERY_MS
      if (isTime) toldAt = performance.now()
      return isTime
    },
    now(held, state) {
      const isReading = state === 'reading'
      return {
        file: isReading ? file : '',
        files: Math.max(known, begun, held.length),
        filesDone: isReading ? Math.max(0, begun - 1) : begun,
        bytes: earlier.bytes + current.bytes,
        totalBytes,
        records: earlier.records + current.records,
      }
    },
  }
}
