import type { Collected } from '../../../importers/read/collect.ts'
import { collect } from '../../../importers/read/collect.ts'
import { rawFile } from '../../../importers/read/raw-file.ts'
import { runImporters } from '../../../importers/read/run-importers.ts'
import { importers } from '../../../importers/registry.ts'
import type { Plain } from './files.ts'

/** Relationships of one set: what a reader of its own found, and what the import says. */
export interface Measured {
  readonly set: string
  readonly truth: ReadonlySet<string>
  readonly said: ReadonlySet<string>
}

export interface Score {
  readonly recall: number
  readonly precision: number
  readonly missing: readonly string[]
  readonly wrong: readonly string[]
}

/** Share of the true that was said, and of the said that is true; of nothing both are whole. */
export function score({ truth, said }: Measured): Score {
  const missing = [...truth].filter((one) => !said.has(one))
  const wrong = [...said].filter((one) => !truth.has(one))
  const share = (not: number, of: number) => (of === 0 ? 1 : (of - not) / of)
  return { recall: share(missing.length, truth.size), precision: share(wrong.length, said.size), missing, wrong }
}

/** All importers over the files, as `keyfall import` would choose them. */
export function imported(files: readonly Plain[], scopeName?: string): Promise<Collected> {
  const fingerprintKey = new Uint8Array(32).fill(7)
  const raw = files.map(({ name, bytes }) => rawFile(name, bytes))
  return collect(runImporters(raw, { importers, fingerprintKey, ...(scopeName === undefined ? {} : { scopeName }) }))
}

export function table(rows: readonly Measured[]): string {
  const lines = rows.map((row) => {
    const { recall, precision } = score(row)
    const figures = [row.truth.size, row.said.size, recall.toFixed(4), precision.toFixed(4)]
    return `${row.set.padEnd(44)}${figures.map((one) => String(one).padStart(10)).join('')}`
  })
  const head = ['true', 'said', 'recall', 'precision'].map((one) => one.padStart(10)).join('')
  return [`${'does use'.padEnd(44)}${head}`, ...lines].join('\n')
}
