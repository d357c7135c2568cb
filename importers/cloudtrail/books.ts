import { keys } from '../../graph/keys.ts'
import type { RunContext } from '../importer.ts'
import { heardDays, type HeardDays } from '../read/heard-days.ts'
import { activity, type Activity } from './activity.ts'
import type { Caller, Effect, Origin } from './effect.ts'
import { AT, type Change } from './history.ts'
import type { Thing } from './identity.ts'
import { ledger, type Ledger } from './ledger.ts'
import { instantOf, report } from './report.ts'
import { sessions } from './sessions.ts'
import { tallies, type Locator, type Tally } from './tallies.ts'
import { workloadOfSubject, type Workload } from './workload.ts'

/** Effects and tallies held before they are written into the ledgers: memory for some ten MB. */
const EFFECTS = 20_000
const TALLIES = 400_000

/**
 * Everything that events have shown so far. An event costs a count here; the ledgers are written when much has
 * gathered, and at the end. What was done in sessions whose source is not known yet is held back until it is.
 */
export function books() {
  const held = tallies()
  const known = sessions()
  const ledgers = new Map<string, Ledger>()
  const principals = new Map<string, Thing>()
  const builds = new Map<string, Thing>()
  const files: string[] = []
  let effects: (Effect | undefined)[] = []
  /** `marks` of each effect: effects have many forms, and looking into one costs more than the rest of an event. */
  let marksOf: number[] = []
  /** Days on which an account's trail has any event, by account and by effect. */
  const heard = new Map<string, HeardDays>()
  let heardOf: HeardDays[] = []
  /** By row of `held`: when it was used, where the source is known. */
  let times: (Activity | undefined)[] = []
  let live = 0
  /** Sessions that were written without their source because too many were open. */
  let unfollowed = 0
  let generation = 0

  const ledgerOf = (account: string): Ledger => {
    const book = ledgers.get(account) ?? ledger()
    ledgers.set(account, book)
    return book
  }

  const heardIn = (account: string): HeardDays => {
    const days = heard.get(account) ?? heardDays()
    heard.set(account, days)
    return days
  }

  const workloadKey = (workload: Workload, region: string | undefined, count: number, book: Ledger): string => {
    if (!('build' in workload)) return book.workload(workload, region, count)
    return book.thing(builds.get(workload.build) ?? workload.otherwise)
  }

  const write = (tally: Tally, activity: Activity | undefined): void => {
    const effect = effects[tally.effect]!
    const book = ledgerOf(effect.account)
    const source = known.source(tally.session)
    const behind = effect.caller === undefined ? undefined : callerBehind(effect.caller, source)
    const caller = behind === undefined ? undefined : writeCaller(effect, behind, tally, book, activity)
    const { outcome } = effect
    for (const { kind, from, to, note, notesSource } of effect.statements) {
      if (from === 'caller') {
        if (caller === undefined) continue
        const said = {
          outcome,
          attributed: behind!.workload !== undefined,
          note,
        }
        book.use(kind, caller, book.thing(to), said, tally, activity)
        continue
      }
      const credential = notesSource === true ? (effect.caller?.credential ?? source?.credential) : undefined
      const said = {
        outcome,
        attributed: true,
        note: credential === undefined ? note : `with ${credential.name}`,
      }
      const key = 'key' in from ? book.thing(from) : workloadKey(from, effect.region, tally.count, book)
      if (!('key' in from) && 'thing' in from && from.identity !== undefined)
        book.use('RUNS_AS', key, book.thing(from.identity), said, tally)
      book.use(kind, key, book.thing(to), said, tally)
    }
  }

  const writeCaller = (
    effect: Effect,
    behind: Behind,
    tally: Tally,
    book: Ledger,
    activity: Activity | undefined,
  ): string => {
    const { identity, credential, call, sessionName } = effect.caller!
    const { source, workload } = behind
    const said = {
      outcome: effect.outcome,
      attributed: workload !== undefined,
    }
    const key =
      workload === undefined ? book.thing(behind.thing) : workloadKey(workload, effect.region, tally.count, book)
    if (workload === undefined || ('thing' in workload && workload.definedIn !== undefined)) {
      const thing = workload === undefined ? behind.thing : (workload as { thing: Thing }).thing
      book.list(thing, 'calls', call)
      if (sessionName !== undefined) book.list(thing, 'sessionNames', sessionName)
    }
    if (source?.credential !== undefined) {
      const note = credential === undefined ? `through a session of ${identity.name}` : undefined
      book.use('USES_CREDENTIAL', key, book.thing(source.credential), { ...said, note }, tally, activity)
    }
    if (source?.subject !== undefined) book.use('RUNS_AS', key, book.thing(source.subject), said, tally)
    const account = workload !== undefined && 'thing' in workload ? workload.identity : undefined
    if (account !== undefined) book.use('RUNS_AS', key, book.thing(account), said, tally)
    if (credential === undefined) book.use('RUNS_AS', key, book.thing(identity), said, tally, activity)
    return key
  }

  /** Writes into the ledgers whatever `ready` says, and forgets it. */
  const settle = (ready: (tally: Tally, source: number) => boolean): void => {
    const kept = new Set<number>()
    const sums = tallies()
    const sumTimes: Activity[] = []
    held.drain((tally, row) => {
      const source = tally.session <= 0 ? -tally.session : known.sourceOf(tally.session)
      if (!ready(tally, source)) {
        kept.add(tally.effect)
        return true
      }
      const sum = sums.join(source, tally)
      const own = times[row]
      if (sumTimes[sum] === undefined) sumTimes[sum] = own ?? activity()
      else if (own !== undefined) sumTimes[sum].join(own)
      if (own === undefined) {
        sumTimes[sum].add(tally.first)
        sumTimes[sum].add(tally.last)
      }
      return false
    })
    sums.drain((tally, row) => {
      write(tally, sumTimes[row])
      return false
    })
    for (let number = 0; number < effects.length; number++) if (!kept.has(number)) effects[number] = undefined
    times = []
    live = kept.size
    generation++
  }

  const settleSome = (): void => {
    settle((tally, source) => tally.session <= 0 || source !== 0)
    if (live <= EFFECTS / 2 && held.count() <= TALLIES / 2) return
    unfollowed += held.count()
    settle(() => true)
  }

  return {
    sessions: known,

    file(name: string): number {
      files.push(name)
      return files.length - 1
    },

    /** Grows when effects are forgotten: numbers given out before are no longer good. */
    generation: (): number => generation,

    /** @returns a number by which the effect can be counted until the next `generation` */
    effect(effect: Effect): number {
      if (live >= EFFECTS) settleSome()
      live++
      effects.push(effect)
      marksOf.push(marksOfEffect(effect))
      heardOf.push(heardIn(effect.account))
      if (effect.principal !== undefined) setFirst(principals, effect.principal.id, effect.principal.identity)
      return effects.length - 1
    },

    effectOf: (number: number): Effect => effects[number]!,
    marksOf: (number: number): number => marksOf[number]!,

    /** One event. `session`: in which it was made; `made`: which it handed out. 0 for none. */
    count(number: number, session: number, made: number, time: number, at: Locator): void {
      const own = marksOf[number]!
      heardOf[number]!.at(time)
      if (made !== 0 && (own & marks.mints) !== 0) {
        const { mints } = effects[number]!
        known.made(made, mints === 'session' ? undefined : mints, session)
      }
      const source = session === 0 ? 0 : known.sourceOf(session)
      const row = held.add(source === 0 ? session : -source, number, time, at)
      if ((own & marks.hasCaller) !== 0 && (session === 0 || source !== 0)) (times[row] ??= activity()).add(time)
      if (held.count() >= TALLIES) settleSome()
    },

    /** What an event changed for good. */
    change(change: Change, name: string, by: Thing, account: string, time: number, at: Locator): void {
      const book = ledgerOf(account)
      const when = Number.isNaN(time) ? undefined : instantOf(time)
      book.thing(change.thing)
      for (const [prop, value] of Object.entries(change.facts)) {
        if (value !== AT) book.fact(change.thing, prop, value, time)
        else if (when !== undefined) book.fact(change.thing, prop, when, time)
      }
      book.history(change.thing, `${when ?? 'at an unknown time'} ${name} by ${by.name}`)
      if (change.of === undefined) return
      const tally: Tally = {
        session: 0,
        effect: 0,
        count: 1,
        first: time,
        last: time,
        at,
      }
      const said = {
        outcome: 'done',
        attributed: true,
        note: change.note,
      } as const
      book.use('AUTHENTICATES_AS', change.thing.key, book.thing(change.of), said, tally)
    },

    build(build: string, project: Thing): void {
      setFirst(builds, build, project)
    },

    unfollowed: (): number => unfollowed,

    report(context: RunContext): void {
      settle(() => true)
      const ownSide = new Set([...ledgers.values()].flatMap((book) => [...book.uses.keys()]))
      for (const [account, book] of [...ledgers].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const scope = {
          id: `aws/${account}`,
          title: `AWS account ${account}`,
          complete: false,
        }
        const sink = context.scope(scope)
        heard.get(account)?.tell(sink)
        report(book, sink, { files, principals, ownSide })
      }
      effects = []
      marksOf = []
      heardOf = []
      times = []
    },
  }
}
export type Books = ReturnType<typeof books>

/** Of two that are told of one id, which no trail does, the same is kept whichever comes first. */
function setFirst(known: Map<string, Thing>, id: string, thing: Thing): void {
  const other = known.get(id)
  if (other === undefined || thing.key < other.key) known.set(id, thing)
}

/** What of an effect is asked of each event. */
export const marks = {
  isSkipped: 1,
  hasCaller: 2,
  inSession: 4,
  mints: 8,
} as const

function marksOfEffect({ skip, caller, mints }: Effect): number {
  const inSession = caller !== undefined && caller.credential === undefined && caller.session !== undefined
  return (
    (skip === undefined ? 0 : marks.isSkipped) |
    (caller === undefined ? 0 : marks.hasCaller) |
    (inSession ? marks.inSession : 0) |
    (mints === undefined ? 0 : marks.mints)
  )
}

interface Behind {
  readonly source: Origin | undefined
  readonly workload: Workload | undefined
  /** The caller, where no workload is known. */
  readonly thing: Thing
}

/**
 * Who is behind a call. Keyed by the credential where it is known, so that what one key does through many sessions is
 * one caller. A name that somebody gave a session does not outweigh the credential that it came from.
 */
function callerBehind(caller: Caller, fromSession: Origin | undefined): Behind {
  const source = caller.credential === undefined ? fromSession : { credential: caller.credential }
  const { subject, credential } = source ?? {}
  const named = credential === undefined && subject === undefined ? caller.workload : undefined
  const workload =
    caller.certain && caller.workload !== undefined
      ? caller.workload
      : (source?.workload ?? ofSubject(subject) ?? named)
  const { network, agent, runtime } = caller
  const from = credential?.key ?? subject?.key ?? caller.identity.key
  const thing: Thing = {
    key: keys.caller(from, network, agent),
    kind: 'caller',
    name: `${agent} from ${network}`,
    props: { network, agent, ...(runtime === undefined ? {} : { runtime }) },
  }
  return { source, workload, thing }
}

function ofSubject(subject: Thing | undefined): Workload | undefined {
  const said = subject?.props?.subject
  return typeof said === 'string' ? workloadOfSubject(said, subject!.key) : undefined
}
