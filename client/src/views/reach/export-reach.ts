import type { ReachReply } from '../../../../graph/wire.ts'
import { say } from '../../app/say.ts'
import { csv } from '../../model/csv.ts'
import { exportName } from '../../model/export-name.ts'
import { utc } from '../../model/moments.ts'
import { save } from '../../model/save.ts'
import { markdownText } from '../../model/summary.ts'
import { exact, overallRows, plural } from '../../model/verdict.ts'
import type { Mask } from '../../ui/export-dialog.tsx'
import { notes, type Note } from './notes.ts'
import { priceOf } from './price-words.ts'
import type { ShownReach } from './shown-reach.ts'
import { optionsOf } from './reach-queries.ts'
import { stateOf } from './state-words.ts'
import type { Together } from './together.ts'

const thingColumns = [
  'thing',
  'kind',
  'where',
  'links away',
  'how',
  'only possible',
  'used',
  'crown jewel',
  'id',
] as const
const actionColumns = ['action', 'paths cut', 'break', 'unknown', 'verdict', 'in the cheapest set', 'undo'] as const

/** Everything listed and every action as CSV; the last lines say what the file stands on. */
export function exportReachCsv(shown: ShownReach, mask: Mask): void {
  const reply = mask(shown.reply)
  const yes = (is: boolean): string => (is ? 'yes' : '')
  const things = [...reply.things, ...reply.web.more].map((one) => [
    ...[one.name, one.title, one.where ?? '', String(one.links), one.way],
    ...[yes(one.may), yes(one.used), yes(one.jewel), one.id],
  ])
  const actions = optionsOf(reply).map((one) => [
    ...[one.title, String(one.routes), String(one.price.breaks), String(one.price.unknown)],
    ...[overallRows[one.verdict].word, yes(one.chosen), one.undoRun ?? one.undo],
  ])
  const rotation = reply.rotation.steps.map(({ words, thing }, at) => [String(at + 1), words, thing.title, thing.id])
  const rows = [
    [...thingColumns],
    ...things,
    [],
    [...actionColumns],
    ...actions,
    [],
    ['rotate', 'what', 'kind', 'id'],
    ...rotation,
    [],
    ...footer(reply, things.length),
  ]
  save(csv(rows), reachFile(reply, 'csv'), 'text/csv')
  say(`${exact(things.length)} things exported`)
}

const footer = (reply: ReachReply, count: number): string[][] => [
  ['subject', reply.subject.name],
  ['assumed since', reply.since ?? ''],
  ['addresses', reply.networks.join(', ')],
  ['answer', reply.headline.title],
  ['lower bound, because', reply.lowerBound.join('; ')],
  ['things in this file', `${count} of ${reply.counts.things}`],
  ['graph as of', reply.snapshot.at === null ? '' : utc(reply.snapshot.at)],
  ['snapshot', reply.snapshot.id],
  ['coverage', reply.coverage.sentence],
  ['link', location.href],
]

export function exportReachMarkdown({ reply, together }: ShownReach, mask: Mask): void {
  const safe = mask(reply)
  save(reachMarkdown(safe, location.href, together, notesUnder(mask)), reachFile(safe, 'md'), 'text/markdown')
  say('Incident exported as Markdown')
}

/** The notes alone, oldest first. */
export function exportTimeline(reply: ReachReply): void {
  save(timelineMarkdown(reply, notes.peek()), reachFile(reply, 'md', 'timeline'), 'text/markdown')
  say('Timeline exported as Markdown')
}

/** Schema name of the JSON export: the answer of the API, what is ticked and what that does, the notes. */
export const REACH_SCHEMA = 'keyfall.reach/1'

export function exportReachJson({ reply, together }: ShownReach, mask: Mask): void {
  const { ticked, by, price, cut, routes, served } = together
  const answer = mask(reply)
  const file = {
    schema: REACH_SCHEMA,
    link: location.href,
    answer,
    ...(ticked.length > 0 && {
      ticked: { actions: ticked.map(({ id }) => id), by, price, cut, routes, served: served && mask(served) },
    }),
    notes: notesUnder(mask),
  }
  save(`${JSON.stringify(file, null, 2)}\n`, reachFile(answer, 'json'), 'application/json')
  say('Answer exported as JSON')
}

/** What was written may hold names; where it was written does not. */
const notesUnder = (mask: Mask): Note[] => notes.peek().map((note) => ({ ...note, words: mask([note.words])[0]! }))

/** The answer for a ticket: what is within reach, actions, order of rotation, what survives, what it stands on. */
export function reachMarkdown(
  reply: ReachReply,
  link: string,
  together: Pick<Together, 'ticked'> & Parameters<typeof stateOf>[0],
  pinned: readonly Note[] = [],
): string {
  const { subject, headline, containment, rotation, survivors, snapshot } = reply
  const lines = [
    `## ${markdownText(headline.title)}: ${markdownText(subject.name)}`,
    '',
    markdownText(headline.sentence),
    '',
    `- From: ${markdownText(subject.title)} ${markdownText(subject.name)}${subject.where ? ` in ${markdownText(subject.where)}` : ''}`,
    `- Assumed: ${reply.since === null ? 'since any time' : `since ${utc(reply.since)}`}, ${reply.networks.length === 0 ? 'from anywhere' : `from ${markdownText(reply.networks.join(', '))}`}`,
    ...reply.lowerBound.map((reason) => `- Lower bound: ${markdownText(reason)}`),
  ]
  if (reply.jewels.length > 0) lines.push('', '### Crown jewels within reach', '')
  for (const { thing, shortest } of reply.jewels) {
    const way = [subject.name, ...shortest.hops.map(({ to }) => to.name)].map(markdownText).join(' → ')
    lines.push(`- ${markdownText(thing.name)} (${plural(thing.links, 'link')}${thing.used ? ', used' : ''}): ${way}`)
  }
  if (containment.options.length > 0) lines.push('', '### Contain, best first', '')
  for (const option of optionsOf(reply))
    lines.push(
      `1. ${markdownText(option.title)}: ${exact(option.routes)} of ${plural(containment.routes, 'path')} cut; ${markdownText(priceOf(option))}. Undo: ${markdownText(option.undoRun ?? option.undo)}`,
    )
  const state = stateOf(together)
  if (state !== '') {
    lines.push('', '### Ticked', '', `${markdownText(state)}.`, '')
    for (const option of together.ticked)
      lines.push(`- ${markdownText(optionsOf(reply).find(({ id }) => id === option.id)?.title ?? option.id)}`)
  }
  if (rotation.steps.length > 0) lines.push('', '### Rotate, in this order', '')
  for (const step of rotation.steps) lines.push(`1. ${markdownText(step.words)} (${markdownText(step.thing.title)})`)
  if (survivors.length > 0) lines.push('', '### Survives', '')
  for (const one of survivors)
    lines.push(
      `- ${markdownText(one.what)} of ${markdownText(one.credential.name)}, ${one.until === null ? 'no known end' : `until ${utc(one.until)}`}. ${markdownText(one.cut)}`,
    )
  lines.push(...timelineLines(pinned))
  const at = snapshot.at === null ? 'no import yet' : utc(snapshot.at)
  lines.push(
    '',
    `Graph as of ${at}${snapshot.sample ? ' (sample data)' : ''}, snapshot ${markdownText(snapshot.id)}. ${markdownText(reply.coverage.sentence)} <${link}>`,
    '',
  )
  return lines.join('\n')
}

/** One line a note: when, what, what was ticked then, and the view it was written on. */
function timelineLines(pinned: readonly Note[]): string[] {
  if (pinned.length === 0) return []
  const line = ({ at, words, state, path }: Note): string =>
    `- ${utc(at)}: ${markdownText(words)}${state === '' ? '' : `. ${markdownText(state)}`} <${location.origin}${path}>`
  return ['', '### Timeline', '', ...pinned.map(line)]
}

export function timelineMarkdown(reply: ReachReply, pinned: readonly Note[]): string {
  const { subject, snapshot, coverage } = reply
  const at = snapshot.at === null ? 'no import yet' : utc(snapshot.at)
  return [
    `## Incident: ${markdownText(subject.title)} ${markdownText(subject.name)}`,
    ...timelineLines(pinned),
    '',
    `Graph as of ${at}, snapshot ${markdownText(snapshot.id)}. ${markdownText(coverage.sentence)}`,
    '',
  ].join('\n')
}

/** `keyfall-reach-AKIAxQK7-20261120T0400Z.csv`. */
export const reachFile = (reply: ReachReply, ending: string, what = 'reach'): string =>
  exportName(what, reply.subject.name, reply.snapshot.at, ending)
