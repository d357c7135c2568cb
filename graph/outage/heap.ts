/** Entity numbers, the one with the earliest moment first. */
export interface Heap {
  moments: number[]
  entities: number[]
}

export function heap(): Heap {
  return { moments: [], entities: [] }
}

export function pushEntity({ moments, entities }: Heap, moment: number, entity: number): void {
  let at = moments.length
  moments.push(moment)
  entities.push(entity)
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (moments[parent]! <= moment) break
    moments[at] = moments[parent]!
    entities[at] = entities[parent]!
    at = parent
  }
  moments[at] = moment
  entities[at] = entity
}

/** The earliest entity, or -1 when there is none. */
export function popEntity({ moments, entities }: Heap): number {
  if (moments.length === 0) return -1
  const first = entities[0]!
  const moment = moments.pop()!
  const entity = entities.pop()!
  const size = moments.length
  if (size === 0) return first
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= size) break
    if (child + 1 < size && moments[child + 1]! < moments[child]!) child++
    if (moments[child]! >= moment) break
    moments[at] = moments[child]!
    entities[at] = entities[child]!
    at = child
  }
  moments[at] = moment
  entities[at] = entity
  return first
}
