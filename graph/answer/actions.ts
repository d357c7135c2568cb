import { effectCodes } from '../kinds/change-kinds.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { platformCalls, type PlatformCall } from '../kinds/platform-calls.ts'
import { marks, type Mark } from '../kinds/marks.ts'
import type { Estate } from '../estate/estate.ts'
import type { Action, Operation } from '../wire.ts'
import { undoWords } from './change-words.ts'
import { actionsOf, changeRow, effectOf } from './operations.ts'
import { headOf, textProp } from './things.ts'

/** Everything that can be asked of a thing: effect, undo, command, how well each is known. Nothing of it is ever run. */
export function actionFacts(estate: Estate, subject: number): Action[] {
  const entity = estate.entities[subject]!
  return actionsOf(entity).map(({ op, title, available, why }) => ({
    op,
    title,
    available,
    ...(why !== undefined && { why }),
    effect: effectWords(estate, subject, op),
    ...callFacts(estate, subject, op),
  }))
}

/** The command of the platform and its undo, with names filled in and quoted for a shell. */
export function callFacts(
  estate: Estate,
  subject: number,
  op: Operation,
): Pick<Action, 'run' | 'undo' | 'reversible' | 'until' | 'mark' | 'sources'> {
  const call: PlatformCall | undefined = platformCalls[estate.entities[subject]!.kind]?.[op]
  const { mark } = effectOf(estate.entities[subject]!.kind, op)
  const row = changeRow(estate.entities[subject]!.kind)
  if (!call)
    return {
      run: [],
      undo: undoWords(estate, subject, op),
      reversible: reversibleWithout(estate, subject, op),
      mark: mark ?? 'A',
      sources: row ? [`change-semantics ${row.section}`] : [],
    }
  const fill = (text: string): string => filled(estate, subject, text)
  return {
    run: call.run.map(fill),
    undo: call.undo === null ? undoWords(estate, subject, op) : fill(call.undo),
    reversible: call.undo === null ? 'no' : 'yes',
    ...(call.until !== undefined && { until: call.until }),
    mark: weakest(call.mark, mark),
    sources: [...call.sources, ...(row ? [`change-semantics ${row.section}`] : [])],
  }
}

function reversibleWithout(estate: Estate, subject: number, op: Operation): Action['reversible'] {
  if (op === 'revoke' || op === 'lose' || op === 'offboard' || op === 'expire') return 'no'
  if (op === 'delete') return changeRow(estate.entities[subject]!.kind)?.reversible === 'true' ? 'yes' : 'unknown'
  if (op === 'disable') {
    const said = changeRow(estate.entities[subject]!.kind)?.reversible
    return said === 'true' ? 'yes' : said === 'false' ? 'no' : 'unknown'
  }
  return 'yes'
}

function weakest(a: Mark, b: Mark | undefined): Mark {
  const order = Object.keys(marks)
  return b === undefined || order.indexOf(a) >= order.indexOf(b) ? a : b
}

/** What the operation does to dependents, in the words of the table. */
export function effectWords(estate: Estate, subject: number, op: Operation): string {
  const { codes, at, words } = effectOf(estate.entities[subject]!.kind, op)
  const later =
    at === 'retire'
      ? ', once the old one is retired'
      : at === 'cutover'
        ? ', at the cut-over'
        : at
          ? ', at the next rotation'
          : ''
  if (op === 'take-down') return 'what needs it waits as long as its cache or its session lets it'
  return `${codes.map((code) => effectCodes[code]).join('; or: ')}${later}${words ? ` (${words})` : ''}`
}

/**
 * Values for the words in braces; what is not known stays in capitals for the person to fill in. `another`: the command
 * is about a value that does not exist yet, so its name and key stay open.
 */
export function filled(estate: Estate, subject: number, text: string, another = false): string {
  const entity = estate.entities[subject]!
  const identity = headOf(estate, subject, 'AUTHENTICATES_AS')
  const known = new Map<string, string | undefined>([
    ['name', another ? 'ID_OF_THE_NEW_ONE' : entity.name],
    ['key', another ? 'ID_OF_THE_NEW_ONE' : entity.key],
    // A token is called after what it is; the platform knows the secret that it stands in.
    ['secretName', textProp(entity, 'secretName') ?? entity.key.split('/secret/')[1]?.split('#')[0]],
    ['identity', identity === undefined ? undefined : estate.entities[identity]!.name],
    ...['namespace', 'cluster', 'repository', 'mount'].map((name) => [name, textProp(entity, name)] as const),
  ])
  const parts = text.split(/[{}]/)
  return parts.map((part, at) => (at % 2 === 0 ? part : (quoted(known.get(part)) ?? part.toUpperCase()))).join('')
}

/** Names come out of files: whatever a shell could read more into stands in quotes. */
function quoted(value: string | undefined): string | undefined {
  if (value === undefined || value === '') return undefined
  if (/^[A-Za-z0-9_.:/@+=-]+$/.test(value) && !value.startsWith('-')) return value
  return `'${value.replaceAll("'", `'\\''`)}'`
}

/** What is done to each part of a set of changes. */
export function partWords(estate: Estate, index: number, op: Operation): string {
  if (op === 'take-down') return 'down'
  if (op === 'lose') return 'lost'
  const { role } = entityKinds[estate.entities[index]!.kind]
  return role === 'credential' ? 'revoked' : role === 'workload' || role === 'system' ? 'stopped' : 'deleted'
}
