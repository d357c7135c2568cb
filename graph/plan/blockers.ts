import type { Blocker, CutoverConflict, CutoverItem, CutoverWave } from '../wire-cutover.ts'
import type { Thing } from '../wire.ts'
import { isClosed } from './kept-item.ts'
import { dutyWords, missingOf } from './raci.ts'

const order = { empty: 0, conflict: 1, name: 2, gate: 3, signoff: 4 } as const satisfies Record<Blocker['kind'], number>

/**
 * Why a plan is not ready: a name is missing, a gate is open without an exception, a sign-off is missing or does not
 * stand, waves contradict the graph. What is cut, or stays by an exception, holds nothing up.
 */
export function blockersOf(waves: readonly CutoverWave[], whole: readonly CutoverConflict[]): Blocker[] {
  const items = waves.flatMap((wave) => wave.items)
  const things = new Map(items.map(({ credential }) => [credential.id, credential]))
  const conflicts = [...whole, ...waves.flatMap((wave) => wave.conflicts)].filter(({ blocks }) => blocks)
  const found = [
    ...(items.length === 0 && conflicts.length === 0 ? [nothing] : []),
    ...conflicts.map((one) => ofConflict(one, things)),
    ...items.filter(({ stays, steps }) => stays === null && !steps.cut).flatMap(ofItem),
  ]
  return found.sort((a, b) => order[a.kind] - order[b.kind])
}

const nothing: Blocker = {
  kind: 'empty',
  credential: null,
  words: 'the plan holds no credential',
  todo: 'add one',
}

function ofConflict({ credentials, words, todo }: CutoverConflict, things: ReadonlyMap<string, Thing>): Blocker {
  return { kind: 'conflict', credential: things.get(credentials[0] ?? '') ?? null, words, todo }
}

function ofItem({ credential, gates, named, owner, signOffs }: CutoverItem): Blocker[] {
  const names = [...(owner === null ? ['owner'] : []), ...missingOf(named).map(({ duty }) => dutyWords[duty])].map(
    (who): Blocker => ({
      ...{ kind: 'name', credential, words: `${credential.name}: no name for ${who}` },
      todo: 'name them in the plan, in tags, a catalogue or a bundle',
    }),
  )
  const open = gates
    .filter((gate) => !isClosed(gate) && gate.id !== 'signoff' && (gate.id !== 'accountable' || names.length === 0))
    .map(({ title, why, todo }): Blocker => ({
      ...{ kind: 'gate', credential, todo },
      words: `${credential.name}: ${title}: ${why}`,
    }))
  const unsigned = signOffs
    .filter(({ state }) => state !== 'valid')
    .map(({ system, words, owner: of }): Blocker => ({
      ...{ kind: 'signoff', credential },
      words: `${credential.name}: sign-off of ${system?.name ?? 'the whole change'}: ${words}`,
      todo: `ask ${of ?? 'an approver'} to sign`,
    }))
  return [...names, ...open, ...unsigned]
}
