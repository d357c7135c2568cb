import { chmodSync, closeSync, openSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { verifyStoreFile } from '../store/embedded/verify.ts'
import { backupDatabase, translated } from '../store/sqlite-driver.ts'
import { clean } from './clean.ts'
import { exitCodes } from './exit-codes.ts'
import { jsonText } from './json-text.ts'
import type { Print } from './print.ts'
import { UsageProblem } from './usage-problem.ts'

/**
 * Copies the embedded store at one moment into a new file, for its owner alone, and verifies the copy. A server may
 * have the store meanwhile. A sealed one stays sealed. Exit code 0: the copy is whole.
 */
export async function backup(
  print: Print,
  { file, json = false, ...given }: { file: string; json?: boolean; dataDir?: string },
): Promise<number> {
  const { neo4j, dataDir } = readConfig(process.env, given)
  if (neo4j)
    throw new UsageProblem(
      'the store is in Neo4j, which makes its own backups',
      'neo4j-admin database backup (Enterprise), or with Neo4j stopped: neo4j-admin database dump neo4j --to-path=DIR',
    )
  const from = join(dataDir, 'store.db')
  const to = resolve(file)
  if (!statSync(from, { throwIfNoEntry: false })?.size)
    throw new UsageProblem(`${clean(dataDir)} holds no store`, 'name its folder with --data')
  makeNew(to, file)
  // Verifying opens it, and what was read of it is let go when this process ends.
  process.once('exit', () => {
    for (const beside of [`${to}-wal`, `${to}-shm`]) rmSync(beside, { force: true })
  })
  try {
    await backupDatabase(from, to)
    chmodSync(to, 0o600)
    for await (const { what, words } of verifyStoreFile(to) ?? []) {
      print.aside(clean(`keyfall: ${what}: ${words}`))
      print.aside('  The copy is kept; so was the store damaged: keyfall verify')
      return exitCodes.ourFailure
    }
  } catch (error) {
    rmSync(to, { force: true })
    throw translated(to, error)
  }
  if (json) {
    print.line(jsonText({ file: to, bytes: statSync(to).size }))
    return exitCodes.done
  }
  print.line(`${clean(file)}: ${(statSync(to).size / 1_000_000).toFixed(1)} MB, whole and verified.`)
  print.line('To restore: put it as store.db into a new data directory (chmod 700), and start with --data.')
  print.line('Not in it, back them up too: the audit key and the fingerprint key (~/.config/keyfall), checkpoints.ndjson and audit-chain of the data directory.') // prettier-ignore
  return exitCodes.done
}

/** For its owner alone from the first byte on: it is a map of who can reach what. */
function makeNew(to: string, shown: string): void {
  try {
    closeSync(openSync(to, 'wx', 0o600))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    if (code === 'EEXIST') throw new UsageProblem(`${clean(shown)} is there already`, 'name a new file')
    throw new UsageProblem(`${clean(shown)} cannot be made (${code})`, 'name a file in a folder that is there')
  }
}
