import type { EntityFact, ObservationFact, RelationshipFact, SkipReason } from '../graph/facts.ts'
import type { EntityKind } from '../graph/kinds/entity-kinds.ts'

/** A file as an importer sees it: bytes and a label. Importers open nothing themselves. */
export interface InputFile {
  /** Relative to what the user named, with `/`; inside an archive `export.zip!/iam/users.json`. A label, never a path to open. */
  readonly name: string
  /** Uncompressed size where it is known. */
  readonly size?: number | undefined
  /** SHA-256 of the uncompressed bytes, hex. Of a file too large to hold, empty until it was read to its end. */
  readonly sha256: string
  /** `owner/name` of the checkout the file lies in, from its `.git/config`; absent when there is none. */
  readonly repository?: string | undefined
  /** The file's bytes in order, as UTF-8 (a BOM is cut, UTF-16 is turned). May be called more than once. */
  stream(): AsyncIterable<Uint8Array>
  /** The whole text: BOM cut, UTF-16 turned; refuses (throws `TooLarge`) above the limit for one document. */
  text(): Promise<string>
}

/** What is known of a file before it is read. */
export interface Probe {
  readonly name: string
  /** First bytes as text, at most 64 KiB, decompressed. */
  readonly head: string
  /** True when `head` is the whole file. */
  readonly whole: boolean
}

/** One thing that an import describes and may later describe again. */
export interface ScopeDeclaration {
  /** `aws/123456789012`, `k8s/prod-eu`, `github/acme/shop`: together with the importer's id it names the scope. */
  readonly id: string
  /** Read by people: "AWS account 123456789012". */
  readonly title: string
  /**
   * Did the export prove that it listed everything of its kind in this scope? Only then may what is missing be retired.
   * Importers never claim what the file does not show. Declared again with `false`, the scope is incomplete.
   */
  readonly complete: boolean
  /** Where one source has both (a bundle may state what people say): overrides the importer's own. */
  readonly nature?: 'snapshot' | 'log' | 'asserted' | undefined
}

/** Takes the facts of one scope. */
export interface Sink {
  entity(fact: EntityFact): void
  relationship(fact: RelationshipFact): void
  observation(fact: ObservationFact): void
}

/** What a scope is told through. */
export interface ScopeSink extends Sink {
  /**
   * Of a log: it has an event of this moment (ms since 1970), whatever that shows. Days without one may be a gap, and
   * what was used in a gap is not known. Not a number: nothing is noted.
   */
  heard(time: number): void
}

/** Accounts for the records of one file: `read = mapped + merged + skipped`, or the import fails. */
export interface FileReport {
  /**
   * Records met, counted where the file is walked, apart from where they are mapped: then the sum is a check.
   * An importer that never calls it gets the sum.
   */
  read?(count?: number): void
  /** Records understood. */
  mapped(count?: number): void
  /** Records that say again what an earlier one said (same event id). */
  merged(count?: number): void
  /** A record that was not understood or holds nothing for us; `where` is a JSON pointer, line or row. Never a value. */
  skipped(reason: SkipReason, where: string, count?: number): void
  /** Something a reader of the report should know: "group payments-admins attaches a policy that the file lacks". */
  note(text: string): void
}

export interface RunContext {
  /** Name the user gave with `--scope`, for exports that do not say what they are of (cluster, Vault address). */
  readonly scopeName?: string | undefined
  /** The same declaration gives the same sink. */
  scope(declaration: ScopeDeclaration): ScopeSink
  /**
   * Keyed fingerprint of a secret value, so that two places with one value are found without keeping it.
   * Undefined for values too weak to be linked. The value must not go anywhere else.
   */
  fingerprint(value: string, kind: string): string | undefined
}

/** One run over a set of files. State may be kept between files; nothing may be kept between runs. */
export interface ImporterRun {
  /** Called for each file the importer claimed, in order of name. Throws only for mistakes of ours. */
  file(input: InputFile, report: FileReport): Promise<void>
  /** After the last file: emit what needed all of them. */
  end(): void | Promise<void>
}

export interface Importer {
  /** Kebab-case, the name of the folder. */
  readonly id: string
  readonly title: string
  /** What it reads, one line, for the README's table. */
  readonly reads: string
  /** One command that makes such an export; absent where there is none. The README of the folder says it in full. */
  readonly collect?: string
  readonly emits: readonly EntityKind[]
  /** What this source can never show; caps verdicts. Each a noun phrase: "use of a key outside AWS". */
  readonly blindTo: readonly string[]
  /** snapshot: what is there now; log: what happened, retires nothing; asserted: what people say. */
  readonly nature: 'snapshot' | 'log' | 'asserted'
  /** 0: not mine. 1: certainly mine. By content first, by name only to break ties. */
  detect(probe: Probe): number
  begin(context: RunContext): ImporterRun
}
