import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { FileResult, ImportReply, Snapshot } from '../../graph/wire.ts'
import { clean } from './clean.ts'
import { jsonText } from './json-text.ts'
import { openDesk } from './open-desk.ts'
import { exitCodes } from './exit-codes.ts'
import { importProgress } from './import-progress.ts'
import type { Print } from './print.ts'
import { UsageProblem } from './usage-problem.ts'

export interface ImportOptions {
  readonly dataDir?: string
  readonly paths: readonly string[]
  readonly dryRun?: boolean
  readonly acceptRetire?: number
  readonly scope?: string
  readonly json?: boolean
}

/** Reads, shows what was understood, and makes it true; beyond the retire guard only with the number it showed. */
export async function importPaths(print: Print, options: ImportOptions): Promise<number> {
  const { paths, dryRun = false, acceptRetire, scope, json = false, ...given } = options
  for (const path of paths) mustExist(path)
  const desk = await openDesk(given, { forImport: true })
  try {
    const progress = importProgress(print)
    let reply: ImportReply
    try {
      reply = await desk.readImport(
        paths.map((path) => ({ path: resolve(path) })),
        { scopeName: scope, onProgress: progress.show },
      )
    } finally {
      progress.stop()
    }
    const waits = reply.guard !== null && reply.guard.retired !== acceptRetire
    if (dryRun || waits) await desk.cancelImport(reply.id)
    else reply = await desk.commitImport(reply.id, acceptRetire)
    if (json) print.line(jsonText(reply))
    else printReport(print, reply, { dryRun, waits, server: desk.server })
    return exitCodeOf(reply, waits && !dryRun)
  } finally {
    await desk.close()
  }
}

function mustExist(path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })) {
    throw new UsageProblem(`${clean(path)}: there is no such file or folder`, 'check the path')
  }
}

/** Where nothing was imported a script must not go on: no file was recognised, or none held anything (2). */
function exitCodeOf({ files, scopes }: ImportReply, waits: boolean): number {
  const recognised = files.filter(({ importer }) => importer !== null)
  if (waits || recognised.length === 0) return exitCodes.wrongUse
  if (recognised.some(({ error }) => error !== undefined)) return exitCodes.ourFailure
  return scopes.length === 0 ? exitCodes.wrongUse : exitCodes.done
}

/** The reason behind a name under “Not recognised”, which says so already. */
function whyNot(reason: string | undefined): string {
  return reason === undefined ? '' : `: ${clean(reason.replace(/^Not recognised: /, ''))}`
}

interface Circumstances {
  readonly dryRun: boolean
  readonly waits: boolean
  readonly server: string | undefined
}

function printReport(print: Print, reply: ImportReply, { dryRun, waits, server }: Circumstances): void {
  const { bold } = print.paint
  const known = reply.files.filter(({ importer }) => importer !== null)
  const unknown = reply.files.filter(({ importer }) => importer === null)
  for (const file of known) printFile(print, file)
  if (unknown.length > 0) {
    print.line(bold(`Not recognised: ${unknown.length} ${unknown.length === 1 ? 'file' : 'files'}`))
    for (const { name, error, notes } of unknown) print.line(`  ${clean(name)}${whyNot(error ?? notes[0])}`)
  }
  if (reply.scopes.length > 0) print.line(bold(dryRun || waits ? 'What it would change' : 'What it changed'))
  for (const scope of reply.scopes) {
    const listing = scope.complete ? 'complete' : scope.nature === 'log' ? 'log' : 'partial'
    print.line(
      `  ${clean(scope.title)} (${scope.importer}, ${listing}): ${scope.changed ? changeWords(scope) : 'unchanged'}`,
    )
  }
  const sum = (of: (file: FileResult) => number): number => known.reduce((total, file) => total + of(file), 0)
  const skipped = sum(skippedOf)
  print.line(
    `${known.length} of ${reply.files.length} files recognised; ${sum(({ mapped }) => mapped)} of ${sum(({ read }) => read)} records understood` +
      `${sum(({ merged }) => merged) > 0 ? `, ${sum(({ merged }) => merged)} repeated` : ''}${skipped > 0 ? `, ${skipped} skipped` : ''}.`,
  )
  if (waits) {
    print.line(bold(clean(reply.guard!.words)))
    if (!dryRun) print.line(`Nothing was imported. To go on: --accept-retire ${reply.guard!.retired}`)
  }
  if (dryRun) print.line('Nothing was imported: this was a dry run.')
  else if (!waits && reply.after) print.line(outcomeWords(reply.after, reply.scopes))
  if (server) print.line(`Done by ${server}.`)
}

function outcomeWords({ id, entities }: Snapshot, scopes: ImportReply['scopes']): string {
  if (scopes.length === 0) return 'Nothing was imported: no file held anything about credentials.'
  return scopes.some(({ changed }) => changed)
    ? `Imported: snapshot ${id}, ${entities} things.`
    : `Nothing new: still snapshot ${id}, ${entities} things.`
}

const skippedOf = ({ skipped }: FileResult): number => skipped.reduce((total, { count }) => total + count, 0)
const PLACES = 3

function printFile(print: Print, file: FileResult): void {
  const { bold, dim } = print.paint
  const state = file.unchanged ? ', imported before' : ''
  const repeated = file.merged > 0 ? `, ${file.merged} repeated` : ''
  print.line(
    `${bold(clean(file.name))}  ${file.importer!.title}: ${file.mapped} of ${file.read} understood${repeated}${state}`,
  )
  if (file.error !== undefined) print.line(`  not read to its end: ${clean(file.error)}`)
  for (const { words, count, where } of file.skipped) {
    const more = where.length > PLACES || count > where.length ? ', …' : ''
    print.line(`  skipped ${count}: ${words} ${dim(`(${where.slice(0, PLACES).map(clean).join(', ')}${more})`)}`)
  }
  for (const note of file.notes) print.line(`  ${dim(clean(note))}`)
}

function changeWords({ entities, relationships }: ImportReply['scopes'][number]): string {
  const words = (change: typeof entities, what: string): string[] => {
    const parts = (['added', 'changed', 'retired'] as const).filter((sort) => change[sort] > 0)
    return parts.length > 0 ? [`${what} ${parts.map((sort) => `${change[sort]} ${sort}`).join(', ')}`] : []
  }
  const all = [...words(entities, 'things'), ...words(relationships, 'relationships')]
  return all.length > 0 ? all.join('; ') : 'the same facts, as of now (`keyfall sources`)'
}
