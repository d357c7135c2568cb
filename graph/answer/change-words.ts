import { entityKinds } from '../kinds/entity-kinds.ts'
import type { Estate } from '../estate/estate.ts'
import type { Operation } from '../wire.ts'
import type { Assessment } from './assess.ts'
import { duration, plural } from './durations.ts'
import { lagAt } from './lag.ts'
import { changeRow, operations } from './operations.ts'
import { textProp } from './things.ts'

/** What was simulated, in words: "disabled now; refused everywhere within 5 min". */
export function wordsOfChange({ estate, subject, op, at, change, targets }: Assessment): string {
  const entity = estate.entities[subject]!
  const lag = lagAt(estate, subject, op).span[1]
  const everywhere = lag === 0 ? 'at once' : lag === null ? 'nobody knows when' : `everywhere within ${duration(lag)}`
  const { overlap } = change
  const back = change.until === undefined ? '' : `, and back after ${duration(change.until)}`
  const retired = overlap
    ? `the old one refused after ${duration(overlap)}`
    : 'the old one refused at once, there is no overlap'
  const words = {
    revoke: `revoked now; refused ${everywhere}`,
    disable: `disabled now; refused ${everywhere}${back}`,
    rotate: `a new value now; ${retired}`,
    'rotate-in-place': 'a new value now; the old one refused at once',
    'rotate-users': `a second user now; the first one refused ${overlap ? `after ${duration(overlap)}` : 'at once'}`,
    'enforce-vault': `a new value now, in the vault alone; ${retired}`,
    'enforce-jit': `from now on given out on request alone; ${overlap ? `the static one refused after ${duration(overlap)}` : 'the static one refused at once'}`,
    expire: `not renewed; refused from ${at ?? textProp(entity, 'expiresAt') ?? 'its expiry'}, from which times count`,
    delete: `deleted now; gone ${everywhere}`,
    reduce: `${plural(targets.relationships.length, 'right')} taken away now; denied ${everywhere}`,
    distrust: `${plural(targets.relationships.length, 'trust')} taken away now; denied ${everywhere}`,
    'take-down': `down now${back || ', until somebody brings it back'}${among(targets.entities.length - 1)}`,
    lose: `lost now, for good${among(targets.entities.length - 1)}`,
    offboard: `${plural(targets.entities.length, 'thing')} revoked, deleted or stopped now; refused ${everywhere}`,
  } as const satisfies Record<Operation, string>
  return words[op]
}

function among(others: number): string {
  return others > 0 ? `, with ${plural(others, 'secret')} kept in it` : ''
}

/** How it is undone, or that it cannot be. */
export function undoWords(estate: Estate, subject: number, op: Operation): string {
  const { kind } = estate.entities[subject]!
  const { title } = entityKinds[kind]
  if (op === 'revoke') return `A revoked ${title} cannot be brought back: a new one has to be made and delivered.`
  if (op === 'expire') return 'Renew or replace it before that moment.'
  if (operations[op].engine === 'rotate') return 'Until the old value is refused, consumers can go back to it.'
  if (operations[op].engine === 'cut')
    return 'Give the same rights back: they work again as soon as the platform knows.'
  if (op === 'take-down') return 'Bring it up again.'
  if (op === 'lose' || op === 'offboard') return 'Cannot be undone: what is gone has to be made anew.'
  const row = changeRow(kind)
  const how = row?.note.match(/reversible_by: ([^;]+)/)?.[1]
  // "no (delete: what stays broken) / policy (deny)": deleting is final, what else may be done to it is not.
  const [, broken, otherwise = how] = how?.match(/^no \(delete: ([^)]+)\) \/ (.+)$/) ?? []
  if (op === 'delete' && (broken !== undefined || !how || how.includes('delete: no')))
    return `A deleted ${title} cannot be brought back as it was${broken === undefined ? '' : `: ${broken}`}.`
  if (op === 'delete') return `Within limits: ${how}.`
  return row?.reversible === 'false'
    ? 'Cannot be undone on this platform.'
    : otherwise
      ? `Can be undone: ${otherwise}.`
      : 'Can be enabled again.'
}
