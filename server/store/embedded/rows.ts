import type { ScopeId } from '../../../graph/known.ts'
import type { Head, ImportId, ImportManifest } from '../contract.ts'
import { StoreError } from '../errors.ts'
import { checkOf } from '../hashing.ts'
import type { Database, Row } from '../sqlite-driver.ts'

/** A scope's row: its head, and how many imports of it are kept, so that a lost row of history is noticed. */
export interface ScopeRow extends Head {
  readonly scope: ScopeId
  readonly imports: number
}

const lost = (what: string): StoreError => new StoreError('CorruptSegment', `${what} is not what was stored.`)

function scopeRow(row: Row): ScopeRow {
  const [scope, importId] = [String(row['id']), String(row['head'])]
  const [generation, seq, imports] = [Number(row['generation']), Number(row['seq']), Number(row['imports'])]
  if (row['sum'] !== checkOf(scope, importId, generation, seq, imports)) throw lost('The head of a scope')
  return { scope, importId, generation, seq, imports }
}

export function readScope(database: Database, scope: ScopeId): ScopeRow | undefined {
  const row = database.prepare('SELECT * FROM scope WHERE id = ?').get(scope) as Row | undefined
  return row && scopeRow(row)
}

/** All scopes; their number is kept apart, so that one that vanished is not taken for one that never was. */
export function readScopes(database: Database): readonly ScopeRow[] {
  const rows = (database.prepare('SELECT * FROM scope ORDER BY id').all() as Row[]).map(scopeRow)
  if (new Set(rows.map(({ scope }) => scope)).size !== readNumber(database, 'scopes')) throw lost('The list of scopes')
  return rows
}

export function writeScope(database: Database, { scope, importId, generation, seq, imports }: ScopeRow): void {
  const fresh = readScope(database, scope) === undefined
  database
    .prepare('INSERT OR REPLACE INTO scope (id, head, generation, seq, imports, sum) VALUES (?, ?, ?, ?, ?, ?)')
    .run(scope, importId, generation, seq, imports, checkOf(scope, importId, generation, seq, imports))
  if (fresh) writeNumber(database, 'scopes', readNumber(database, 'scopes') + 1)
}

/** A counter; 0 where it was never written. */
export function readNumber(database: Database, key: string): number {
  const row = database.prepare('SELECT value, sum FROM meta WHERE key = ?').get(key) as Row | undefined
  if (!row) return 0
  if (row['sum'] !== checkOf(key, row['value'])) throw lost(`The counter "${key}"`)
  return Number(row['value'])
}

export function writeNumber(database: Database, key: string, value: number): void {
  database
    .prepare('INSERT OR REPLACE INTO meta (key, value, sum) VALUES (?, ?, ?)')
    .run(key, String(value), checkOf(key, String(value)))
}

function manifestOf(row: Row): ImportManifest {
  const text = String(row['manifest'])
  if (row['sum'] !== checkOf(row['id'], row['scope'], row['seq'], text)) throw lost('The record of an import')
  return JSON.parse(text) as ImportManifest
}

export function readImport(database: Database, id: ImportId): ImportManifest | undefined {
  const row = database.prepare('SELECT * FROM import WHERE id = ?').get(id) as Row | undefined
  return row && manifestOf(row)
}

export function readAllImports(database: Database): readonly ImportManifest[] {
  return (database.prepare('SELECT * FROM import ORDER BY seq').all() as Row[]).map(manifestOf)
}

/** The first import after this place in the order of the store. */
export function readImportAfter(database: Database, seq: number): ImportManifest | undefined {
  const row = database.prepare('SELECT * FROM import WHERE seq > ? ORDER BY seq LIMIT 1').get(seq) as Row | undefined
  return row && manifestOf(row)
}

/** One after the other: all at once they may be larger than what they are about. */
export function* readImportsAfter(database: Database, seq: number): Generator<ImportManifest> {
  for (let next = readImportAfter(database, seq); next; next = readImportAfter(database, next.seq)) yield next
}

/** Newest first. */
export function readImports(database: Database, scope: ScopeId): readonly ImportManifest[] {
  const rows = database.prepare('SELECT * FROM import WHERE scope = ? ORDER BY seq DESC').all(scope) as Row[]
  const kept = readScope(database, scope)?.imports ?? 0
  if (rows.length !== kept) throw lost(`The history of a scope`)
  return rows.map(manifestOf)
}

export function writeImport(database: Database, manifest: ImportManifest): void {
  const text = JSON.stringify(manifest)
  database
    .prepare('INSERT INTO import (id, scope, seq, manifest, sum) VALUES (?, ?, ?, ?, ?)')
    .run(manifest.id, manifest.scope, manifest.seq, text, checkOf(manifest.id, manifest.scope, manifest.seq, text))
}
