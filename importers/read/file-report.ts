import type { SkipReason } from '../../graph/facts.ts'
import type { FileReport } from '../importer.ts'
import type { Limits } from './limits.ts'
import type { FileMessage } from './messages.ts'

export interface FileAccount extends FileReport {
  read(count?: number): void
  /** Records accounted for so far. */
  accounted(): number
  close(file: Pick<FileMessage, 'name' | 'importer' | 'bytes' | 'sha256'> & { error?: string | undefined }): FileMessage
}

/** Counts what an importer says of one file, and checks the sum when it is closed. */
export function fileAccount(limits: Limits): FileAccount {
  let read: number | undefined
  let mapped = 0
  let merged = 0
  const skipped = new Map<SkipReason, { count: number; where: string[] }>()
  const notes = new Set<string>()
  const skippedCount = () => [...skipped.values()].reduce((sum, { count }) => sum + count, 0)
  return {
    read: (count = 1) => void (read = (read ?? 0) + count),
    mapped: (count = 1) => void (mapped += count),
    merged: (count = 1) => void (merged += count),
    skipped(reason, where, count = 1) {
      const entry = skipped.get(reason) ?? { count: 0, where: [] }
      entry.count += count
      if (entry.where.length < limits.locators) entry.where.push(where.slice(0, 256))
      skipped.set(reason, entry)
    },
    note(text) {
      if (notes.size < limits.notes) notes.add(text.slice(0, 400))
    },
    accounted: () => mapped + merged + skippedCount(),
    close({ error, ...file }) {
      const sum = mapped + merged + skippedCount()
      const unequal =
        read !== undefined && read !== sum
          ? `${read} records were met and ${sum} accounted for. This is a mistake of ours: please report it.`
          : undefined
      const why = error ?? unequal
      return {
        type: 'file',
        ...file,
        // Where reading stopped half way the sum is what was met.
        read: why === undefined && read !== undefined ? read : sum,
        mapped,
        merged,
        skipped: [...skipped].map(([reason, entry]) => ({ reason, ...entry })),
        notes: [...notes],
        ...(why === undefined ? {} : { error: why }),
      }
    },
  }
}
