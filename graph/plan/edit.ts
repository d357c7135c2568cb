import { exactly } from '../answer/durations.ts'
import { QuestionError } from '../errors.ts'
import { operations } from '../answer/operations.ts'
import type { PlanEdit, PlanStatus, Who } from '../wire-cutover.ts'
import { DAY, DAYS_BETWEEN, dayOf, isoOf, readFreezes, WINDOW_BEGINS, WINDOW_HOURS } from './calendar.ts'
import { partNames, type KeptPlan, type KeptWave, type PartName, type PlanParts } from './kept-plan.ts'
import { dutyWords } from './raci.ts'

/** What an edit needs to know from outside the plan. */
export interface EditRoom {
  readonly by: Who
  /** ISO 8601. */
  readonly at: string
  readonly snapshot: string
  /** @throws QuestionError where it is no credential that can be planned. */
  nameOf(credential: string): string
  /** Name of a business system. @throws QuestionError where there is none. */
  systemName(id: string): string
  /** The product's own waves of these. */
  propose(credentials: readonly string[], asked: { waves?: number; from?: string }): readonly KeptWave[]
  /** Keys of the runbook's steps. */
  stepsOf(plan: PlanParts, credential: string): readonly string[]
  newId(): string
}

type Edit<D extends PlanEdit['do']> = Extract<PlanEdit, { do: D }>
type Edited = Partial<PlanParts> & { readonly words: string }
type Editor<D extends PlanEdit['do']> = (plan: KeptPlan, edit: Edit<D>, room: EditRoom) => Edited

/** Undo entries are kept with what they put back for so many versions. */
const REMEMBERED = 30
const MOST_OF_A_PLAN = 200
/** Doing and asking is no writing: who ticks a step off may still sign. */
const harmless: readonly PlanEdit['do'][] = ['done', 'undone', 'ask']

/**
 * The plan after these edits, all or none, as one new version. Whether it may be ready is not judged here: that takes
 * an estate.
 * @throws QuestionError for an edit that makes no sense for this plan.
 */
export function edited(plan: KeptPlan, version: number, edits: readonly PlanEdit[], room: EditRoom): KeptPlan {
  let now = plan
  const words: string[] = []
  let undoes: number | undefined
  for (const edit of edits) {
    refuseWhere(now, edit)
    if (edit.do === 'status') {
      words.push(statusWords[edit.status])
      now = { ...now, status: edit.status }
      continue
    }
    if (edit.do === 'undo') {
      if (edits.length > 1)
        throw new QuestionError('bad-change', 'an undo comes alone', 'send the other edits afterwards')
      undoes = edit.edit
      const { words: said, ...parts } = undone(now, edit)
      words.push(said)
      now = { ...now, ...parts }
      continue
    }
    const { words: said, ...parts } = (editors[edit.do] as Editor<typeof edit.do>)(now, edit as never, room)
    words.push(said)
    now = { ...now, ...parts }
  }
  const isAuthor = edits.some((edit) => !harmless.includes(edit.do))
  const before: Partial<Record<PartName, unknown>> = {}
  for (const part of partNames) if (now[part] !== plan[part]) before[part] = plan[part]
  const entry = {
    version: version + 1,
    ...{ by: room.by, at: room.at, snapshot: room.snapshot, words },
    ...(Object.keys(before).length > 0 && { before: before as Partial<PlanParts> }),
    ...(undoes !== undefined && { undoes }),
  }
  return {
    ...now,
    authors: isAuthor ? withAuthor(plan.authors, room.by) : plan.authors,
    log: [...plan.log.map((one, at) => (plan.log.length - at < REMEMBERED ? one : forgotten(one))), entry],
  }
}

const withAuthor = (authors: readonly Who[], by: Who): Who[] =>
  authors.some(({ id }) => id === by.id) ? [...authors] : [...authors, by]

function forgotten({ before: _before, ...entry }: KeptPlan['log'][number]): KeptPlan['log'][number] {
  return entry
}

const statusWords = {
  draft: 'taken back to a draft',
  ready: 'declared ready',
  running: 'begun',
  closed: 'closed',
  'rolled-back': 'rolled back',
} as const satisfies Record<PlanStatus, string>

const nextOf = {
  draft: ['ready'],
  ready: ['draft', 'running'],
  running: ['closed', 'rolled-back', 'ready'],
  closed: [],
  'rolled-back': [],
} as const satisfies Record<PlanStatus, readonly PlanStatus[]>

function refuseWhere(plan: KeptPlan, edit: PlanEdit): void {
  const next: readonly PlanStatus[] = nextOf[plan.status]
  if (next.length === 0)
    throw new QuestionError('bad-change', `the plan is ${plan.status}: nothing in it changes any more`, 'copy it')
  if (edit.do === 'status' && !next.includes(edit.status))
    throw new QuestionError(
      'bad-change',
      `from ${plan.status} a plan does not become ${edit.status}`,
      `possible: ${next.join(', ')}`,
    )
  if (edit.do === 'status' && edit.status === 'closed') refuseClose(plan)
  if (edit.do === 'replan' && plan.status === 'running')
    throw new QuestionError('bad-change', 'the plan is running: its waves stay', 'move single credentials')
  const touched = changesOf(plan, edit)
  const cut = touched.find((credential) => isCut(plan, credential))
  if (cut !== undefined)
    throw new QuestionError(
      'bad-change',
      `${nameIn(plan, cut)} has been cut already`,
      'what has happened is not planned anew; take the mark back if it did not',
    )
}

function refuseClose(plan: KeptPlan): void {
  const stays = new Set(plan.exceptions.filter(({ what }) => what === 'stays').map(({ credential }) => credential))
  const open = plan.items.filter(({ credential }) => !stays.has(credential) && !isCut(plan, credential))
  if (open.length > 0)
    throw new QuestionError(
      'bad-change',
      `${open[0]!.name}${open.length > 1 ? ` and ${exactly(open.length - 1)} more are` : ' is'} not cut yet`,
      'mark the cut as done, take it out, or let it stay by an exception; or roll back',
    )
}

/** Credentials whose change this edit would change: none of them may have happened. */
function changesOf(plan: KeptPlan, edit: PlanEdit): readonly string[] {
  if (edit.do === 'remove' || edit.do === 'move' || edit.do === 'operation') return [edit.credential]
  if (edit.do === 'window') return plan.waves[edit.wave - 1]?.credentials ?? []
  return edit.do === 'replan' ? plan.items.map(({ credential }) => credential) : []
}

/** Keys of steps begin with their phase. */
export const isCut = (plan: Pick<PlanParts, 'done'>, credential: string): boolean =>
  plan.done.some((one) => one.credential === credential && one.step.startsWith('cut: '))

const nameIn = (plan: PlanParts, credential: string): string =>
  plan.items.find((one) => one.credential === credential)?.name ?? credential

function itemIn(plan: PlanParts, credential: string): PlanParts['items'][number] {
  const item = plan.items.find((one) => one.credential === credential)
  if (!item)
    throw new QuestionError('not-found', 'this plan has no such credential', 'add it first, or look at its items')
  return item
}

function waveIn(plan: PlanParts, number: number): KeptWave {
  const wave = plan.waves[number - 1]
  if (!wave) throw new QuestionError('not-found', `there is no wave ${number}`, `this plan has ${plan.waves.length}`)
  return wave
}

/** Without a credential; a wave that is empty then is left out. */
function without(waves: readonly KeptWave[], credential: string): KeptWave[] {
  return waves
    .map((wave) => ({ ...wave, credentials: wave.credentials.filter((one) => one !== credential) }))
    .filter(({ credentials }) => credentials.length > 0)
}

/** Into wave `number`; one more than there are makes a new one, a week after the last. */
function placed(waves: readonly KeptWave[], credential: string, number: number, at: string): KeptWave[] {
  if (number > waves.length + 1)
    throw new QuestionError(
      'bad-change',
      `there is no wave ${number}`,
      `there are ${waves.length}; ${waves.length + 1} makes a new one`,
    )
  if (number === waves.length + 1) return [...waves, { ...nextWindow(waves, at), credentials: [credential] }]
  return waves.map((wave, index) =>
    index === number - 1 ? { ...wave, credentials: [...wave.credentials, credential] } : wave,
  )
}

function nextWindow(waves: readonly KeptWave[], at: string): Omit<KeptWave, 'credentials'> {
  const last = waves.at(-1)
  const start = last
    ? Date.parse(last.start) + DAYS_BETWEEN * DAY
    : Math.floor(Date.parse(at) / DAY) * DAY + DAY + WINDOW_BEGINS * 3_600_000
  const lasts = last ? Date.parse(last.end) - Date.parse(last.start) : WINDOW_HOURS * 3_600_000
  return { title: '', pilot: false, start: isoOf(start), end: isoOf(start + lasts) }
}

function withWave(plan: PlanParts, number: number, change: Partial<KeptWave>): { waves: KeptWave[] } {
  waveIn(plan, number)
  return { waves: plan.waves.map((wave, index) => (index === number - 1 ? { ...wave, ...change } : wave)) }
}

const withItem = (
  plan: PlanParts,
  credential: string,
  change: Partial<PlanParts['items'][number]>,
): { items: PlanParts['items'] } => ({
  items: plan.items.map((one) => (one.credential === credential ? { ...one, ...change } : one)),
})

const day = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}`
const quoted = (text: string): string => `“${text}”`

type EditorName = Exclude<PlanEdit['do'], 'status' | 'undo'>

const editors: { readonly [D in EditorName]: Editor<D> } = {
  rename: (_plan, { name }) => ({ name, words: `called ${quoted(name)}` }),

  add(plan, { credential, wave, op }, room) {
    if (plan.items.some((one) => one.credential === credential))
      throw new QuestionError('bad-change', `${nameIn(plan, credential)} is in the plan already`, 'move it instead')
    if (plan.items.length >= MOST_OF_A_PLAN)
      throw new QuestionError('bad-change', `a plan holds ${MOST_OF_A_PLAN} credentials`, 'make another plan')
    const name = room.nameOf(credential)
    const number = wave ?? plan.waves.length + 1
    return {
      items: [...plan.items, { credential, name, op: op ?? null, proposal: null }],
      waves: placed(plan.waves, credential, number, room.at),
      words: `${name} added to wave ${number}`,
    }
  },

  remove(plan, { credential }) {
    const { name } = itemIn(plan, credential)
    return {
      items: plan.items.filter((one) => one.credential !== credential),
      waves: without(plan.waves, credential),
      words: `${name} taken out`,
    }
  },

  move(plan, { credential, wave }, room) {
    const { name } = itemIn(plan, credential)
    const from = plan.waves.findIndex(({ credentials }) => credentials.includes(credential))
    const emptied = plan.waves.map((one) => ({
      ...one,
      credentials: one.credentials.filter((other) => other !== credential),
    }))
    const waves = placed(emptied, credential, wave, room.at).filter(({ credentials }) => credentials.length > 0)
    return { waves, words: `${name} moved from wave ${from + 1} to wave ${wave}` }
  },

  operation(plan, { credential, op }) {
    const { name } = itemIn(plan, credential)
    return {
      ...withItem(plan, credential, { op }),
      words: op === null ? `${name}: the usual change of its kind` : `${name}: to ${operations[op].verb}`,
    }
  },

  window(plan, { wave, start, end }) {
    if (!(Date.parse(start) < Date.parse(end)))
      throw new QuestionError('bad-change', 'the window ends before it begins', 'start comes before end')
    const [from, until] = [isoOf(Date.parse(start)), isoOf(Date.parse(end))]
    return {
      ...withWave(plan, wave, { start: from, end: until }),
      words: `wave ${wave} from ${day(from)} to ${day(until)} UTC`,
    }
  },

  title: (plan, { wave, title }) => ({
    ...withWave(plan, wave, { title }),
    words: `wave ${wave} called ${quoted(title)}`,
  }),

  pilot: (plan, { wave, pilot }) => ({
    ...withWave(plan, wave, { pilot }),
    words: `wave ${wave} ${pilot ? 'is' : 'is not'} the pilot`,
  }),

  freezes(_plan, { freezes }) {
    readFreezes(freezes.join(','))
    if (freezes.some((one) => one.includes(',')))
      throw new QuestionError('bad-change', 'one freeze an entry', 'for example 2026-12-18..2027-01-04')
    return { freezes: [...freezes], words: freezes.length === 0 ? 'no freeze' : `freezes ${freezes.join(', ')}` }
  },

  name(plan, { duty, name, credential, plane }, { by, at }) {
    const about = credential === undefined ? 'all' : itemIn(plan, credential).name
    const place = { duty, credential: credential ?? null, plane: plane ?? null }
    const others = plan.names.filter(
      (one) => one.duty !== duty || one.credential !== place.credential || one.plane !== place.plane,
    )
    const what = `${dutyWords[duty]} of ${about}${plane === undefined ? '' : ` for ${plane}`}`
    return name === null
      ? { names: others, words: `${what}: as imports say` }
      : { names: [...others, { ...place, name, by, at }], words: `${what}: ${name}` }
  },

  except(plan, { credential, what, risk, owner, reason, until }, { by, at, newId }) {
    const { name } = itemIn(plan, credential)
    if (dayOf(until) === undefined)
      throw new QuestionError('bad-change', 'the last day of the exception is no day', 'write it like 2026-12-31')
    const others = plan.exceptions.filter((one) => one.credential !== credential || one.what !== what)
    return {
      exceptions: [...others, { id: newId(), credential, what, risk, owner, reason, until, by, at }],
      words: `exception for ${name} (${what}) until ${until}, ${risk} risk, ${owner} answers for it: ${reason}`,
    }
  },

  unexcept(plan, { exception }) {
    const found = plan.exceptions.find(({ id }) => id === exception)
    if (!found) throw new QuestionError('not-found', 'there is no such exception', 'see the plan’s exceptions')
    return {
      exceptions: plan.exceptions.filter(({ id }) => id !== exception),
      words: `exception for ${nameIn(plan, found.credential)} (${found.what}) taken back`,
    }
  },

  done(plan, { credential, step, proof }, room) {
    const { name } = itemIn(plan, credential)
    if (plan.status !== 'running')
      throw new QuestionError('bad-change', 'the plan is not running: no step of it can be done', 'begin it first')
    if (!room.stepsOf(plan, credential).includes(step))
      throw new QuestionError('not-found', `the runbook of ${name} has no such step`, 'use the key of a step')
    if (plan.done.some((one) => one.credential === credential && one.step === step))
      throw new QuestionError('bad-change', 'this step is marked as done already', 'take the mark back first')
    return {
      done: [...plan.done, { credential, step, by: room.by, at: room.at, proof }],
      words: `${name}: done, ${step}`,
    }
  },

  undone(plan, { credential, step }) {
    const rest = plan.done.filter((one) => one.credential !== credential || one.step !== step)
    if (rest.length === plan.done.length)
      throw new QuestionError('not-found', 'this step is not marked as done', 'see the runbook')
    return { done: rest, words: `${nameIn(plan, credential)}: not done after all, ${step}` }
  },

  rollback(plan, { credential, proposal }) {
    const { name } = itemIn(plan, credential)
    const words = proposal
      ? `${proposal.restores ? 'the old value comes back' : 'the old value stays shut'}, ${proposal.removesNew ? 'the new one goes' : 'the new one stays'}`
      : 'the usual one'
    return { ...withItem(plan, credential, { proposal }), words: `rollback of ${name}: ${words}` }
  },

  ask(plan, { credential, system, of }, room) {
    const { name } = itemIn(plan, credential)
    const about = system === undefined ? null : { id: system, name: room.systemName(system) }
    const others = plan.asks.filter(
      (one) => one.credential !== credential || (one.system?.id ?? null) !== (about?.id ?? null),
    )
    return {
      asks: [...others, { credential, system: about, of, by: room.by, at: room.at }],
      words: `${of} asked to sign ${name}${about === null ? '' : ` for ${about.name}`}`,
    }
  },

  replan(plan, { waves, from }, room) {
    const credentials = plan.items.map(({ credential }) => credential)
    if (credentials.length === 0) throw new QuestionError('bad-change', 'the plan holds no credential', 'add one first')
    const made = room.propose(credentials, {
      ...(waves !== undefined && { waves }),
      ...(from !== undefined && { from }),
    })
    return { waves: [...made], words: `the product’s own waves: ${made.length}` }
  },
}

/**
 * Can what this entry did be put back? Only while nothing later stands on the same parts; an edit and its undo cancel
 * each other, so a row of undos goes back step by step.
 */
export function isUndoable(plan: KeptPlan, version: number): boolean {
  const { log, status } = plan
  const entry = log.find((one) => one.version === version)
  if (!entry?.before || nextOf[status].length === 0) return false
  const parts = Object.keys(entry.before)
  // What was cut stays where it was cut.
  if (
    plan.items.some(({ credential }) => isCut(plan, credential)) &&
    parts.some((part) => part === 'waves' || part === 'items')
  )
    return false
  const gone = new Set<number>()
  for (const one of [...log].reverse()) if (one.undoes !== undefined && !gone.has(one.version)) gone.add(one.undoes)
  if (gone.has(version)) return false
  const later = log.filter((one) => one.version > version && one.undoes === undefined && !gone.has(one.version))
  return later.every(({ before }) => Object.keys(before ?? {}).every((part) => !parts.includes(part)))
}

function undone(plan: KeptPlan, { edit }: Edit<'undo'>): Edited {
  const entry = plan.log.find(({ version }) => version === edit)
  if (!entry) throw new QuestionError('not-found', `there is no version ${edit}`, 'see the log of the plan')
  if (!isUndoable(plan, edit))
    throw new QuestionError(
      'bad-change',
      `version ${edit} cannot be undone: it changed nothing that can be, or later edits stand on it`,
      'undo the later ones first, or edit the plan',
    )
  return { ...(entry.before as Partial<PlanParts>), words: `undone: ${entry.words.join('; ')}` }
}
