import { EntityFact, ObservationFact, RelationshipFact, type SkipReason } from '../../graph/facts.ts'
import type { Importer, InputFile, ScopeDeclaration } from '../importer.ts'

export interface FileOutcome {
  name: string
  read: number
  mapped: number
  merged: number
  skipped: { reason: SkipReason; where: string; count: number }[]
  notes: string[]
}

/** Runs an importer over texts, for its tests: facts are parsed with the shapes every fact has to have. */
export async function runInMemory(importer: Importer, texts: Record<string, string | Uint8Array>, scopeName?: string) {
  const entities: EntityFact[] = []
  const relationships: RelationshipFact[] = []
  const observations: ObservationFact[] = []
  const scopes: ScopeDeclaration[] = []
  const files: FileOutcome[] = []
  const claimed: string[] = []
  const sink = {
    entity: (fact: EntityFact) => void entities.push(EntityFact.parse(fact)),
    relationship: (fact: RelationshipFact) => void relationships.push(RelationshipFact.parse(fact)),
    observation: (fact: ObservationFact) => void observations.push(ObservationFact.parse(fact)),
    heard: () => undefined,
  }
  const run = importer.begin({
    scopeName,
    scope: (declaration) => {
      scopes.push(declaration)
      return sink
    },
    fingerprint: (value) => (value.length < 16 ? undefined : `fp1:test:${value.length}`),
  })
  for (const name of Object.keys(texts).sort()) {
    const content = texts[name]!
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    const head = new TextDecoder().decode(bytes.subarray(0, 65_536))
    if (importer.detect({ name, head, whole: bytes.length <= 65_536 }) === 0) continue
    claimed.push(name)
    const outcome: FileOutcome = { name, read: 0, mapped: 0, merged: 0, skipped: [], notes: [] }
    files.push(outcome)
    const input: InputFile = {
      name,
      size: bytes.length,
      sha256: '',
      text: () => Promise.resolve(new TextDecoder().decode(bytes)),
      // Small pieces, so that a record is cut anywhere.
      stream: async function* () {
        for (let at = 0; at < bytes.length; at += 997) yield await Promise.resolve(bytes.subarray(at, at + 997))
      },
    }
    await run.file(input, {
      read: (count = 1) => void (outcome.read += count),
      mapped: (count = 1) => void (outcome.mapped += count),
      merged: (count = 1) => void (outcome.merged += count),
      skipped: (reason, where, count = 1) => void outcome.skipped.push({ reason, where, count }),
      note: (text) => void outcome.notes.push(text),
    })
  }
  await run.end()
  return { entities, relationships, observations, scopes, files, claimed }
}

export type Outcome = Awaited<ReturnType<typeof runInMemory>>

export const skippedOf = (outcome: Outcome, reason?: SkipReason): number =>
  outcome.files.flatMap((f) => f.skipped).reduce((n, s) => n + (reason && s.reason !== reason ? 0 : s.count), 0)

/** `read = mapped + merged + skipped` for every file. */
export const unaccounted = (outcome: Outcome): string[] =>
  outcome.files
    .filter((f) => f.read !== f.mapped + f.merged + f.skipped.reduce((n, s) => n + s.count, 0))
    .map((f) => f.name)
