import type { Importer } from '../importer.ts'
import { collect } from './collect.ts'
import { mutated, type Mutation } from './mutate.ts'
import { rawFile } from './raw-file.ts'
import { ReadError } from './read-error.ts'
import { runImporters } from './run-importers.ts'

/** What went wrong with a damaged file, one line each; all empty is what is wanted. */
export interface Faults {
  /** Anything thrown that is no `ReadError`, from `detect`, `file` or `end`, with the place in our code. */
  readonly crashes: string[]
  /** Files whose records do not add up. */
  readonly unaccounted: string[]
  /** Skipped records without file or position. */
  readonly placeless: string[]
  /** Facts that lost a field or were dropped because a text looked like a secret value. */
  readonly defects: string[]
  /** Reasons, places or errors that quote a canary of the file. Notes may name what a damaged file calls a name. */
  readonly leaks: string[]
}

/**
 * Reads `count` damaged copies of an importer's files, each together with the files that are whole, as an import would.
 * The importer is made to read the damaged file even where the damage keeps it from being recognised.
 * @param seed of the first copy; copy `i` has `seed + i`. A fault names its seed: `mutated(bytes, seed)` makes it again.
 */
export async function faultsOfMutated(
  importer: Importer,
  files: ReadonlyMap<string, Uint8Array>,
  { count, seed = 0 }: { readonly count: number; readonly seed?: number },
): Promise<Faults> {
  const names = [...files.keys()].filter((name) => files.get(name)!.length > 0)
  if (names.length === 0) throw new Error(`${importer.id} has no fixtures to damage.`)
  const faults: Faults = { crashes: [], unaccounted: [], placeless: [], defects: [], leaks: [] }
  for (let i = 0; i < count; i++) {
    const name = names[i % names.length]!
    await readOne(importer, files, name, mutated(files.get(name)!, seed + i), `seed ${seed + i}`, faults)
  }
  return faults
}

async function readOne(
  importer: Importer,
  files: ReadonlyMap<string, Uint8Array>,
  name: string,
  { how, bytes }: Mutation,
  seed: string,
  faults: Faults,
): Promise<void> {
  const at = `${importer.id} ${name}, ${how}, ${seed}`
  const all = new Map(files).set(name, bytes)
  const found = await collect(
    runImporters(
      [...all].map(([file, content]) => rawFile(`mutated/${file}`, content)),
      {
        importers: [watched(importer, `mutated/${name}`, (crash) => faults.crashes.push(`${at}: ${crash}`))],
        fingerprintKey: new Uint8Array(32).fill(7),
      },
    ),
  )
  for (const file of found.files) {
    if (file.error?.includes('mistake of ours')) faults.unaccounted.push(`${at}: ${file.name}: ${file.error}`)
    for (const { reason, count, where } of file.skipped)
      if (where.length === 0 || where.length < Math.min(count, 100) || where.some((place) => place.trim() === ''))
        if (reason !== 'empty') faults.placeless.push(`${at}: ${file.name}: ${reason} at "${where.join('", "')}"`)
    const said = JSON.stringify([file.error, file.skipped])
    if (said.includes('CANARY')) faults.leaks.push(`${at}: ${file.name}`)
  }
  for (const { defects } of found.scopes)
    for (const { detector, field } of defects)
      // A name of thousands of characters makes no fact: named in the report of the scope, and as it should be.
      if (detector !== 'length of an id') faults.defects.push(`${at}: ${detector} in ${field}`)
}

/** The importer as it is, but it can't leave the damaged file unread, and whoever asks hears what it throws. */
function watched(importer: Importer, name: string, crashed: (words: string) => void): Importer {
  const caught = (error: unknown): never => {
    if (!(error instanceof ReadError)) crashed(placeOf(error))
    throw error
  }
  return {
    ...importer,
    detect(probe) {
      try {
        const score = importer.detect(probe)
        return probe.name === name ? Math.max(score, 0.01) : score
      } catch (error) {
        return caught(error)
      }
    },
    begin(context) {
      const run = importer.begin(context)
      return {
        file: (input, report) => run.file(input, report).catch(caught),
        end: async () => {
          try {
            await run.end()
          } catch (error) {
            caught(error)
          }
        },
      }
    },
  }
}

/** Class of the error and the first places of ours; the message may quote the file, which is a test's own. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const places = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.includes('/importers/') || line.includes('/graph/'))
  return `${error.name}: ${error.message.slice(0, 120)} ${places.slice(0, 2).join(' ').trim()}`
}
