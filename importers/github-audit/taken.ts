import type { SkipReason } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { ScopeLedger, Where } from './ledger.ts'
import type { Event } from './records.ts'

export type Outcome = 'mapped' | 'merged' | SkipReason

/** An event with what it is of. */
export interface Taken {
  readonly event: Event
  readonly at: string | undefined
  readonly where: Where
  readonly scope: ScopeLedger
  /** `owner/name`, where the event is of a repository. */
  readonly repository: string | undefined
  readonly owner: string | undefined
}

/** ISO 8601 with zone; GitHub writes milliseconds, streams and collectors write texts. */
export function momentOf(value: number | string | null | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'number') return inRange(value < 1e11 ? value * 1000 : value)
  if (value.length < 10 || value.length > 40 || !isDate(value)) return undefined
  const spaced = value.replace(' ', 'T')
  const isZoned = spaced.endsWith('Z') || spaced.includes('+', 10) || spaced.lastIndexOf('-') > 9
  return inRange(Date.parse(isZoned ? spaced : `${spaced}Z`))
}

const isDate = (text: string): boolean => text[4] === '-' && text[7] === '-'

function inRange(ms: number): string | undefined {
  const time = new Date(ms)
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString().replace('.000Z', 'Z')
}

/** The key pair that a fingerprint names. */
export function deployKeyOf(
  { scope, repository }: Taken,
  fingerprint: string,
  moment: Parameters<ScopeLedger['entity']>[1],
): { readonly key: string } {
  const marked = fingerprint.startsWith('SHA256:') ? fingerprint : `SHA256:${fingerprint}`
  const key = keys.sshKey(marked)
  const props = repository === undefined ? {} : { repository }
  scope.entity({ id: key, kind: 'ssh.authorized_key', aliases: [marked], props }, moment)
  return { key }
}
