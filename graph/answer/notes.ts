import { along } from '../estate/estate.ts'
import { effectCodes } from '../kinds/change-kinds.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { isAssumed, marks } from '../kinds/marks.ts'
import { mintedSessions } from '../kinds/minted-sessions.ts'
import type { Note } from '../wire.ts'
import { callFacts } from './actions.ts'
import { isRefused, isWithoutEffect, type Assessment } from './assess.ts'
import { withArticle } from './article.ts'
import { undoWords } from './change-words.ts'
import { duration, plural } from './durations.ts'
import { lagAt } from './lag.ts'
import { canOverlap, changeRow, effectOf, operations } from './operations.ts'
import { slotsTakenBy } from './slots.ts'
import { warningsOf } from './warnings.ts'

/** What the spans cannot say (engine.md, "Beside the outages"), the loudest first. */
export function notesOf(assessment: Assessment): Note[] {
  const notes = [noEffect, latent, survivors, notReversible, slotsTaken, noOverlap, lostRedundancy, silentFallback]
  return [...notes, warningsOf, assumedLag].flatMap((note) => note(assessment))
}

/** An action that does nothing on this kind: the operator believes that access has ended. */
export function hasNoEffect({ estate, subject, op }: Assessment): boolean {
  return isWithoutEffect(estate, subject, op)
}

function noEffect(assessment: Assessment): Note[] {
  if (!hasNoEffect(assessment)) return []
  const { estate, subject, op } = assessment
  const entity = estate.entities[subject]!
  const row = changeRow(entity.kind)
  return [
    {
      kind: 'no-effect',
      text: `${operations[op].doing} has no effect on ${withArticle(entityKinds[entity.kind].title)}: access does not end. ${row?.note ?? ''}`.trim(),
    },
  ]
}

function latent({ dependents }: Assessment): Note[] {
  const hidden = dependents.filter((one) => one.latent && one.verdict !== 'keeps')
  if (hidden.length === 0) return []
  const text = `${plural(hidden.length, 'dependant')} would not show the loss until the next restart, scale-out or reconnect.`
  return [{ kind: 'latent', text, count: hidden.length }]
}

function survivors({ estate, subject, op }: Assessment): Note[] {
  const { kind } = estate.entities[subject]!
  const row = changeRow(kind)
  const { codes } = effectOf(kind, op)
  if (operations[op].engine === 'rotate' || (row?.survives !== 'true' && row?.survives !== 'mixed')) return []
  if (codes.every((code) => code === 'cut' || code === 'none')) return []
  const most = mintedSessions[kind]?.most
  const longest = typeof most === 'number' && row.role !== 'secret' ? ` It can live for up to ${duration(most)}.` : ''
  return [{ kind: 'survivor', text: `What was already made from it lives on: ${effectCodes[codes[0]]}.${longest}` }]
}

function notReversible({ estate, subject, op }: Assessment): Note[] {
  if (op === 'revoke')
    return [
      {
        kind: 'not-reversible',
        text: 'Revoking cannot be undone. Where the platform can disable it first, do that and wait.',
      },
    ]
  const { reversible } = callFacts(estate, subject, op)
  const isFinal = op === 'disable' || op === 'delete' || op === 'lose' || op === 'offboard'
  return isFinal && reversible === 'no' ? [{ kind: 'not-reversible', text: undoWords(estate, subject, op) }] : []
}

/** Two keys a user, both taken: no overlap without giving one up first. */
function slotsTaken({ estate, subject }: Assessment): Note[] {
  const others = slotsTakenBy(estate, subject).map((index) => estate.entities[index]!.name)
  if (others.length === 0) return []
  return [
    {
      kind: 'partial',
      text: `All ${others.length + 1} slots are taken (also ${others.join(', ')}): free one before a second value can be made.`,
    },
  ]
}

/** Whoever replaces it by configuration destroys the old one first, whatever overlap was asked for here. */
function noOverlap({ estate, subject, op }: Assessment): Note[] {
  const { props } = estate.entities[subject]!
  if (operations[op].engine !== 'rotate' || props?.['managedBy'] !== 'terraform') return []
  if (props['replacedWithOverlap'] !== false) return []
  const by = props['rotatesBy'] === undefined ? '' : ` A change of ${String(props['rotatesBy'])} does so in one apply.`
  return [
    {
      kind: 'partial',
      text: `Terraform destroys the old value before the new one is there: no overlap.${by} A copy that it does not write stops at once.`,
    },
  ]
}

/** Dependents that hold out on their other way and have none left. */
function lostRedundancy(assessment: Assessment): Note[] {
  const bare = assessment.dependents.filter(
    ({ verdict, index }) => verdict === 'keeps' && losesAlternative(assessment, index),
  )
  if (bare.length === 0) return []
  const keep = `${plural(bare.length, 'dependant')} ${bare.length === 1 ? 'keeps' : 'keep'}`
  return [
    {
      kind: 'lost-redundancy',
      text: `${keep} working on another path, with one path less from then on.`,
      count: bare.length,
    },
  ]
}

function losesAlternative(assessment: Assessment, index: number): boolean {
  const { estate, base } = assessment
  for (const number of along(estate.out, index)) {
    const relationship = estate.relationships[number]!
    const to = estate.heads[number]!
    if (relationship.need !== undefined && (isRefused(assessment, to) || base.possible(to) !== null)) return true
  }
  return false
}

/**
 * A copy behind the one that is struck: the platform takes it without a word when the first is deleted, and not at all
 * when only its value is refused. What then runs is another value, which may do less, or more.
 */
function silentFallback(assessment: Assessment): Note[] {
  const { estate } = assessment
  const behind = new Set<string>()
  let count = 0
  for (const { index } of assessment.dependents) {
    const ways = [...along(estate.out, index)].filter((number) => estate.relationships[number]!.need !== undefined)
    const isStruck = (number: number): boolean => isRefused(assessment, estate.heads[number]!)
    const open = ways.filter(
      (number) => estate.relationships[number]!.props?.['fallback'] === true && !isStruck(number),
    )
    if (open.length === 0) continue
    const struck = ways.filter(isStruck).map((number) => estate.relationships[number]!)
    const next = open.filter((number) => {
      const way = estate.relationships[number]!
      return struck.some(
        ({ need, props }) => need === way.need && Number(props?.['order']) < Number(way.props?.['order']),
      )
    })
    if (next.length > 0) count++
    for (const number of next) {
      const { name, key } = estate.entities[estate.heads[number]!]!
      behind.add(`${name} of ${key.split(':')[1]!.split('/secret/')[0]!}`)
    }
  }
  if (count === 0) return []
  const names = [...behind].sort().slice(0, 5).join(', ')
  const take = `${plural(count, 'dependant')} ${count === 1 ? 'takes' : 'take'}`
  return [
    {
      kind: 'fallback',
      text: `Deleting this copy fails nowhere: ${take} ${names} instead, without a word, and that is another value. Refusing the value while the copy stands leaves them with the refused one.`,
      count,
    },
  ]
}

function assumedLag({ estate, subject, op }: Assessment): Note[] {
  const kind = estate.entities[subject]!.kind
  const { span, mark, set } = lagAt(estate, subject, op)
  if (op === 'expire' || set || !isAssumed(mark) || span[1] === 0) return []
  const overlap = op === 'rotate' && !canOverlap(kind) ? ' One value at a time is assumed.' : ''
  return [
    {
      kind: 'assumed',
      text: `Refused everywhere within ${duration(span[1])}: ${marks[mark].words}, not published by the platform.${overlap}`,
    },
  ]
}
