import type { EntityFact, Evidence, Props, SkipReason } from '../../../graph/facts.ts'
import { keys } from '../../../graph/keys.ts'
import { entityKinds, type EntityKind } from '../../../graph/kinds/entity-kinds.ts'
import type { RunContext, Sink } from '../../importer.ts'
import { hasWildcard, isMasked, parseArn, type Arn } from '../arn.ts'

/** What is known over all files of a run. */
export interface Run {
  /** Id of the importer, as evidence names it. */
  readonly source: string
  readonly context: RunContext
  readonly sinks: Map<string, Sink>
  /** KMS keys by the ARN of their alias. */
  readonly keyOfAlias: Map<string, string>
  /** ARNs of KMS keys by their id; an id that two keys have (one in each of several regions) leads to none. */
  readonly keyOfId: Map<string, string | undefined>
  /** Listed secrets and parameters by `digest` of account, region and name; `null` where two have the name. */
  readonly listed: Map<string, string | null>
  /** What needs all files: aliases of keys, names of secrets. */
  readonly atEnd: (() => void)[]
}

export interface Origin {
  readonly file: string
  readonly record: string
  /** When the platform saw it so, where the record says that. */
  readonly seen?: string | undefined
}

/** What is known before the first file. */
export function startRun(source: string, context: RunContext): Run {
  return {
    source,
    context,
    sinks: new Map(),
    keyOfAlias: new Map(),
    keyOfId: new Map(),
    listed: new Map(),
    atEnd: [],
  }
}

/** One described thing, and where its facts go. */
export interface Scene {
  readonly arn: Arn
  readonly sink: Sink
  readonly origin: Origin
  readonly run: Run
}

/** The scene of the thing with this ARN; the reason where it names no thing of an account. */
export function sceneOf(arn: string, origin: Origin, run: Run): Scene | SkipReason {
  if (isMasked(arn) || hasWildcard(arn)) return 'masked-identifier'
  const parsed = parseArn(arn)
  if (parsed === undefined || parsed.account === '' || parsed.account.length > 64) return 'missing-identifier'
  return { arn: parsed, sink: sinkOf(parsed.account, run), origin, run }
}

/** What an account's facts go into. A thing that is only mentioned (a role, a team) is told once. */
function sinkOf(account: string, run: Run): Sink {
  const known = run.sinks.get(account)
  if (known !== undefined) return known
  const scope = run.context.scope({ id: `aws/${account}`, title: `AWS account ${account}`, complete: false })
  const mentioned = new Set<string>()
  const sink: Sink = {
    ...scope,
    entity(fact) {
      if (fact.evidence === undefined) {
        if (mentioned.has(fact.id)) return
        mentioned.add(fact.id)
      }
      scope.entity(fact)
    },
  }
  run.sinks.set(account, sink)
  return sink
}

/** An ARN in the same account, and by default the same region. */
export function arnBeside({ arn }: Scene, service: string, resource: string, region = arn.region): string {
  return `arn:${arn.partition}:${service}:${region}:${arn.account}:${resource}`
}

export const lastPart = (arn: string): string => arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1)

export function evidenceOf({ origin, run }: Scene, note?: string, kind: Evidence['kind'] = 'declared'): [Evidence] {
  const { file, record, seen } = origin
  const when = seen === undefined ? {} : { lastSeen: seen }
  return [{ source: run.source, kind, file, record, ...when, ...(note === undefined ? {} : { note }) }]
}

interface Described {
  readonly id: string
  readonly kind: EntityKind
  readonly name: string
  readonly aliases?: readonly string[]
  readonly props: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>
  readonly tags?: ReadonlyMap<string, string>
}

/** The thing itself, its account, and whom its tags name: the team that owns it, the system it serves. */
export function describe(scene: Scene, { id, kind, name, aliases = [], props, tags = new Map() }: Described): void {
  const { sink, arn } = scene
  const fact: EntityFact = {
    id,
    kind,
    name,
    props: given({ ...Object.fromEntries(tags), ...props }),
    evidence: evidenceOf(scene),
  }
  sink.entity(aliases.length === 0 ? fact : { ...fact, aliases: [...aliases] })
  sink.entity({ id: keys.awsAccount(arn.account), kind: 'aws.account', name: arn.account })
  sink.relationship({ kind: 'CONTAINED_IN', from: id, to: keys.awsAccount(arn.account), evidence: evidenceOf(scene) })
  const team = tags.get('team') ?? tags.get('owner')
  if (team !== undefined) {
    sink.entity({ id: keys.team(team), kind: 'business.team', name: team })
    sink.relationship({ kind: 'OWNED_BY', from: id, to: keys.team(team), evidence: evidenceOf(scene, 'tag') })
  }
  const system = tags.get('system') ?? tags.get('application')
  if (system === undefined || entityKinds[kind].role !== 'workload') return
  sink.entity({ id: keys.system(system), kind: 'business.system', name: system })
  sink.relationship({ kind: 'DEPENDS_ON', from: keys.system(system), to: id, evidence: evidenceOf(scene, 'tag') })
}

/** The ARN of a role, where the text is one. ECS and others also take a bare name, which lacks its path. */
export function roleIn(text: string | undefined): string | undefined {
  if (text === undefined || isMasked(text)) return undefined
  const arn = parseArn(text)
  return arn?.service === 'iam' && arn.resource.startsWith('role/') ? text : undefined
}

export function runsAs(scene: Scene, from: string, role: string | undefined, note: string): void {
  const arn = roleIn(role)
  if (arn === undefined) return
  scene.sink.entity({ id: arn, kind: 'aws.iam_role', name: lastPart(arn) })
  scene.sink.relationship({
    kind: 'RUNS_AS',
    from,
    to: arn,
    delivery: 'platform_attached',
    evidence: evidenceOf(scene, note),
  })
}

/**
 * Encryption with a key that is called by ARN, id or alias. Which key an alias means is known after the last file; an
 * alias that no file resolves stands for its key. Nothing is said where AWS uses its own key without naming it.
 */
export function encryptedBy(scene: Scene, from: string, key: string | undefined, note: string): void {
  const arn = key === undefined ? undefined : keyArn(key, scene)
  if (arn === undefined) return
  scene.run.atEnd.push(() => {
    const to = scene.run.keyOfAlias.get(arn) ?? arn
    const resource = parseArn(to)!.resource
    const name = resource.startsWith('alias/') ? resource : lastPart(to)
    scene.sink.entity({ id: to, kind: 'aws.kms_key', name, aliases: [name] })
    scene.sink.relationship({ kind: 'ENCRYPTED_BY', from, to, evidence: evidenceOf(scene, note) })
  })
}

function keyArn(key: string, scene: Scene): string | undefined {
  if (key === '' || isMasked(key)) return undefined
  if (key.startsWith('arn:')) return parseArn(key)?.service === 'kms' ? key : undefined
  return arnBeside(scene, 'kms', key.startsWith('alias/') ? key : `key/${key}`)
}

/** Only what the reply says: no empty lists, nothing undefined. */
export function given(props: Described['props']): Props {
  const kept = Object.entries(props).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(kept) as Props
}
