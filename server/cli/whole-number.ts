import { UsageProblem } from './usage-problem.ts'

/** An option that counts. What is no whole number is refused: a default in its place would answer another question. */
export function wholeNumber(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new UsageProblem('a whole number is needed', 'for example 20')
  return Number(text)
}
