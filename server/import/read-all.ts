import { scopeId, type ScopeId } from '../../graph/known.ts'
import type { FactsMessage, FileMessage, ScopeMessage } from '../../importers/read/messages.ts'
import { startFlatMerge, type FlatFacts, type FlatMerge } from './flat/flat-merge.ts'
import { importLimits } from './import-limits.ts'
import type { ImportLimits, ImportRoom, ReadOptions } from './import-plan.ts'
import { readFiles, type Source } from './read-files.ts'
import { usePlatformSha256 } from '../../graph/sha256.ts'
import { platformSha256 } from './platform-sha256.ts'
import { ReadingFailed } from './reading.ts'

export interface ReadScope {
  readonly said: ScopeMessage
  readonly facts: FlatFacts
}

export interface Reading {
  readonly files: readonly FileMessage[]
  readonly scopes: ReadonlyMap<ScopeId, ReadScope>
}

/** Reads files into what each scope says, in a child process. @throws ReadingFailed where that is too much for one import. */
export async function readAll(room: ImportRoom, sources: readonly Source[], options: ReadOptions): Promise<Reading> {
  usePlatformSha256(platformSha256)
  const limits = room.limits ?? importLimits()
  let files: FileMessage[] = []
  let merges = new Map<ScopeId, FlatMerge>()
  let said = new Map<ScopeId, ScopeMessage>()
  const messages = readFiles(sources, {
    fingerprintKey: room.fingerprintKey,
    ownershipRules: room.ownershipRules,
    scopeName: options.scopeName,
    onProgress: options.onProgress,
    signal: options.signal,
    limits: { wallMs: limits.minutes * 60_000 },
  })
  for await (const message of messages) {
    switch (message.type) {
      case 'restart':
        files = []
        merges = new Map()
        said = new Map()
        break
      case 'file':
        files.push(message)
        break
      case 'scope':
        said.set(scopeId(message.scope.importer, message.scope.id), message)
        break
      case 'facts':
        collect(merges, message)
        if (bytesOf(merges) > limits.megabytes * 1e6) throw tooMuch(limits)
        break
    }
  }
  const scopes = new Map<ScopeId, ReadScope>()
  for (const [id, message] of said) {
    scopes.set(id, { said: message, facts: (merges.get(id) ?? startFlatMerge()).finish() })
    merges.delete(id)
  }
  return { files, scopes }
}

const bytesOf = (merges: ReadonlyMap<ScopeId, FlatMerge>): number => {
  let bytes = 0
  for (const merge of merges.values()) bytes += merge.bytes()
  return bytes
}

function tooMuch({ megabytes }: ImportLimits): ReadingFailed {
  return new ReadingFailed(
    `What these files say takes more than ${megabytes} MB of memory: import them in parts, or set KEYFALL_IMPORT_MB.`,
  )
}

function collect(merges: Map<ScopeId, FlatMerge>, { scope, facts }: FactsMessage): void {
  const id = scopeId(scope.importer, scope.id)
  let merge = merges.get(id)
  if (!merge) merges.set(id, (merge = startFlatMerge()))
  for (const fact of facts) {
    if ('entity' in fact) merge.entity(fact.entity)
    else if ('relationship' in fact) merge.relationship(fact.relationship)
    else merge.observation(fact.observation)
  }
}
