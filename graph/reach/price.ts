/** Dependents that break if something stops now, and those of which it is not known. */
export interface Price {
  readonly breaks: number
  readonly unknown: number
}

/** Orders prices: in the worst case all that is unknown breaks too; of equal ones the fewer certain breaks. */
export function cheaper(a: Price, b: Price): number {
  return a.breaks + a.unknown - (b.breaks + b.unknown) || a.breaks - b.breaks
}
