import { plural } from '../answer/durations.ts'
import type { InventoryLine } from '../answer/inventory.ts'
import { thingOf } from '../answer/things.ts'
import type { Estate } from '../estate/estate.ts'
import type { Gate, PlanItem, PlanReply } from '../wire-plan.ts'
import { gateTitles, type Readiness } from './gates.ts'
import { dutyWords, missingOf } from './raci.ts'
import type { Candidate } from './waves.ts'

const CONSUMERS_SHOWN = 50

const levels = { high: 3, medium: 2, low: 1 } as const

/** One credential of a plan with all that is known of it. */
export interface Planned {
  readonly line: InventoryLine
  readonly readiness: Readiness
  readonly risk: number
  /** Entity numbers of what has to go first. */
  readonly after: readonly number[]
}

/** Findings on it, by level: three for high, two for medium, one for low. */
export function riskOf({ found }: InventoryLine): number {
  return found.reduce((sum, { finding }) => sum + levels[finding.level], 0)
}

/** As the order of waves sees it; `exposure`: place of entity numbers in the order of an incident. */
export function candidateOf(
  estate: Estate,
  { line, readiness, risk, after }: Planned,
  exposure: ReadonlyMap<number, number>,
): Candidate {
  const { credential, owner, weight } = line
  const open = readiness.gates.reduce((sum, { state }) => sum + (state === 'met' ? 0 : state === 'unknown' ? 1 : 2), 0)
  const keyOf = (index: number): string => estate.entities[index]!.key
  return {
    ...{ key: keyOf(credential), owner, weight, risk, open, after: after.map(keyOf) },
    ...(exposure.size > 0 && { exposed: exposure.get(credential) ?? exposure.size }),
  }
}

export function itemOf(
  estate: Estate,
  { line, readiness, risk, after }: Planned,
  fall: { breaks: number; unknown: number },
): PlanItem {
  const { op, verdict, ready, gates, consumers, named, raci, rollback } = readiness
  return {
    ...{ credential: thingOf(estate, line.credential), op, owner: line.owner, verdict, ready, rollback, risk },
    gates: [...gates],
    consumers: consumers.slice(0, CONSUMERS_SHOWN),
    consumersCount: consumers.length,
    named: [...named],
    raci: [...raci],
    ...{ weight: line.weight, breaks: fall.breaks, unknown: fall.unknown },
    findings: line.found.map(({ finding }) => finding.id),
    after: after.map((index) => estate.entities[index]!.id),
  }
}

export function gateTotals(
  items: readonly { readonly gates: readonly (Pick<Gate, 'state' | 'todo'> & { readonly id: string })[] }[],
): PlanReply['gates'] {
  const ids = Object.keys(gateTitles) as Gate['id'][]
  const totals = ids.map((id) => {
    const gates = items.map((one) => one.gates.find((gate) => gate.id === id)!)
    const of = (state: Gate['state']): number => gates.filter((gate) => gate.state === state).length
    return {
      ...{ id, title: gateTitles[id], met: of('met'), notMet: of('not-met'), unknown: of('unknown') },
      todo: mostCommon(gates.map(({ todo }) => todo).filter((todo) => todo !== '')),
    }
  })
  return totals.sort((a, b) => b.notMet + b.unknown - (a.notMet + a.unknown) || ids.indexOf(a.id) - ids.indexOf(b.id))
}

function mostCommon(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const one of words) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? ''
}

export function missingNames(items: readonly Pick<PlanItem, 'named'>[]): PlanReply['missing'] {
  const duties = Object.keys(dutyWords) as (keyof typeof dutyWords)[]
  return duties
    .map((duty) => {
      const without = items.filter((one) => missingOf(one.named).some((name) => name.duty === duty))
      return {
        duty,
        credentials: without.length,
        words: `${dutyWords[duty]}: no name for ${plural(without.length, 'credential')}`,
      }
    })
    .filter(({ credentials }) => credentials > 0)
    .sort((a, b) => b.credentials - a.credentials || duties.indexOf(a.duty) - duties.indexOf(b.duty))
}
