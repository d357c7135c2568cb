import { duration, plural } from '../answer/durations.ts'
import type { EntityKind } from '../kinds/entity-kinds.ts'
import type { LogReach } from './after-seen.ts'
import type { CredentialScore, Prediction, ScoredRow, UseOf, WaveScore } from '../wire-cutover.ts'

/**
 * Kinds of which each value has a name of its own in logs: a use of that name after the cut is a use of the old value.
 * Of all others a use that succeeds may be one of the new value, and only a refused one is taken for the old.
 */
const namedValues: ReadonlySet<EntityKind> = new Set([
  'aws.iam_access_key',
  'entra.client_certificate',
  'entra.client_secret',
  'gcp.service_account_key',
  'github.pat',
  'k8s.client_certificate',
  'vault.approle_secret_id',
  'vault.batch_token',
  'vault.periodic_token',
  'vault.service_token',
])
const ROWS = 50

export interface ScoreInput {
  readonly prediction: Prediction
  readonly basis: CredentialScore['basis']
  readonly name: string
  readonly kind: EntityKind
  /** Uses of it and of the places that hold it. */
  readonly seen: readonly UseOf[]
  readonly reaches: readonly LogReach[]
}

/** Where uses of a kind are logged, by the first word of the kind; others only show where a log shows them at all. */
const logOf: ReadonlyMap<string, string> = new Map([
  ['aws', 'cloudtrail'],
  ['vault', 'vault-audit'],
  ['k8s', 'kubernetes-audit'],
  ['github', 'github-audit'],
])

/**
 * How far logs reach that would show a use of it; null: none does beyond the cut. Where each value has its own name, that
 * nobody came with the old one says something; elsewhere somebody has to have been seen.
 */
function reachOf({ kind, reaches, prediction }: ScoreInput, tracks: ReadonlyMap<string, Track>): string | null {
  const log = logOf.get(kind.split('.')[0]!)
  const mayBeSilent = log !== undefined && (namedValues.has(kind) || prediction.members.length === 0)
  if (!mayBeSilent && tracks.size === 0) return null
  const last = reaches
    .filter((one) => log === undefined || tracks.size > 0 || one.log === log)
    .map(({ until }) => until)
    .sort((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1)
  return last !== undefined && Date.parse(last) > Date.parse(prediction.at) ? last : null
}

/** What logs show of one who uses it, after the cut. */
interface Track {
  readonly who: string
  readonly name: string
  failures: number
  firstFailure: string | null
  lastSuccess: string | null
  /** Last use of the credential itself that succeeded, not of a place. */
  lastOld: string | null
  readonly codes: Set<string>
}

/**
 * One change against what was predicted of it before. Whoever is predicted to be safe after steps counts as predicted to
 * keep working: the steps come before the cut. Pure; silence is never counted as success.
 */
export function scoreCredential(input: ScoreInput): CredentialScore {
  const { prediction, basis, name, kind, seen } = input
  const cut = Date.parse(prediction.at)
  const tracks = tracksOf(prediction, seen, cut)
  const reaches = reachOf(input, tracks)
  const passed = reaches === null ? 0 : (Date.parse(reaches) - cut) / 1000
  const groups: Groups = { predictedAndSeen: [], predictedNotSeen: [], seenNotPredicted: [], hiddenCopies: [] }
  const tally = { working: 0, silent: 0, notDue: 0 }
  const listed = new Set<string>()
  for (const member of prediction.members) {
    const track = tracks.get(member.id)
    listed.add(member.id)
    const fails = member.verdict === 'breaks' || member.verdict === 'unknown'
    const row = (words: string): ScoredRow => rowOf(member.name, member.id, predictedWords(member), track, words)
    const failing = track !== undefined && track.failures > 0
    const due = member.surely ?? member.from ?? Infinity
    if (fails && failing) groups.predictedAndSeen.push(row('fails as predicted'))
    else if (fails && passed < due) tally.notDue++
    else if (fails) groups.predictedNotSeen.push(row(notSeen(track, cut + due * 1000)))
    else if (failing) {
      groups.seenNotPredicted.push(row('was predicted to keep working'))
      groups.hiddenCopies.push(
        row('still comes with the old value: a copy that no source shows, or a step that was not done'),
      )
    } else if (track !== undefined && track.lastSuccess !== null) tally.working++
    else tally.silent++
    if (!failing && namedValues.has(kind) && track !== undefined && track.lastOld !== null)
      groups.hiddenCopies.push(row('still uses the old value, and gets in with it'))
  }
  for (const [id, track] of tracks) {
    if (listed.has(id)) continue
    const row = (words: string): ScoredRow => rowOf(track.name, id, 'nobody known to use it', track, words)
    if (track.failures > 0) {
      groups.seenNotPredicted.push(row('nobody known here to use it'))
      groups.hiddenCopies.push(row('comes with the old value: a copy that no source shows'))
    } else if (namedValues.has(kind) && track.lastOld !== null)
      groups.hiddenCopies.push(row('uses the old value, gets in with it, and was on no list'))
  }
  const verdict = verdictOf(groups, reaches, passed, prediction.watch)
  const cutRows = (rows: ScoredRow[]): ScoredRow[] => rows.slice(0, ROWS)
  return {
    ...{ credential: prediction.credential, name, at: prediction.at, until: reaches, snapshot: prediction.snapshot },
    ...{ basis, verdict, sentence: sentenceOf(verdict, groups, tally, prediction, passed) },
    predictedAndSeen: cutRows(groups.predictedAndSeen),
    predictedNotSeen: cutRows(groups.predictedNotSeen),
    seenNotPredicted: cutRows(groups.seenNotPredicted),
    hiddenCopies: cutRows(groups.hiddenCopies),
    counts: {
      predictedAndSeen: groups.predictedAndSeen.length,
      predictedNotSeen: groups.predictedNotSeen.length,
      seenNotPredicted: groups.seenNotPredicted.length,
      hiddenCopies: groups.hiddenCopies.length,
      ...tally,
    },
  }
}

type Groups = Record<'predictedAndSeen' | 'predictedNotSeen' | 'seenNotPredicted' | 'hiddenCopies', ScoredRow[]>
type Member = Prediction['members'][number]

function tracksOf({ credential, members }: Prediction, seen: readonly UseOf[], cut: number): Map<string, Track> {
  const names = new Map(members.map(({ id, name }) => [id, name]))
  const tracks = new Map<string, Track>()
  for (const { who, name, at, ok, code, of } of seen) {
    if (!(Date.parse(at) >= cut)) continue
    let track = tracks.get(who)
    if (!track) {
      const fresh = { failures: 0, firstFailure: null, lastSuccess: null, lastOld: null, codes: new Set<string>() }
      tracks.set(who, (track = { who, name: names.get(who) ?? name ?? who, ...fresh }))
    }
    if (ok) {
      if (track.lastSuccess === null || at > track.lastSuccess) track.lastSuccess = at
      if (of === credential && (track.lastOld === null || at > track.lastOld)) track.lastOld = at
      continue
    }
    track.failures++
    if (track.firstFailure === null || at < track.firstFailure) track.firstFailure = at
    if (code !== undefined) track.codes.add(code)
  }
  return tracks
}

function rowOf(who: string, thing: string, predicted: string, track: Track | undefined, words: string): ScoredRow {
  return {
    ...{ who, thing, predicted, words },
    firstFailure: track?.firstFailure ?? null,
    failures: track?.failures ?? 0,
    lastSuccess: track?.lastSuccess ?? null,
    codes: [...(track?.codes ?? [])].sort(),
  }
}

const predicted = {
  breaks: 'breaks',
  unknown: 'may break',
  steps: 'keeps working after its steps',
  keeps: 'keeps working',
} as const satisfies Record<Member['verdict'], string>

function predictedWords({ verdict, from }: Member): string {
  const is = predicted[verdict]
  return from === null || verdict === 'keeps' || verdict === 'steps'
    ? is
    : `${is}, from ${duration(from)} after the cut`
}

function notSeen(track: Track | undefined, due: number): string {
  return track !== undefined && track.lastSuccess !== null && Date.parse(track.lastSuccess) >= due
    ? 'still works after it should have failed: it has another way, somebody acted, or the cut is not enforced'
    : 'no log shows it failing, nor working'
}

function verdictOf(groups: Groups, reaches: string | null, passed: number, watch: number): CredentialScore['verdict'] {
  if (reaches === null) return 'no-logs'
  const isWrong = groups.predictedNotSeen.some(({ words }) => words.startsWith('still works'))
  if (groups.seenNotPredicted.length > 0 || groups.hiddenCopies.length > 0 || isWrong) return 'differs'
  return passed < watch ? 'too-early' : 'as-predicted'
}

function sentenceOf(
  verdict: CredentialScore['verdict'],
  { predictedAndSeen, predictedNotSeen, seenNotPredicted, hiddenCopies }: Groups,
  { working, silent, notDue }: { working: number; silent: number; notDue: number },
  { watch }: Prediction,
  passed: number,
): string {
  if (verdict === 'no-logs') return 'No log that would show its use reaches beyond the cut: nothing can be said.'
  return [
    `${predictedAndSeen.length} predicted and seen, ${predictedNotSeen.length} predicted and not seen, ${seenNotPredicted.length} seen and not predicted;`,
    `${plural(hiddenCopies.length, 'user')} of the old value; ${working} seen working, ${silent} not seen at all`,
    `(silence is no success)${notDue > 0 ? `, ${notDue} not due yet` : ''}.`,
    `Watched for ${duration(passed)} of ${duration(watch)}.`,
  ].join(' ')
}

/** What follows for a wave: whoever fails and was not to is a reason to go back; what is not known is one to wait. */
export function adviceOf(scores: readonly CredentialScore[]): Pick<WaveScore, 'advice' | 'reason'> {
  const failing = scores.filter(({ counts }) => counts.seenNotPredicted > 0)
  if (failing.length > 0)
    return {
      advice: 'roll-back',
      reason: `${failing[0]!.name}: ${failing[0]!.seenNotPredicted.slice(0, 3).map(({ who }) => who).join(', ')} fail and were not to${failing.length > 1 ? `; ${plural(failing.length - 1, 'credential')} more` : ''}`, // prettier-ignore
    }
  const differs = scores.filter(({ verdict }) => verdict === 'differs')
  if (differs.length > 0)
    return {
      advice: 'wait',
      reason: `${differs[0]!.name}: ${differs[0]!.counts.hiddenCopies > 0 ? 'the old value still gets in' : 'what was to fail still works'}; it may not be cut${differs.length > 1 ? `; ${plural(differs.length - 1, 'credential')} more` : ''}`, // prettier-ignore
    }
  const open = scores.filter(({ verdict }) => verdict !== 'as-predicted')
  if (open.length > 0 || scores.length === 0)
    return {
      advice: 'wait',
      reason:
        scores.length === 0
          ? 'nothing of it is cut'
          : `${plural(open.length, 'credential')} of ${scores.length} not watched for long enough: ${open[0]!.name}: ${open[0]!.sentence}`,
    }
  const silent = scores.reduce((sum, { counts }) => sum + counts.silent, 0)
  return {
    advice: 'close',
    reason: `all as predicted${silent > 0 ? `; ${plural(silent, 'dependant')} said to keep working were not seen at all` : ''}`,
  }
}
