import type { Importer, ImporterRun, RunContext } from '../importer.ts'
import { detectImporter } from './detect-importer.ts'
import { expand } from './expand.ts'
import { fileAccount, type FileAccount } from './file-report.ts'
import { fingerprinter } from './fingerprint.ts'
import { openFile, type OpenedFile } from './input-file.ts'
import { limits as defaultLimits, type Limits } from './limits.ts'
import { messageQueue, Stopped, type MessageQueue } from './message-queue.ts'
import { runMeter } from './meter.ts'
import type { FileMessage, Message } from './messages.ts'
import { useOwnershipRules } from './ownership-rules.ts'
import type { RawFile } from './raw-file.ts'
import { ReadError, safeWords } from './read-error.ts'
import { scopeOutlets } from './scope-outlets.ts'
import { safeLabel } from './second-net.ts'

export interface RunOptions {
  readonly importers: readonly Importer[]
  /** 32 random bytes of the installation. Absent: no value is linked to any other. */
  readonly fingerprintKey?: Uint8Array | undefined
  /** What the user said the export is of, with `--scope`. */
  readonly scopeName?: string | undefined
  readonly limits?: Partial<Limits> | undefined
  /** Text of the installation's rules of ownership (ownership-rules.ts). Absent: the defaults. */
  readonly ownershipRules?: string | undefined
  /** Files, by name, on which an earlier reader died: reported with the error and not touched again. */
  readonly lost?: readonly LostFile[] | undefined
}

export interface LostFile {
  readonly name: string
  /** Who was reading it; `null` where nobody knows: then no scope of the run is complete. */
  readonly importer: string | null
  readonly error: string
}

const MESSAGES_WAITING = 16
const PROGRESS_EVERY_BYTES = 1 << 20

/**
 * Reads files into facts, in this process: unpacks, finds each file's importer, runs it, checks its account.
 * Messages come as the work goes on, the reader's pace holds the work back. File messages come after all facts,
 * in the order of the files, because importers may finish a file only when they have seen the others. Every file
 * gets one: those that no importer knows, and those that were refused, too. Bad input is never thrown.
 */
export async function* runImporters(
  files: AsyncIterable<RawFile> | Iterable<RawFile>,
  options: RunOptions,
): AsyncGenerator<Message> {
  const queue = messageQueue<Message>(MESSAGES_WAITING)
  const work = run(files, options, queue).then(queue.end, (error: unknown) =>
    error instanceof Stopped ? queue.end() : queue.fail(error),
  )
  try {
    yield* queue
  } finally {
    await work
  }
}

interface ReadFile {
  readonly account: FileAccount
  readonly name: string
  readonly importer: string | null
  readonly error?: string | undefined
  readonly bytes: number
  readonly sha256: string
}

async function run(
  files: AsyncIterable<RawFile> | Iterable<RawFile>,
  options: RunOptions,
  { push: send, room, flushed }: MessageQueue<Message>,
): Promise<void> {
  const limits = { ...defaultLimits, ...options.limits }
  useOwnershipRules(options.ownershipRules)
  const meter = runMeter(limits)
  const outlets = scopeOutlets(limits, send)
  const runs = new Map<string, ImporterRun>()
  const failed = new Set<string>()
  const done: ReadFile[] = []
  const lost = new Map((options.lost ?? []).map((file) => [file.name, file]))
  for (const { importer } of lost.values()) {
    if (importer !== null) failed.add(importer)
    else for (const { id } of options.importers) failed.add(id)
  }
  const fingerprint = options.fingerprintKey ? fingerprinter(options.fingerprintKey) : () => undefined

  const runOf = (importer: Importer): ImporterRun => {
    const known = runs.get(importer.id)
    if (known) return known
    const context: RunContext = {
      scopeName: options.scopeName,
      scope: (declaration) => outlets.sink(importer, declaration),
      fingerprint,
    }
    const begun = importer.begin(context)
    runs.set(importer.id, begun)
    return begun
  }

  async function readOne(file: RawFile): Promise<ReadFile> {
    const account = fileAccount(limits)
    const name = safeLabel(file.name)
    let importer: Importer | undefined
    let opened: OpenedFile | undefined
    let error: string | undefined
    let reported = 0
    const progress = async (bytes: number) => {
      if (bytes - reported >= PROGRESS_EVERY_BYTES) {
        reported = bytes
        send({ type: 'progress', file: name, importer: importer?.id ?? null, bytes, records: account.accounted() })
      }
      await room()
    }
    const begin = async () => {
      send({ type: 'progress', file: name, importer: importer?.id ?? null, bytes: 0, records: 0 })
      // If the file kills us, these have to be the last words.
      await flushed()
    }
    try {
      await begin()
      opened = await openFile({ ...file, name }, limits, progress)
      importer =
        file.importer === undefined
          ? detectImporter(opened.probe, options.importers)
          : options.importers.find(({ id }) => id === file.importer)
      if (importer) await begin()
      if (importer) await runOf(importer).file(opened.input, account)
      else account.note(opened.bytes() === 0 ? 'Not recognised: the file is empty.' : notRecognised)
    } catch (caught) {
      if (caught instanceof Stopped) throw caught
      error = safeWords(caught)
      if (caught instanceof ReadError && caught.where !== '') account.skipped(caught.reason, caught.where)
      if (importer) failed.add(importer.id)
    } finally {
      await opened?.close()
    }
    await room()
    return {
      account,
      name,
      importer: importer?.id ?? null,
      error,
      bytes: opened?.bytes() ?? 0,
      sha256: opened?.input.sha256 ?? '',
    }
  }

  for await (const raw of files) {
    if (lost.has(safeLabel(raw.name))) {
      done.push(lostFile(lost.get(safeLabel(raw.name))!, limits))
      continue
    }
    for await (const expanded of expand(raw, limits, meter)) {
      const known = lost.get(safeLabel('file' in expanded ? expanded.file.name : expanded.name))
      if (known) done.push(lostFile(known, limits))
      else if ('file' in expanded) done.push(await readOne(expanded.file))
      else done.push(refused(safeLabel(expanded.name), expanded.refused, limits))
    }
  }
  for (const [id, begun] of runs) {
    try {
      await begun.end()
    } catch (caught) {
      failed.add(id)
      const last = done.findLastIndex((file) => file.importer === id)
      done[last] = { ...done[last]!, error: done[last]!.error ?? safeWords(caught) }
    }
  }
  const messages: FileMessage[] = done.map(({ account, ...file }) => account.close(file))
  for (const { importer, error } of messages) if (importer !== null && error !== undefined) failed.add(importer)
  outlets.close(failed)
  for (const message of messages) {
    send(message)
    await room()
  }
}

const notRecognised = 'Not recognised: no importer knows this form of file.'

function refused(name: string, error: ReadError, limits: Limits): ReadFile {
  const account = fileAccount(limits)
  account.skipped(error.reason, error.where)
  return { account, name, importer: null, error: error.message, bytes: 0, sha256: '' }
}

function lostFile({ name, importer, error }: LostFile, limits: Limits): ReadFile {
  return { account: fileAccount(limits), name, importer, error, bytes: 0, sha256: '' }
}
