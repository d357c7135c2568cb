import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Finding } from '../contract.ts'
import { isStoreError } from '../errors.ts'
import { checkOf, rootOf, sha256, unpacked } from '../hashing.ts'
import { closeReading, openDatabase, translated, type Database, type Row } from '../sqlite-driver.ts'
import { storedSegment } from './imports.ts'
import { readAllImports, readImports, readScopes } from './rows.ts'

/**
 * The same of a file that another process may have open, or that is too damaged to be opened as a store: all of it at
 * one moment, and nothing is written. Undefined where nothing was ever stored. Throws a `StoreError` where it cannot be
 * read for another reason than damage.
 */
export function verifyStoreFile(path: string): AsyncGenerator<Finding> | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size ? verifiedApart(path) : undefined
}

async function* verifiedApart(path: string): AsyncGenerator<Finding> {
  let database: Database | undefined
  try {
    database = openDatabase(path)
    database.exec('BEGIN')
    yield* verifyStore(database)
  } catch (error) {
    const meaning = translated(path, error)
    if (!isStoreError(meaning, 'CorruptSegment')) throw meaning
    yield { what: 'file', id: basename(path), words: meaning.message }
  } finally {
    if (database) closeReading(database)
  }
}

/** Everything that is stored against its hash. Reads one thing at a time and lets others run in between. */
export async function* verifyStore(database: Database): AsyncGenerator<Finding> {
  yield* structure(database)
  const scopes = yield* attempt('scope', 'all', () => readScopes(database))
  for (const { scope } of scopes ?? []) yield* attempt('import', scope, () => readImports(database, scope))
  const imports = yield* attempt('import', 'all', () => readAllImports(database))
  const seen = new Set<string>()
  // Newest first: a segment that many imports have is named after the one that is believed.
  for (const { id, segments, root, scopeTitle, at } of [...(imports ?? [])].reverse()) {
    const of = `of ${scopeTitle}, as imported ${at}`
    if (rootOf(segments) !== root) yield { what: 'import', id, words: `${of}: the root is not that of its segments` }
    for (const [bucket, hash] of segments.entries()) {
      if (seen.has(hash)) continue
      seen.add(hash)
      const stored = storedSegment(database, hash)
      if (!stored) yield { what: 'segment', id: hash, words: `${of}: missing` }
      else if (!(await isWhole(bucket, hash, stored)))
        yield { what: 'segment', id: hash, words: `${of}: not what was stored` }
    }
  }
  yield* guardedRows(database)
}

function* structure(database: Database): Generator<Finding> {
  for (const row of database.prepare('PRAGMA integrity_check(20)').all() as Row[]) {
    const words = String(row['integrity_check'])
    if (words !== 'ok') yield { what: 'file', id: 'store.db', words }
  }
}

function* attempt<T>(what: Finding['what'], id: string, read: () => T): Generator<Finding, T | undefined> {
  try {
    return read()
  } catch (error) {
    yield { what, id, words: isStoreError(error) ? error.message : 'cannot be read' }
    return undefined
  }
}

async function isWhole(bucket: number, hash: string, { codec, bytes }: { codec: unknown; bytes: Uint8Array }) {
  return unpacked(bucket, hash, codec, bytes).then(
    () => true,
    () => false,
  )
}

function* guardedRows(database: Database): Generator<Finding> {
  for (const row of database.prepare('SELECT * FROM doc').iterate() as IterableIterator<Row>)
    if (row['sum'] !== checkOf(row['kind'], row['id'], row['version'], sha256(row['bytes'] as Uint8Array)))
      yield { what: 'document', id: `${String(row['kind'])}/${String(row['id'])}`, words: 'not what was stored' }
  for (const row of database.prepare('SELECT * FROM audit').iterate() as IterableIterator<Row>)
    if (row['sum'] !== checkOf(row['chain'], row['seq'], row['body']))
      yield { what: 'audit', id: `${String(row['chain'])}/${String(row['seq'])}`, words: 'not what was stored' }
}
