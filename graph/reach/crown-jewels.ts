import { entityKinds } from '../kinds/entity-kinds.ts'
import { along, ends, type Estate } from '../estate/estate.ts'

const cache = new WeakMap<Estate, ReadonlySet<number>>()

/**
 * What matters most: things with the property `crownJewel`, and what a tier 1 system (or one so marked) consists of:
 * the workloads that it depends on itself, and every resource that it depends on, through workloads too. A system is
 * never reached as such; whoever has its workload or its data has it.
 */
export function crownJewelsOf(estate: Estate): ReadonlySet<number> {
  const known = cache.get(estate)
  if (known) return known
  const jewels = new Set<number>()
  const walked = new Set<number>()
  const queue: number[] = []
  estate.entities.forEach(({ kind, props }, index) => {
    const isSystem = entityKinds[kind].role === 'system'
    if (props?.['crownJewel'] === true && !isSystem) jewels.add(index)
    if (!isSystem || (props?.['crownJewel'] !== true && props?.['tier'] !== 1)) return
    for (const needed of neededBy(estate, index)) {
      if (roleOf(estate, needed) === 'workload') jewels.add(needed)
      queue.push(needed)
    }
  })
  for (let head = 0; head < queue.length; head++) {
    const at = queue[head]!
    if (walked.has(at)) continue
    walked.add(at)
    if (roleOf(estate, at) === 'resource') jewels.add(at)
    if (roleOf(estate, at) === 'workload') queue.push(...neededBy(estate, at))
  }
  cache.set(estate, jewels)
  return jewels
}

function* neededBy(estate: Estate, entity: number): Generator<number> {
  for (const number of along(estate.out, entity)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === 'DEPENDS_ON' && relationship.confidence !== 'none') yield ends(estate, relationship).to
  }
}

function roleOf(estate: Estate, entity: number): string {
  return entityKinds[estate.entities[entity]!.kind].role
}
