import type { Evidence, SkipReason } from '../../graph/facts.ts'
import type { Family, Place } from './families.ts'

/** One item of a reply, and all that is known of where it stands. */
export interface Item {
  readonly value: unknown
  readonly place: Place
  readonly family: Family
  readonly parts: ReadonlyMap<string, string>
  readonly file: string
  readonly record: string
  /** When it was collected, where the export says so. */
  readonly at?: string | undefined
  readonly run: RunState
}

/** What listings say of each other's numbers, over all files of a run. */
export interface RunState {
  fingerprint(value: string): string | undefined
  /** Number of a token by that of the grant it was given. */
  readonly tokenOfGrant: Map<string, string>
  readonly atEnd: (() => void)[]
  /** How many people have which permission on a place. */
  counts(family: Family): Map<string, number>
}

export type Outcome = 'mapped' | 'merged' | SkipReason
export type Reader = (item: Item) => Outcome

export const source = 'github-api'

export function declared({ file, record, at }: Item, note?: string): Evidence {
  return {
    source,
    kind: 'declared',
    file,
    record: record.slice(0, 256),
    ...(at !== undefined && { lastSeen: at }),
    ...(note !== undefined && { note: note.slice(0, 400) }),
  }
}

/** Without what nobody said. */
export function told<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as { [K in keyof T]?: NonNullable<T[K]> }
}
