import { along } from '../estate/estate.ts'
import type { Dependent } from '../wire.ts'
import { isRefused, type AssessedDependent, type Assessment } from './assess.ts'
import { duration } from './durations.ts'
import { operations } from './operations.ts'
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

/** "Out at once, until somebody acts: environment, read at start." One sentence, never without a reason. */
export function whyOf(assessment: Assessment, one: AssessedDependent): string {
  if (one.verdict === 'keeps') return `${keepsBecause(assessment, one.index)}.`
  const means = meansOf(assessment, one.index)
  const reason = means ? `: ${means}` : ''
  if (one.degraded && one.possible === null) return `Goes on with less${reason}.`
  if (one.possible === null) return `Shows at its next restart: an open session or a cache hides it${reason}.`
  return `${when(one)}${reason}.`
}

/** What saves it: another way, the new value in time, or nothing that it needs is lost. */
function keepsBecause(assessment: Assessment, index: number): string {
  const { estate, op, base } = assessment
  let uses: string | undefined
  for (const number of along(estate.out, index)) {
    const relationship = estate.relationships[number]!
    const to = estate.heads[number]!
    const lost = isRefused(assessment, to) || base.possible(to) !== null
    if (relationship.need !== undefined && !lost && relationship.confidence !== 'possible')
      return `Keeps working on another path: ${estate.entities[to]!.name}`
    if (isRefused(assessment, to)) uses = deliveryWords(relationship) ?? uses
  }
  return operations[op].engine === 'rotate' && uses
    ? `Takes the new value in time: ${uses}`
    : 'Keeps working: what it needs is still there'
}

/** When it goes out and for how long, from both runs. */
function when(one: AssessedDependent): string {
  const [start, end] = one.possible!
  const from = start < 60 ? 'at once' : `${duration(start)} after`
  const back = end === null ? 'until somebody acts' : `for up to ${duration(end - start)}`
  if (one.certain === null) return `May be out ${from}, ${back}`
  const latest = one.certain[0] > start ? `, at the latest after ${duration(one.certain[0])}` : ''
  return `Out ${from}${latest}, ${back}`
}

/** How it gets what it uses, or why that is not sure, in words. */
function meansOf(assessment: Assessment, index: number): string | undefined {
  const { estate } = assessment
  for (const number of along(estate.out, index)) {
    const relationship = estate.relationships[number]!
    if (!usesValue(relationship.kind) || !isRefused(assessment, estate.heads[number]!)) continue
    if (estate.entities[index]!.kind === 'caller') return 'seen in a log, nobody known behind it'
    const words = deliveryWords(relationship)
    if (relationship.confidence === 'possible') return `its use was inferred, not seen${words ? ` (${words})` : ''}`
    return words ?? 'how it takes the value is not known'
  }
  return undefined
}

function usesValue(kind: string): boolean {
  return kind === 'USES_SECRET' || kind === 'USES_CREDENTIAL'
}

/** The weakest link between a dependent and what it uses. */
function strengthOfUse(assessment: Assessment, index: number): Dependent['strength'] {
  const { estate } = assessment
  let strength: Dependent['strength'] = 'observed'
  let found = false
  for (const number of along(estate.out, index)) {
    const relationship = estate.relationships[number]!
    const isUse = isRefused(assessment, estate.heads[number]!) || relationship.kind === 'DEPENDS_ON'
    if (!isUse) continue
    strength = weaker(strength, strengthOf(relationship))
    found = true
  }
  return found ? strength : 'inferred'
}
