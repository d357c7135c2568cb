import type { Estate } from '../estate/estate.ts'
import type { CompareBody, CompareReply, SeenUse } from '../wire-acts.ts'
import { QuestionError } from '../errors.ts'
import type { AssessedDependent, Assessment } from './assess.ts'
import { bands } from './bands.ts'
import { assessed, snapshotOf } from './blast.ts'
import { duration, plural } from './durations.ts'
import { operations } from './operations.ts'
import { thingOf } from './things.ts'

type Compared = CompareReply['notDue'][number]

/** What logs show of one who uses the credential, after the change. */
interface Track {
  failures: number
  firstFailure: string | undefined
  lastSuccess: string | undefined
  readonly codes: Set<string>
}

/**
 * A change that was made against what was predicted of it: predicted and seen, predicted and not seen though its time has
 * come, seen and not predicted. A pure function of the estate before the change and of what logs say after it.
 * @throws QuestionError `bad-change` where the time of the change cannot be read
 */
export function answerCompare(estate: Estate, id: string, body: CompareBody): CompareReply {
  const at = Date.parse(body.at)
  if (!Number.isFinite(at))
    throw new QuestionError(
      'bad-change',
      'the time of the change cannot be read',
      'ISO 8601, like 2026-11-20T04:00:00Z',
    )
  const { op, overlap } = body
  const assessment = assessed(estate, id, { ...(op && { op }), ...(overlap !== undefined && { overlap }) }, body.at)
  const seen = body.seen.filter((one) => Date.parse(one.at) >= at)
  const last = seen.reduce((most, one) => Math.max(most, Date.parse(one.at)), at)
  const until = Math.max(last, Date.parse(body.until ?? '') || last)
  const { tracks, strangers } = tracksOf(estate, seen)
  const groups = sorted(assessment, tracks, (until - at) / 1000, at)
  for (const [who, track] of strangers) if (track.failures > 0) groups.seenNotPredicted.push(stranger(who, track))
  return {
    snapshot: snapshotOf(estate),
    subject: thingOf(estate, assessment.subject),
    op: assessment.op,
    at: iso(at),
    until: iso(until),
    ...verdictOf(assessment, groups),
    ...groups,
  }
}

type Groups = Pick<CompareReply, 'predictedAndSeen' | 'predictedNotSeen' | 'seenNotPredicted' | 'notDue'>

function iso(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
}

function tracksOf(estate: Estate, seen: readonly SeenUse[]) {
  const numbers = new Map<string, number>()
  estate.entities.forEach(({ id, key, name, aliases = [] }, index) => {
    for (const word of [id, key]) numbers.set(word, index)
    for (const word of [name, ...aliases]) if (!numbers.has(word)) numbers.set(word, index)
  })
  const tracks = new Map<number, Track>()
  const strangers = new Map<string, Track>()
  for (const { who: said, name, at, ok, code } of seen) {
    const index = numbers.get(said)
    const who = name ?? said
    const track = (index === undefined ? strangers.get(who) : tracks.get(index)) ?? {
      failures: 0,
      firstFailure: undefined,
      lastSuccess: undefined,
      codes: new Set<string>(),
    }
    if (index === undefined) strangers.set(who, track)
    else tracks.set(index, track)
    if (ok) {
      if (track.lastSuccess === undefined || at > track.lastSuccess) track.lastSuccess = at
      continue
    }
    track.failures++
    if (track.firstFailure === undefined || at < track.firstFailure) track.firstFailure = at
    if (code !== undefined) track.codes.add(code)
  }
  return { tracks, strangers }
}

function sorted(assessment: Assessment, tracks: ReadonlyMap<number, Track>, passed: number, at: number): Groups {
  const { estate } = assessment
  const groups: Groups = { predictedAndSeen: [], predictedNotSeen: [], seenNotPredicted: [], notDue: [] }
  const listed = new Set<number>()
  for (const one of assessment.dependents) {
    listed.add(one.index)
    const track = tracks.get(one.index)
    const predicted = one.verdict !== 'keeps'
    if (!predicted && (track === undefined || track.failures === 0)) continue
    const row = rowOf(estate, one, track, at)
    if (!predicted) groups.seenNotPredicted.push({ ...row, words: 'was predicted to keep working' })
    else if (track !== undefined && track.failures > 0)
      groups.predictedAndSeen.push({ ...row, words: 'fails as predicted' })
    else if (latest(one) > passed) groups.notDue.push({ ...row, words: notDueWords(one) })
    else groups.predictedNotSeen.push({ ...row, words: notSeenWords(one, track, at) })
  }
  for (const [index, track] of tracks)
    if (!listed.has(index) && track.failures > 0)
      groups.seenNotPredicted.push({ ...stranger(estate.entities[index]!.name, track), thing: thingOf(estate, index) })
  return groups
}

/** Seconds after which it is out in the best case too; a latent loss shows at a restart that nobody can date. */
function latest({ certain, possible, verdict }: AssessedDependent): number {
  if (verdict === 'unknown' && certain === null) return possible === null ? Infinity : possible[0]
  return certain === null ? Infinity : certain[0]
}

function rowOf(estate: Estate, one: AssessedDependent, track: Track | undefined, at: number): Omit<Compared, 'words'> {
  const band = bands.find(({ id }) => id === one.band)!
  const from = one.possible === null ? '' : `, from ${iso(at + one.possible[0] * 1000)}`
  return {
    thing: thingOf(estate, one.index),
    who: estate.entities[one.index]!.name,
    predicted:
      one.verdict === 'keeps' ? null : `${one.verdict === 'unknown' ? 'may break' : 'breaks'}: ${band.title}${from}`,
    ...seenOf(track),
  }
}

function seenOf(track: Track | undefined): Pick<Compared, 'firstFailure' | 'failures' | 'lastSuccess' | 'codes'> {
  return {
    firstFailure: track?.firstFailure ?? null,
    failures: track?.failures ?? 0,
    lastSuccess: track?.lastSuccess ?? null,
    codes: [...(track?.codes ?? [])].sort(),
  }
}

function stranger(who: string, track: Track): Compared {
  return { thing: null, who, predicted: null, ...seenOf(track), words: 'nobody known here to use it' }
}

function notDueWords(one: AssessedDependent): string {
  const due = latest(one)
  return due === Infinity
    ? 'shows at its next restart, scale-out or reconnect'
    : `at the latest ${duration(due)} after the change`
}

function notSeenWords(one: AssessedDependent, track: Track | undefined, at: number): string {
  const due = at + latest(one) * 1000
  if (track?.lastSuccess !== undefined && Date.parse(track.lastSuccess) >= due)
    return 'still works after it should have failed: it has another way, somebody acted, or the change is not enforced'
  if (one.verdict === 'unknown') return 'was possible only, and no log here shows it failing'
  return 'no log here shows it failing, nor working: silence is no success'
}

function verdictOf({ op }: Assessment, groups: Groups): Pick<CompareReply, 'verdict' | 'sentence'> {
  const { predictedAndSeen, predictedNotSeen, seenNotPredicted, notDue } = groups
  const wrong = predictedNotSeen.filter(({ words }) => words.startsWith('still works'))
  const differs = seenNotPredicted.length > 0 || wrong.length > 0
  const parts = [
    `${operations[op].doing}: ${plural(predictedAndSeen.length, 'prediction')} seen`,
    `${predictedNotSeen.length} not seen${wrong.length > 0 ? ` (${wrong.length} still working)` : ''}`,
    `${seenNotPredicted.length} seen and not predicted`,
    ...(notDue.length > 0 ? [`${notDue.length} not due yet`] : []),
  ]
  const isEarly = !differs && predictedAndSeen.length === 0 && predictedNotSeen.length === 0 && notDue.length > 0
  return { verdict: differs ? 'differs' : isEarly ? 'too-early' : 'as-predicted', sentence: `${parts.join(', ')}.` }
}
