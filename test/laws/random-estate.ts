import fc from 'fast-check'
import type { NaiveChange, NaiveEstate, NaiveRelationship } from './naive-outage.ts'

/**
 * Random small estates with every attribute the engine reads: alternatives, soft needs, agents of every role, rings of
 * syncs, places that are both put and synced, issuers, `via`, possible and unrecorded relationships; and changes of
 * every action with several targets. Times come from few numbers, so that ties and near misses are common, and none is much
 * smaller than the rest: the naive twin climbs round cycles in steps of the smallest.
 */

export interface Question {
  estate: NaiveEstate
  change: NaiveChange
}

const ids = (letter: string, count: number) => Array.from({ length: count }, (_, i) => `${letter}${i}`)
const seconds = [0, 0, 300, 600, 900, 3600]
const spanOf = (choose: Choose): [number, number | null] => {
  const min = choose(seconds)
  const more = choose([0, 0, 300, 600, 3600, null])
  return [min, more === null ? null : min + more]
}

/** Draws from a stream of numbers that fast-check shrinks: towards the first of the options. */
type Choose = <T>(options: readonly T[]) => T
const chance = (choose: Choose, ofTen: number) =>
  choose([...Array<boolean>(10 - ofTen).fill(false), ...Array<boolean>(ofTen).fill(true)])

function drawEstate(choose: Choose): NaiveEstate {
  const credentials = ids('c', choose([2, 1, 3, 4]))
  const identities = ids('i', choose([2, 1, 3]))
  const secrets = ids('s', choose([3, 1, 2, 4]))
  const workloads = ids('w', choose([3, 2, 5, 8]))
  const systems = ids('b', choose([2, 1, 4]))
  const all = [...credentials, ...identities, ...secrets, ...workloads, ...systems]
  const relationships: NaiveRelationship[] = []
  const add = (kind: string, from: string, to: string, extra: Partial<NaiveRelationship> = {}) => {
    const relationship: NaiveRelationship = { id: `r${relationships.length}`, from, to, kind, ...extra }
    if (chance(choose, 2)) relationship.confidence = choose(['possible', 'possible', 'confirmed', 'none'])
    relationships.push(relationship)
  }
  const timing = (withSession: boolean): Partial<NaiveRelationship> => ({
    ...(withSession && chance(choose, 6) && { session: spanOf(choose) }),
    ...(chance(choose, 5) && { tolerance: spanOf(choose) }),
    ...(chance(choose, 6) && { pickup: spanOf(choose) }),
    ...(chance(choose, 2) && { cadence: choose([3600, 900, 7200]) }),
  })
  const need = (): Partial<NaiveRelationship> => ({
    ...(chance(choose, 5) && { need: choose(['n1', 'n2']) }),
    ...(chance(choose, 1) && { strength: 'soft' as const }),
  })
  const by = (): Partial<NaiveRelationship> =>
    chance(choose, 4) ? { by: chance(choose, 3) ? [choose(all), choose(all)] : [choose(all)] } : {}
  const via = (): Partial<NaiveRelationship> =>
    chance(choose, 2) && relationships.length > 0 ? { via: [choose(relationships).id] } : {}

  for (const credential of credentials) {
    if (chance(choose, 7)) add('AUTHENTICATES_AS', credential, choose(identities), timing(false))
    if (chance(choose, 3)) add('ISSUED_BY', credential, choose(credentials), { ...timing(false), ...via() })
    if (chance(choose, 8)) add('HOLDS', choose(secrets), credential)
    if (chance(choose, 4)) add('HOLDS', choose(secrets), credential)
  }
  for (const secret of secrets) {
    if (chance(choose, 6)) add('SYNCED_FROM', secret, choose(secrets), { ...timing(false), ...by(), ...via() })
    if (chance(choose, 2)) add('SYNCED_FROM', secret, choose(secrets), { ...timing(false), ...by() })
    if (chance(choose, 2)) add('ENCRYPTED_BY', secret, choose(credentials), timing(false))
    if (chance(choose, 3)) add('DEPENDS_ON', secret, choose(workloads), { ...timing(false), ...need() })
  }
  for (const workload of workloads) {
    if (chance(choose, 7))
      add('USES_SECRET', workload, choose(secrets), { ...timing(true), ...need(), ...by(), ...via() })
    if (chance(choose, 4)) add('USES_SECRET', workload, choose(secrets), { ...timing(true), ...need(), ...by() })
    if (chance(choose, 5))
      add('USES_CREDENTIAL', workload, choose(credentials), { ...timing(true), ...need(), ...via() })
    if (chance(choose, 4)) add('RUNS_AS', workload, choose(identities), { ...timing(false), ...need() })
    if (chance(choose, 3))
      add('DEPENDS_ON', workload, choose([...workloads, ...systems]), { ...timing(false), ...need(), ...via() })
  }
  for (const identity of identities) {
    if (chance(choose, 3)) add('MEMBER_OF', identity, choose(identities), timing(false))
    if (chance(choose, 3)) add('ASSUMES', identity, choose(identities), { ...timing(false), ...need() })
    if (chance(choose, 3)) add('CAN_ACCESS', identity, choose(all), { ...timing(false), ...need() })
    if (chance(choose, 3)) add('DEPENDS_ON', identity, choose(workloads), { ...timing(false), ...need() })
  }
  for (const system of systems) {
    add('DEPENDS_ON', system, choose([...workloads, ...systems]), { ...timing(false), ...need(), ...via() })
    if (chance(choose, 6))
      add('DEPENDS_ON', system, choose([...workloads, ...systems]), { ...timing(false), ...need(), ...via() })
    if (chance(choose, 2)) add('OWNED_BY', system, choose(all))
  }
  const role: Record<string, string> = { c: 'credential', i: 'identity', s: 'secret', w: 'workload', b: 'system' }
  return { entities: all.map((id) => ({ id, role: role[id[0]!]! })), relationships }
}

export const actions = ['rotate', 'revoke', 'disable', 'cut'] as const

export function drawChange(
  choose: Choose,
  estate: NaiveEstate,
  allowed: readonly NaiveChange['action'][] = actions,
): NaiveChange {
  const action = choose(allowed)
  const idsOf = (letters: string) => estate.entities.map(({ id }) => id).filter((id) => letters.includes(id[0]!))
  const several = (from: readonly string[]) => [
    ...new Set([choose(from), ...(chance(choose, 4) ? [choose(from), choose(from)] : [])]),
  ]
  const when: Pick<NaiveChange, 'at' | 'lag'> = {
    at: choose([0, 0, 300]),
    ...(chance(choose, 3) && {
      lag: choose([
        [0, 120],
        [60, 60],
        [30, 900],
      ] as [number, number][]),
    }),
  }
  if (action === 'cut') {
    const until = chance(choose, 3) ? { until: choose([900, 3600, 86400]) } : {}
    return { action, targets: several(estate.relationships.map(({ id }) => id)), ...when, ...until }
  }
  if (action === 'revoke') return { action, targets: several(idsOf('cis')), ...when }
  if (action === 'disable')
    return { action, targets: several(idsOf('cisw')), ...when, until: choose([3600, 900, 1800, 86400]) }
  const publish = chance(choose, 8)
    ? [...new Set([...several(idsOf('s')), ...(chance(choose, 4) ? several(idsOf('w')) : [])])]
    : []
  return { action, targets: several(idsOf('c')), ...when, overlap: choose([0, 0, 600, 7200]), publish }
}

/** A stream of choices: an array of numbers that fast-check generates and shrinks; beyond its end the first option. */
const stream = fc.array(fc.nat(9999), { minLength: 400, maxLength: 900, size: 'max' })

export function chooser(numbers: readonly number[]): Choose {
  let next = 0
  return (options) => options[(numbers[next++] ?? 0) % options.length]!
}

/** An estate that holds at least one relationship, and a change of one of these actions. */
export const question = (allowed: readonly NaiveChange['action'][] = actions): fc.Arbitrary<Question> =>
  stream.map((numbers) => {
    const choose = chooser(numbers)
    const estate = drawEstate(choose)
    return { estate, change: drawChange(choose, estate, allowed) }
  })
