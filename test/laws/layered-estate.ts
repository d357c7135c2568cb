import fc from 'fast-check'
import type { fallTask } from '../../graph/answer/fall-task.ts'
import { type FallTask } from '../../graph/answer/fall-task.ts'
import type { FlatIndex } from '../../graph/index/flat-index.ts'
import type { EstateInput } from '../../graph/outage/compile.ts'
import type { NaiveRelationship } from './naive-outage.ts'
import { chooser } from './random-estate.ts'

/** What each is worth follows from so many numbers. */
export const draws = fc.array(fc.nat(999), { minLength: 12, maxLength: 12 })

/** Everything is counted, and each is worth something else. */
export function subjectOf({ entities: size }: FlatIndex, draws: readonly number[]): Parameters<typeof fallTask>[1] {
  const drawn = (at: number, most: number) => Math.floor(draws[at % draws.length]! / (at + 1)) % most
  return {
    credentials: Int32Array.from({ length: size }, (_, i) => i),
    unsure: Uint8Array.from({ length: size }, (_, i) => (drawn(i, 7) === 0 ? 1 : 0)),
    counted: Uint8Array.from({ length: size }, (_, i) => drawn(i + 1, 3)),
    weights: Uint8Array.from({ length: size }, (_, i) => [1, 8, 4, 2, 255][drawn(i + 2, 5)]!),
    systems: Int32Array.from({ length: size }, (_, i) => drawn(i + 3, size + 1) - 1),
    tier1: Uint8Array.from({ length: size }, (_, i) => drawn(i + 4, 2)),
  }
}

/** A fall of more than so many is counted upon that of a hub. */
export const withLarge = (task: FallTask, large: number): FallTask => ({ ...task, ledger: { ...task.ledger!, large } })

/**
 * Layers in which many fall with few, so that hubs are found at once by several, nest, and are met late; every third
 * relationship is an alternative, possible, soft, a read of a value or a copy of it.
 */
export function layered(numbers: readonly number[], size: number): EstateInput {
  const choose = chooser(Array.from({ length: 8 * size }, (_, i) => numbers[i % numbers.length]! * (i + 1)))
  const names = Array.from({ length: size }, (_, i) => `${'scw'[i % 3]!}${i}`)
  const before = (at: number) => names[Math.max(0, at - choose([1, 2, 3, 5, 8, 40, at]))]!
  const relationships: NaiveRelationship[] = []
  for (let at = 1; at < size; at++)
    for (let k = 0; k < choose([1, 2, 3]); k++) {
      const to = before(at)
      const kind = to.startsWith('c') ? choose(['USES_CREDENTIAL', 'HOLDS']) : choose(['DEPENDS_ON', 'SYNCED_FROM'])
      relationships.push({
        id: `r${relationships.length}`,
        kind: to.startsWith('s') && names[at]!.startsWith('w') ? choose(['USES_SECRET', 'DEPENDS_ON']) : kind,
        from: names[at]!,
        to,
        ...(choose([0, 1, 2]) === 0 && { need: choose(['n1', 'n2']) }),
        ...(choose([0, 0, 1, 2]) === 1 && { confidence: 'possible' as const }),
        ...(choose([0, 0, 0, 1]) === 1 && { strength: 'soft' as const }),
      })
    }
  // Back to the first layers: what falls late falls with those.
  for (let at = 0; at < size / 20; at++)
    relationships.push({ id: `b${at}`, kind: 'DEPENDS_ON', from: names[at]!, to: names[size - 1 - 7 * at]! })
  const role = { c: 'credential', s: 'secret', w: 'workload' } as Record<string, string>
  return { entities: names.map((id) => ({ id, role: role[id[0]!]! })), relationships } as EstateInput
}

/** So many of whom each takes one of a few hubs with it, and every second its larger one, too: all wait for the same few. */
export function starred(size: number, hubs: 1 | 3 = 3): EstateInput {
  const entities = ['h0', 'h1', 'h2', 'd0', 'd1', 'd2', 'd3']
  const pairs: [string, string][] = [
    ['h0', 'h1'],
    ['h1', 'h2'],
    ...[0, 1, 2, 3].map((i): [string, string] => [`d${i}`, `h0`]),
  ]
  for (let i = 0; i < size; i++) {
    entities.push(`w${i}`)
    pairs.push([`h${i % hubs}`, `w${i}`])
    if (i % 2 === 1) pairs.push([`w${i}`, `w${i >> 1}`])
  }
  return {
    entities: entities.map((id) => ({ id, role: 'workload' })),
    relationships: pairs.map(([from, to], i) => ({ id: `r${i}`, kind: 'DEPENDS_ON', from, to })),
  } as EstateInput
}
