import { along, ends } from '../estate/estate.ts'
import type { Dependent } from '../wire.ts'
import type { AssessedDependent, Assessment } from './assess.ts'
import { bands } from './bands.ts'
import { duration } from './durations.ts'
import { systemRow } from './systems.ts'
import { ownerOf, strengthOf, thingOf, weaker } from './things.ts'
import { deliveryWords } from './unknowns.ts'

/** One dependent as lists show it; `rows` is the order of systems in the answer. */
export function dependentOf(assessment: Assessment, one: AssessedDependent, rows: readonly number[]): Dependent {
  const { estate } = assessment
  const sys = rows.indexOf(one.system)
  return {
    ...thingOf(estate, one.index),
    sys,
    system: systemRow(estate, one.system).name,
    band: one.band,
    verdict: one.verdict,
    certain: spanOf(one.certain),
    possible: spanOf(one.possible),
    degraded: one.degraded,
    why: whyOf(assessment, one),
    strength: strengthOfUse(assessment, one.index),
    owner: ownerOf(estate, one.index),
    steps: [...one.steps],
  }
}

function spanOf(span: AssessedDependent['certain']): Dependent['certain'] {
  return span && [span[0], span[1]]
}

/** "Breaks within a minute: environment, read at start." One sentence, never without a reason. */
export function whyOf(assessment: Assessment, one: AssessedDependent): string {
  const means = meansOf(assessment, one.index)
  const reason = means ? `: ${means}` : ''
  if (one.verdict === 'keeps') return `Keeps working${reason || ': what it needs is still there'}.`
  if (one.degraded && one.possible === null) return `Goes on with less${reason}.`
  if (one.possible === null) return `Shows at its next restart: an open session or a cache hides it${reason}.`
  return `${when(one)}${reason}.`
}

/** When it goes out and for how long, from both runs. */
function when(one: AssessedDependent): string {
  const [start, end] = one.possible!
  const from = start < 60 ? 'at once' : `${duration(start)} after`
  const back = end === null ? 'until somebody acts' : `for up to ${duration(end - start)}`
  if (one.certain === null) return `May be out from ${from}, ${back}`
  const latest = one.certain[0] > start ? `, at the latest after ${duration(one.certain[0])}` : ''
  return `Out ${start < 60 ? from : `from ${from}`}${latest}, ${back}`
}

/** How it gets what it uses, in words. */
function meansOf({ estate, users }: Assessment, index: number): string | undefined {
  const places = new Set(users.places.map((place) => place.index))
  for (const number of along(estate.out, index)) {
    const relationship = estate.relationships[number]!
    const { to } = ends(estate, relationship)
    const isUse = relationship.kind === 'USES_CREDENTIAL' || (relationship.kind === 'USES_SECRET' && places.has(to))
    if (!isUse) continue
    const words = deliveryWords(relationship)
    if (words) return words
    return estate.entities[index]!.kind === 'caller'
      ? 'seen in a log, nobody known behind it'
      : 'how it takes the value is not known'
  }
  return undefined
}

/** The weakest link between a dependent and what it uses. */
function strengthOfUse({ estate, users }: Assessment, index: number): Dependent['strength'] {
  const places = new Set(users.places.map((place) => place.index))
  let strength: Dependent['strength'] = 'observed'
  let found = false
  for (const number of along(estate.out, index)) {
    const relationship = estate.relationships[number]!
    const isUse =
      relationship.kind === 'USES_CREDENTIAL' ||
      places.has(ends(estate, relationship).to) ||
      relationship.kind === 'DEPENDS_ON'
    if (!isUse) continue
    strength = weaker(strength, strengthOf(relationship))
    found = true
  }
  return found ? strength : 'inferred'
}

export function bandTitle(id: string): string {
  return bands.find((band) => band.id === id)?.title ?? id
}
