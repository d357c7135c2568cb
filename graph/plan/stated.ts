import type { CutoverNamed, CutoverPlane } from '../wire-cutover.ts'
import type { Duty, Named, RaciRow } from '../wire-plan.ts'
import type { PlanParts } from './kept-plan.ts'
import { raciTable } from './raci.ts'

type Stated = PlanParts['names'][number]

/**
 * Who answers for one credential of a plan: what was stated of this credential, before what imports say, before what was
 * stated of a plane, before what was stated of the whole plan. A duty has a name if it has one wherever it is needed.
 */
export function namesOfPlan(
  names: readonly Stated[],
  credential: string,
  imported: readonly Named[],
): { named: CutoverNamed[]; raci: RaciRow[] } {
  const find = (duty: Duty, of: string | null, plane: CutoverPlane | null): Stated | undefined =>
    names.find((one) => one.duty === duty && one.credential === of && one.plane === plane)
  const byDuty = new Map(imported.map((one) => [one.duty, one]))
  const cell = (duty: Duty, plane: CutoverPlane): string | null => {
    const own = find(duty, credential, plane) ?? find(duty, credential, null)
    const wide = find(duty, null, plane) ?? find(duty, null, null)
    return own?.name ?? byDuty.get(duty)!.name ?? wide?.name ?? null
  }
  const named = imported.map((one): CutoverNamed => {
    const own = find(one.duty, credential, null)
    if (own) return stated(one, own)
    if (one.name !== null) return { ...one, stated: null }
    const wide = find(one.duty, null, null)
    if (wide) return stated(one, wide)
    const cells = planesOf(one.duty, isSupplied(byDuty)).map((plane) => cell(one.duty, plane))
    if (!one.needed || cells.length === 0 || cells.some((name) => name === null)) return { ...one, stated: null }
    return {
      ...one,
      name: [...new Set(cells as string[])].sort().join(', '),
      why: 'stated in this plan, by control plane',
      stated: null,
    }
  })
  const needed = new Map(named.map((one) => [one.duty, one.needed]))
  const raci = raciTable
    .filter(({ plane }) => plane !== 'offboarding' || needed.get('vendor-contact')!)
    .map(({ plane, title, ...duties }): RaciRow => {
      const asked = [duties.responsible, duties.accountable, duties.consulted, duties.informed]
      return {
        ...{ plane, title },
        responsible: cell(duties.responsible, plane),
        accountable: cell(duties.accountable, plane),
        consulted: cell(duties.consulted, plane),
        informed: cell(duties.informed, plane),
        missing: asked.filter((duty) => needed.get(duty)! && cell(duty, plane) === null),
      }
    })
  return { named, raci }
}

function stated({ proposed: _proposed, ...one }: Named, { name, by, at }: Stated): CutoverNamed {
  return { ...one, name, why: `stated in this plan by ${by.name}`, stated: { by, at } }
}

const isSupplied = (byDuty: ReadonlyMap<Duty, Named>): boolean => byDuty.get('vendor-contact')!.needed

/** Planes in which a duty has a part. */
function planesOf(duty: Duty, supplied: boolean): CutoverPlane[] {
  return raciTable
    .filter(({ plane }) => plane !== 'offboarding' || supplied)
    .filter(({ responsible, accountable, consulted, informed }) =>
      [responsible, accountable, consulted, informed].includes(duty),
    )
    .map(({ plane }) => plane)
}
