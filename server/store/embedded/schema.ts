import { StoreError } from '../errors.ts'
import { transaction, type Database, type Row } from '../sqlite-driver.ts'

const SCHEMA_VERSION = 1

/**
 * `sum` guards the other columns of its row (hashing.ts, `checkOf`): SQLite's own check does not see content that
 * flipped. Which segments an import has stands in the import alone, so that garbage is never judged by a second copy
 * of the truth.
 */
const tables = `
  CREATE TABLE segment (hash TEXT PRIMARY KEY, codec TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE import (
    id TEXT PRIMARY KEY, scope TEXT NOT NULL, seq INTEGER NOT NULL UNIQUE, manifest TEXT NOT NULL, sum TEXT NOT NULL
  ) STRICT;
  CREATE INDEX import_scope ON import (scope, seq);
  CREATE TABLE scope (
    id TEXT PRIMARY KEY, head TEXT NOT NULL REFERENCES import (id), generation INTEGER NOT NULL,
    seq INTEGER NOT NULL, imports INTEGER NOT NULL, sum TEXT NOT NULL
  ) STRICT;
  CREATE TABLE doc (
    kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, bytes BLOB NOT NULL, sum TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT;
  CREATE TABLE audit (
    chain TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, sum TEXT NOT NULL, PRIMARY KEY (chain, seq)
  ) STRICT;
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL, sum TEXT NOT NULL) STRICT;
`

/** Makes the tables in an empty file; refuses one that a later version wrote. */
export function prepareSchema(database: Database, path: string): void {
  const version = Number((database.prepare('PRAGMA user_version').get() as Row)['user_version'])
  const made = Number((database.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as Row)['n'])
  if (version > SCHEMA_VERSION)
    throw new StoreError('SchemaTooNew', `${path} has version ${version}; this Keyfall knows ${SCHEMA_VERSION}.`)
  if ((version === 0) !== (made === 0)) throw new StoreError('CorruptSegment', `${path} does not hold what it should.`)
  if (version === 0)
    transaction(database, () => {
      database.exec(tables)
      database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
    })
  const [first] = database.prepare('PRAGMA quick_check(1)').all() as Row[]
  if (first?.['quick_check'] !== 'ok') throw new StoreError('CorruptSegment', `${path} is damaged.`)
}
