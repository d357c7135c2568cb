import { lossReasons, skipReasons, type Loss } from '../../graph/facts.ts'
import type { DeltaCounts } from '../../graph/delta.ts'
import { scopeId, type KnownFacts, type ScopeId } from '../../graph/known.ts'
import { startMerge } from '../../graph/merge.ts'
import type { FileResult } from '../../graph/wire.ts'
import type { Importer } from '../../importers/importer.ts'
import { joinDays } from '../../graph/log-days.ts'
import type { FileMessage } from '../../importers/read/messages.ts'
import type { Coverage, ImportDraft, ImportedFile } from '../store/contract.ts'
import { standsOnTheSame, writeHashed } from '../store/scope-facts.ts'
import type { CommittedScope } from './undo-import.ts'
import { retireGuard } from './job-guard.ts'
import { overHead } from './job-over-head.ts'
import { withoutFiles } from './job-sources.ts'
import type { ImportPlan, ImportRoom, ReadOptions, ScopePlan } from './import-plan.ts'
import { placedSources, planApart } from './plan-apart.ts'
import type { KeptScope } from '../estate/keeper.ts'
import { sameFiles } from '../estate/same-files.ts'
import { readAll, type Reading, type ReadScope } from './read-all.ts'
import type { Source } from './read-files.ts'
import { readingOf, sameAgain, type SameAgain } from './same-again.ts'
import { flatContent, knownContent, knownFacts, type ScopeContent } from './scope-content.ts'

/** Reads the sources in a child process and plans each scope against what is known of it now. */
export async function planImport(
  room: ImportRoom,
  sources: readonly Source[],
  options: ReadOptions,
): Promise<ImportPlan> {
  await room.keeper.reload()
  const placed = placedSources(room, sources)
  if (placed) return planApart(room, placed, options)
  const same = await sameAgain(room, sources, options.scopeName)
  if (same) return unchangedPlan(room, same)
  const read = await readAll(room, sources, options)
  const repeated = knownFilesOfMixedLogs(room, read)
  const fresh = repeated.size > 0 ? await readAll(room, await withoutFiles(sources, repeated), options) : undefined
  const scopes: ScopePlan[] = []
  const filesOnce = sameFiles()
  for (const scope of read.scopes.values()) {
    const { draft, ...planned } = await planScope(room, scope, read, fresh, (files) =>
      readingOf(room, files, sources, options.scopeName),
    )
    // A list for each of hundreds of scopes would stop whoever takes the plan over from this thread.
    scopes.push({ ...planned, draft: { ...draft, files: filesOnce(draft.files) } })
  }
  const sizeNow = ({ scope }: ScopePlan): number => room.keeper.scope(scope)?.manifest.counts.entities ?? 0
  return {
    files: read.files.map((file) => fileResult(room, file, scopes)),
    scopes,
    guard: retireGuard(
      scopes.map((plan) => ({
        title: plan.draft.scopeTitle,
        retired: plan.changed ? plan.entities.retired : 0,
        of: sizeNow(plan),
      })),
    ),
  }
}

/**
 * Makes the plan true, scope by scope, each all or nothing; then the estate is made anew. Rejects with `ScopeMoved`
 * when somebody else imported a scope since it was planned: what was committed before that stays, and reading the
 * same files again finishes the rest.
 * Returns what it wrote over what, for an undo.
 */
export async function commitImport(room: ImportRoom, plan: ImportPlan): Promise<readonly CommittedScope[]> {
  const committed: CommittedScope[] = []
  const writeAll = async (): Promise<void> => {
    for (const { scope, changed, draft, segments, expected } of plan.scopes) {
      if (!changed) continue
      const before = room.keeper.scope(scope)?.head.importId
      const written = await writeHashed(room.store, draft, segments(), expected, true)
      if (written.changed) committed.push({ scope, importId: written.manifest.id, before })
    }
  }
  await room.keeper.afterAll(writeAll)
  return committed
}

// ------------------------------------------------------------------ what was imported before

function filesOf(reading: Reading, importer: string): readonly FileMessage[] {
  return reading.files.filter((file) => file.importer === importer && file.sha256 !== '')
}

const hashesOf = new WeakMap<readonly ImportedFile[], ReadonlySet<string>>()
const none: ReadonlySet<string> = new Set()

/** Hashes of files whose records are in a log scope already. A file counts for every scope of its import. */
function imported(room: ImportRoom, scope: ScopeId): ReadonlySet<string> {
  const files = room.keeper.scope(scope)?.manifest.files
  if (!files) return none
  // Asked for each file of an import, and of each of its scopes.
  const hashes = hashesOf.get(files) ?? new Set(files.map(({ sha256 }) => sha256))
  hashesOf.set(files, hashes)
  return hashes
}

type Overlap = 'none' | 'some' | 'all'

function overlap(room: ImportRoom, scope: ScopeId, files: readonly FileMessage[]): Overlap {
  const before = imported(room, scope)
  const known = files.filter(({ sha256 }) => before.has(sha256)).length
  return known === 0 ? 'none' : known === files.length ? 'all' : 'some'
}

/**
 * Adding a log twice would count its uses twice. Where new files of a log come together with ones that were imported
 * before, the new ones are read once more by themselves; this finds the names of the others. An archive counts as
 * known when all of its entries are: one that brings anything new is read again as a whole.
 */
function knownFilesOfMixedLogs(room: ImportRoom, reading: Reading): ReadonlySet<string> {
  const known = new Set<string>()
  const bringsNew = new Set<string>()
  for (const [id, { said }] of reading.scopes) {
    if (said.scope.nature !== 'log') continue
    const files = filesOf(reading, said.scope.importer)
    if (overlap(room, id, files) !== 'some') continue
    const before = imported(room, id)
    for (const { name, sha256 } of files) (before.has(sha256) ? known : bringsNew).add(outermost(name))
  }
  for (const name of bringsNew) known.delete(name)
  return known
}

/** `logs.zip` of `logs.zip!/2024/a.json`. */
function outermost(name: string): string {
  return name.split('!/')[0]!
}

// ------------------------------------------------------------------ planning

async function planScope(
  room: ImportRoom,
  read: ReadScope,
  all: Reading,
  fresh: Reading | undefined,
  readingOfAll: (files: readonly FileMessage[]) => ImportDraft['reading'],
): Promise<ScopePlan> {
  const { scope: about } = read.said
  const id = scopeId(about.importer, about.id)
  const head = room.keeper.scope(id)
  const files = filesOf(all, about.importer)
  const content = await contentAfter(room, id, read, files, fresh, head)
  const { entities, relationships } = content.change
  const complete = about.complete && about.nature !== 'log'
  const draft = draftOf(room, read, {
    files,
    head: head?.manifest.files ?? [],
    before: head?.manifest.coverage,
    complete,
    content,
  })
  const changed = head
    ? sumOf(entities) + sumOf(relationships) > 0 ||
      !standsOnTheSame(head.manifest, draft) ||
      saysAllAgain(about.nature, complete, files, head.manifest)
    : complete || content.entities > 0
  const reading = complete && all.scopes.size === 1 ? readingOfAll(all.files) : undefined
  const segments = () => content.segments()
  return {
    scope: id,
    draft: { ...draft, ...(reading && { reading }) },
    segments,
    expected: head?.head.generation ?? 0,
    changed,
    entities,
    relationships,
  }
}

function unchangedPlan(room: ImportRoom, { id, scope: { head, manifest }, file }: SameAgain): ImportPlan {
  const none: DeltaCounts = { added: 0, changed: 0, retired: 0 }
  const scopes: ScopePlan[] = [
    {
      scope: id,
      draft: manifest,
      segments: () => [],
      expected: head.generation,
      changed: false,
      entities: none,
      relationships: none,
    },
  ]
  return { files: [fileResult(room, file, scopes)], scopes, guard: null }
}

const sumOf = ({ added, changed, retired }: DeltaCounts): number => added + changed + retired

/** Where what was read replaces what is known it stays flat; where it is joined to that, both become objects. */
async function contentAfter(
  room: ImportRoom,
  id: ScopeId,
  read: ReadScope,
  files: readonly FileMessage[],
  fresh: Reading | undefined,
  head: KeptScope | undefined,
): Promise<ScopeContent> {
  const { nature, complete } = read.said.scope
  if (!head || (nature !== 'log' && complete)) return flatContent(read.facts, head)
  const known = await head.known()
  return knownContent(knownAfter(room, id, read, files, fresh, known), known)
}

function knownAfter(
  room: ImportRoom,
  id: ScopeId,
  read: ReadScope,
  files: readonly FileMessage[],
  fresh: Reading | undefined,
  head: KnownFacts,
): KnownFacts {
  if (read.said.scope.nature !== 'log')
    return overHead(head, knownFacts(read.facts), new Set(files.map(({ name }) => name)))
  const how = overlap(room, id, files)
  if (how === 'all') return head
  const added = how === 'none' ? read.facts : fresh?.scopes.get(id)?.facts
  const merge = startMerge()
  merge.known(head)
  if (added) merge.known(knownFacts(added))
  return merge.finish()
}

function draftOf(
  room: ImportRoom,
  { said }: ReadScope,
  now: {
    files: readonly FileMessage[]
    head: readonly ImportedFile[]
    before: Coverage | undefined
    complete: boolean
    content: ScopeContent
  },
): ImportDraft {
  const { scope } = said
  const sum = (of: (file: FileMessage) => number): number => now.files.reduce((total, file) => total + of(file), 0)
  return {
    scope: scopeId(scope.importer, scope.id),
    scopeTitle: scope.title,
    importer: scope.importer,
    importerVersion: room.version,
    nature: scope.nature,
    complete: now.complete,
    // What replaced the scope came from these files alone; what was added to it also stands on the earlier ones.
    files: now.complete
      ? now.files.map(importedFile)
      : joinedFiles(now.head, now.files.map(importedFile), scope.nature),
    at: room.now(),
    counts: {
      entities: now.content.entities,
      relationships: now.content.relationships,
      read: sum(({ read }) => read),
      mapped: sum(({ mapped }) => mapped),
      merged: sum(({ merged }) => merged),
      skipped: sum(({ skipped }) => skipped.reduce((total, { count }) => total + count, 0)),
    },
    coverage: {
      blindTo: importerOf(room, scope.importer)?.blindTo ?? [],
      listed: [{ what: scope.id, finished: now.complete }],
      loss: readAnew(scope.nature, now) ? lossOf(now.files, undefined) : lossOf(newFiles(now), now.before?.loss),
      ...(scope.nature === 'log' && daysOf(said.days, now.before?.days)),
    },
  }
}

/** What adds no day, as its events have no time, takes none away: a gap that is known stays one. */
function daysOf(said: Coverage['days'], before: Coverage['days']): Pick<Coverage, 'days'> {
  return said || before ? { days: joinDays(said ?? [], before ?? []) } : {}
}

/** Is everything that the scope stands on among these files, so that what was lost of them once does not count? */
function readAnew(
  nature: string,
  { complete, files, head }: { complete: boolean; files: readonly FileMessage[]; head: readonly ImportedFile[] },
): boolean {
  const names = new Set(files.map(({ name }) => name))
  return nature !== 'log' && (complete || head.every(({ name }) => names.has(name)))
}

/**
 * A listing of all that is known, made later, which is as good as the one before: it says the same as of now. The same
 * bytes may as well be an old file that some collector hands in day by day: they leave its age as it was.
 */
function saysAllAgain(
  nature: string,
  complete: boolean,
  files: readonly FileMessage[],
  before: Pick<KeptScope['manifest'], 'complete' | 'files'>,
): boolean {
  if (nature === 'log' || newFiles({ files, head: before.files }).length === 0) return false
  return complete || (!before.complete && readAnew(nature, { complete, files, head: before.files }))
}

/** Without those that are in it already. */
function newFiles({ files, head }: { files: readonly FileMessage[]; head: readonly ImportedFile[] }): FileMessage[] {
  const known = new Set(head.map(({ sha256 }) => sha256))
  return files.filter(({ sha256 }) => !known.has(sha256))
}

/** What was lost of these files, on top of what was lost before of what they add to: what it missed it still misses. */
function lossOf(files: readonly FileMessage[], before: Loss | undefined): Loss {
  const lost = { files: before?.files ?? 0, records: before?.records ?? 0, of: before?.of ?? 0 }
  for (const { error, read, skipped } of files) {
    if (error !== undefined) lost.files++
    lost.of += read
    for (const { reason, count } of skipped) if (lossReasons.has(reason)) lost.records += count
  }
  return lost
}

function importedFile({ name, sha256, bytes }: FileMessage): ImportedFile {
  return { name, sha256, bytes }
}

/** Logs are told apart by content, documents by name: a document read again takes the place of its older self. */
function joinedFiles(head: readonly ImportedFile[], now: readonly ImportedFile[], nature: string): ImportedFile[] {
  const sameAs = (file: ImportedFile): string => (nature === 'log' ? file.sha256 : file.name)
  return [...new Map([...head, ...now].map((file) => [sameAs(file), file])).values()]
}

// ------------------------------------------------------------------ reporting

function importerOf(room: ImportRoom, id: string): Importer | undefined {
  return room.importers.find((importer) => importer.id === id)
}

function fileResult(room: ImportRoom, file: FileMessage, scopes: readonly ScopePlan[]): FileResult {
  const importer = file.importer === null ? undefined : importerOf(room, file.importer)
  const { error } = file
  return {
    name: file.name,
    importer: file.importer === null ? null : { id: file.importer, title: importer?.title ?? file.importer },
    bytes: file.bytes,
    read: file.read,
    mapped: file.mapped,
    merged: file.merged,
    skipped: file.skipped.map((one) => ({ ...one, words: skipReasons[one.reason] })),
    notes: file.notes,
    ...(error !== undefined && { error }),
    ...(isKnownFile(room, file, scopes) && { unchanged: true }),
  }
}

/** Its bytes were imported before, into every scope its importer spoke of. */
function isKnownFile(room: ImportRoom, file: FileMessage, scopes: readonly ScopePlan[]): boolean {
  const own = scopes.filter(({ draft }) => draft.importer === file.importer)
  return own.length > 0 && own.every(({ scope }) => imported(room, scope).has(file.sha256))
}
