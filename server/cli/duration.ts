import { Operation } from '../../graph/wire.ts'
import { UsageProblem } from './usage-problem.ts'

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/** `90s`, `15m`, `24h`, `7d`, or a number of seconds. */
export function secondsOf(text: string): number {
  const match = /^([0-9]{1,9})([smhd]?)$/.exec(text)
  if (!match) throw new UsageProblem(`a time is like 90s, 15m, 24h or 7d`, 'a number alone means seconds')
  return Number(match[1]) * units[(match[2] || 's') as keyof typeof units]
}

/** What may be done, by name. */
export function operationOf(text: string | undefined): Operation | undefined {
  if (text === undefined) return undefined
  const found = Operation.options.find((one) => one === text)
  if (!found) throw new UsageProblem('there is no such operation', `there are ${Operation.options.join(', ')}`)
  return found
}
