import type { KnownEntity, KnownLine, KnownRelationship } from '../../../graph/known.ts'
import { entityLine, relationshipLine } from '../../../graph/known-text.ts'
import { sayingOf, startMerge } from '../../../graph/merge.ts'
import { HEAPS } from './id-order.ts'
import type { Line, LineTable } from './line-table.ts'

/** Lines that others take the place of. */
export interface Folded {
  readonly gone: Uint8Array
  readonly instead: readonly Line[]
}

/**
 * Brings lines of one id together. `sayings`: those that say the same, each witness once, as more may come, and only
 * all sayings together tell what is believed; `all`: into the one line that is known at the end.
 */
export function foldLines(lines: LineTable, how: 'sayings' | 'all'): Folded {
  const gone = new Uint8Array(lines.count())
  const instead: Line[] = []
  for (let heap = 0; heap < HEAPS; heap++) {
    const ordered = lines.heap(heap)
    for (let start = 0; start < ordered.length;) {
      let end = start + 1
      while (end < ordered.length && lines.isSame(ordered[start]!, ordered[end]!)) end++
      if (end - start > 1)
        for (const group of groupsOf(lines, ordered.subarray(start, end), how)) {
          if (group.length === 1) continue
          for (const { number } of group) gone[number] = 1
          instead.push(foldedLine(lines, group))
        }
      start = end
    }
  }
  return { gone, instead }
}

interface Read {
  readonly number: number
  readonly line: KnownLine
}

function groupsOf(lines: LineTable, numbers: Int32Array, how: 'sayings' | 'all'): readonly (readonly Read[])[] {
  const groups = new Map<string, Read[]>()
  for (const number of numbers) {
    const line = JSON.parse(lines.text(number)) as KnownLine
    const saying = how === 'all' ? '' : sayingOf('e' in line ? line.e : line.r)
    const group = groups.get(saying)
    if (group) group.push({ number, line })
    else groups.set(saying, [{ number, line }])
  }
  return [...groups.values()]
}

function foldedLine(lines: LineTable, group: readonly Read[]): Line {
  const merge = startMerge()
  for (const { line } of group) merge.known(knownAlone(line))
  const { entities, relationships } = merge.finish()
  const [entity] = entities.values()
  if (entity)
    return { id: entity.id, text: entityLine(entity), isRelationship: false, ...lines.about(group[0]!.number) }
  const [one] = relationships.values()
  // One of them has the ends that are believed.
  const believed = group.find(({ line }) => 'r' in line && isBetween(line.r, one!))!
  return { id: one!.id, text: relationshipLine(one!), isRelationship: true, ...lines.about(believed.number) }
}

function knownAlone(line: KnownLine): {
  entities: ReadonlyMap<string, KnownEntity>
  relationships: ReadonlyMap<string, KnownRelationship>
} {
  const none = new Map<string, never>()
  return 'e' in line
    ? { entities: new Map([[line.e.id, line.e]]), relationships: none }
    : { entities: none, relationships: new Map([[line.r.id, line.r]]) }
}

function isBetween(one: KnownRelationship, other: KnownRelationship): boolean {
  return one.kind === other.kind && one.from === other.from && one.to === other.to
}
