import type { Limits } from '../../importers/read/limits.ts'
import type { Message, ProgressMessage } from '../../importers/read/messages.ts'
import type { LostFile } from '../../importers/read/run-importers.ts'

/** Everything that came before is void: the reader died, and a new one reads again without the file that killed it. */
export interface RestartMessage {
  readonly type: 'restart'
  readonly lost: LostFile
}
export type ReadMessage = Exclude<Message, ProgressMessage> | RestartMessage

/** What one child may cost; an admin may change it. */
export interface ChildLimits {
  /** Whole life of one child. */
  readonly wallMs: number
  /** Longest wait until it says that it is there: of a machine, not of a file. */
  readonly startMs: number
  /** Longest wait for a word of it from then on, the waits for bytes of a slow upload left out. */
  readonly silenceMs: number
  /** Against one that talks without end; what facts may take of memory is counted where they are kept (read-all). */
  readonly facts: number
  readonly messageBytes: number
}

export const childLimits: ChildLimits = {
  wallMs: 600_000,
  startMs: 180_000,
  silenceMs: 30_000,
  facts: 200_000_000,
  messageBytes: 64 * 1024 * 1024,
}

export interface ReadingOptions {
  /** 32 random bytes of the installation. */
  readonly fingerprintKey?: Uint8Array | undefined
  readonly scopeName?: string | undefined
  /** Text of the rules by which tags and labels name owners. */
  readonly ownershipRules?: string | undefined
  readonly limits?: Partial<ChildLimits & Limits> | undefined
  readonly onProgress?: ((progress: ProgressMessage) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** Another program for the child; tests put hostile ones here. */
  readonly program?: string | undefined
}

/** A file as it lies in a source. */
export interface ReadableFile {
  readonly name: string
  readonly size?: number | undefined
  readonly repository?: string | undefined
  /** Id of the importer that a person chose for it. */
  readonly importer?: string | undefined
  /** It can't be opened: why. */
  readonly error?: string | undefined
  /** The bytes from the beginning; may be called more than once. */
  open(): AsyncIterable<Uint8Array>
}

/** The whole reading has to end; the text says why and what to do. */
export class ReadingFailed extends Error {}
