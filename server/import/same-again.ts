import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { ScopeId } from '../../graph/known.ts'
import type { FileMessage } from '../../importers/read/messages.ts'
import { safeLabel } from '../../importers/read/second-net.ts'
import type { KeptScope } from '../estate/kept-scope.ts'
import type { ImportDraft } from '../store/contract.ts'
import { checkOf } from '../store/hashing.ts'
import type { ImportRoom } from './import-plan.ts'
import type { Source } from './read-files.ts'
import { walkFiles } from './walk-files.ts'

/** What these say follows from a file's bytes, its name, and what the user called the scope; from nothing else. */
const bytesAlone = new Set(['bundle'])

/**
 * Names a reading of one file, so that it is known again; undefined where its bytes are not all that counts. Read by an
 * importer that a person chose for it, it is another reading than by the one that its bytes name.
 */
export function readingOf(
  room: Pick<ImportRoom, 'version'>,
  files: readonly FileMessage[],
  sources: readonly Source[],
  scopeName: string | undefined,
): ImportDraft['reading'] {
  const [file] = files
  if (files.length !== 1 || !file || file.importer === null || !bytesAlone.has(file.importer)) return undefined
  if (file.sha256 === '' || file.error !== undefined) return undefined
  return { key: keyOf(room, file, chosenFor(sources), scopeName), file: JSON.stringify(file) }
}

function keyOf(
  { version }: Pick<ImportRoom, 'version'>,
  { name, sha256 }: Pick<FileMessage, 'name' | 'sha256'>,
  chosen: string | undefined,
  scopeName: string | undefined,
): string {
  // As it was before there was a choice in it: readings of older stores are still known.
  return checkOf(version, name, sha256, scopeName ?? null, ...(chosen === undefined ? [] : [chosen]))
}

/** The importer that a person chose for the only file. */
function chosenFor([source]: readonly Source[]): string | undefined {
  return source && 'open' in source ? source.importer : undefined
}

export interface SameAgain {
  readonly id: ScopeId
  readonly scope: KeptScope
  readonly file: FileMessage
}

/**
 * A scope that was made of this very file, alone, and is still what that said: then it need not be read. Whether it is
 * the same file its bytes tell; they are looked at only where name and size are those of one that was read.
 */
export async function sameAgain(
  room: ImportRoom,
  sources: readonly Source[],
  scopeName: string | undefined,
): Promise<SameAgain | undefined> {
  const read = [...(room.keeper.kept?.() ?? [])].filter(([, { manifest }]) => manifest.reading !== undefined)
  const source = read.length > 0 ? await onlyFile(sources) : undefined
  if (!source) return undefined
  for (const [id, scope] of read) {
    const file = JSON.parse(scope.manifest.reading!.file) as FileMessage
    if (file.name !== source.name || file.bytes !== source.size) continue
    const now = { name: source.name, sha256: await digestOf(source.open()) }
    if (keyOf(room, now, chosenFor(sources), scopeName) === scope.manifest.reading!.key) return { id, scope, file }
  }
  return undefined
}

interface OnlyFile {
  readonly name: string
  readonly size: number
  open(): AsyncIterable<Uint8Array>
}

async function onlyFile(sources: readonly Source[]): Promise<OnlyFile | undefined> {
  const [source] = sources
  if (sources.length !== 1 || !source) return undefined
  if ('open' in source) {
    const { name, size } = source
    return size === undefined ? undefined : { name: safeLabel(name), size, open: () => source.open() }
  }
  let found: OnlyFile | undefined
  for await (const { path, name, size, error } of walkFiles(source.path)) {
    if (found || error !== undefined || size === undefined) return undefined
    found = { name: safeLabel(name), size, open: () => createReadStream(path, { highWaterMark: 1 << 20 }) }
  }
  return found
}

async function digestOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of bytes) hash.update(chunk)
  return hash.digest('hex')
}
