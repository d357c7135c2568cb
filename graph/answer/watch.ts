import { entityKinds } from '../kinds/entity-kinds.ts'
import { along, ends, type Estate } from '../estate/estate.ts'
import type { MovesQuery, WatchReply } from '../wire-acts.ts'
import { assessed, momentOfAnswer, snapshotOf, worstFirst } from './blast.ts'
import { signalsOf } from './signals.ts'
import { thingOf } from './things.ts'
import { checkOf, type CheckRow } from './validate.ts'
import { watchQueries } from './watch-queries.ts'

const NAMED = 10

/** What to check and what to watch when a change is made: on the workload's own path, and in which logs. */
export function answerWatch(estate: Estate, id: string, query: MovesQuery, now: string): WatchReply {
  const at = momentOfAnswer(estate, now)
  const assessment = assessed(estate, id, query, at)
  const { subject, op, users, targets } = assessment
  const kind = estate.entities[subject]!.kind
  const touched = worstFirst(
    assessment,
    assessment.dependents.filter(({ verdict }) => verdict !== 'keeps'),
  ).map(({ index }) => index)
  const workloads = touched.filter(
    (index) =>
      entityKinds[estate.entities[index]!.kind].role === 'workload' && estate.entities[index]!.kind !== 'caller',
  )
  const places = users.places.map(({ index }) => index)
  const kinds = new Set([
    kind,
    ...[...places, ...targets.entities, ...workloads].map((index) => estate.entities[index]!.kind),
  ])
  const signals = signalsOf(kinds)
  const readers = new Map<string, Set<number>>([[kind, new Set(workloads)]])
  for (const index of workloads)
    for (const number of along(estate.out, index)) {
      const { to } = ends(estate, estate.relationships[number]!)
      if (!places.includes(to)) continue
      const place = estate.entities[to]!.kind
      readers.set(place, (readers.get(place) ?? new Set()).add(index))
    }
  const families = new Map<string, { check: CheckRow; on: Set<number> }>()
  for (const [one, on] of readers) {
    const check = checkOf(one)
    const family = families.get(check.family) ?? { check, on: new Set<number>() }
    families.set(check.family, family)
    for (const index of on) family.on.add(index)
  }
  return {
    snapshot: snapshotOf(estate),
    subject: thingOf(estate, subject),
    op,
    places: places.map((index) => thingOf(estate, index)),
    checks: [...families.values()].map(({ check: { family, run, proves, provesNot, mark }, on }) => ({
      family,
      on: [...on].slice(0, NAMED).map((index) => thingOf(estate, index)),
      onCount: on.size,
      run,
      proves,
      provesNot,
      mark,
    })),
    signals: signals.map(({ where, signal, means, mark }) => ({ where, signal, means, mark })),
    queries: watchQueries({ estate, subject, places, workloads, since: at, signals }),
    words:
      'Run each check from the workload’s own host, network, identity and trust store: once with the new value, and once with the old one, which has to fail. A check from an administrator’s machine shows nothing about the dependant.',
  }
}
