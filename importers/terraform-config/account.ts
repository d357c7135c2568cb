import type { SkipReason } from '../../graph/facts.ts'
import type { FileReport } from '../importer.ts'
import type { HclBlock } from '../read/parse-hcl.ts'

export interface ReadFile {
  readonly report: FileReport
  readonly blocks: readonly HclBlock[]
}

export type Outcome = 'mapped' | SkipReason

/** What became of the blocks, over all calls of the folder they stand in. */
export interface Outcomes {
  readonly of: Map<HclBlock, Outcome>
  /** Calls of modules that nobody knows, by source. */
  readonly unknownModules: Map<HclBlock, string>
  /** Blocks of which there may be any number. */
  readonly several: Set<HclBlock>
  /** Calls of shared modules that make something whose name is not known. */
  readonly unnamed: Set<HclBlock>
}

/** Blocks that feed others: names of variables and locals are what the rest is evaluated with. */
const feeding = new Set(['variable', 'locals', 'output', 'provider'])
const secretWords = ['password', 'secret', 'token', 'private_key', 'access_key', 'api_key', 'connection_string']

/** Accounts for each block of a file. */
export function account({ report, blocks }: ReadFile, { of, unknownModules, several, unnamed }: Outcomes): void {
  const missed = new Map<string, number>()
  const count = (note: string) => missed.set(note, (missed.get(note) ?? 0) + 1)
  for (const block of blocks) {
    const where = `line ${block.line}`
    const outcome = of.get(block) ?? (feeding.has(block.type) ? 'mapped' : unmapped(block))
    if (outcome === 'mapped') report.mapped()
    else report.skipped(outcome, where)
    if (several.has(block)) count('blocks of which only Terraform knows how many there are')
    if (unnamed.has(block) && block.type === 'module')
      count('calls of modules that make something whose name is only known when they are applied')
    if (outcome === 'missing-identifier') count('blocks whose name is only known when they are applied')
    if (outcome !== 'unknown-type') continue
    const source = unknownModules.get(block)
    count(
      source === undefined
        ? `${(block.labels[0] ?? '').slice(0, 80)}: seems to hold a value, of a type that is not known`
        : `calls of ${source.slice(0, 150)}: what that module makes is not known`,
    )
  }
  for (const [note, times] of [...missed].slice(0, 50)) report.note(`${times} × ${note}`)
}

/** A resource of a type without a row: is it worth a word that it was left out? */
function unmapped(block: HclBlock): Outcome {
  if (block.type !== 'resource') return 'not-relevant'
  const names = [...block.attributes.keys()].filter((name) => !name.endsWith('_arn'))
  return names.some((name) => secretWords.some((word) => name.includes(word))) ? 'unknown-type' : 'not-relevant'
}
