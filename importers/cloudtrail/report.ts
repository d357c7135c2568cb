import type { Evidence } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import { parseArn, partitionOf } from '../read/arn.ts'
import type { Sink } from '../importer.ts'
import type { Thing } from './identity.ts'
import { propsOf, type Ledger, type Named, type Seen, type Use } from './ledger.ts'
import type { Locator } from './tallies.ts'

export interface Names {
  readonly files: readonly string[]
  /** Principals by their unique id, which is all that other accounts know of them. */
  readonly principals: ReadonlyMap<string, Thing>
  /** Uses that the trail of the user's own account shows: the other side's word is no second use. */
  readonly ownSide: ReadonlySet<string>
}

/** Gives out what the ledger of one account holds. */
export function report(book: Ledger, sink: Sink, names: Names): void {
  const exact = new Map<string, string>()
  for (const { thing } of book.things.values())
    if (thing.kind === 'aws.lambda_function' || thing.kind === 'aws.ec2_instance')
      exact.set(`${thing.kind}|${parseArn(thing.key)?.account ?? ''}|${thing.name}`, thing.key)
  const final = new Map<string, string>()
  for (const [token, named] of book.workloads) final.set(token, exact.get(token) ?? arnOf(named))
  const nameOf = (key: string): string => final.get(key) ?? known(key, names)?.key ?? key

  const accounts = new Map<string, string>()
  for (const [token, { kind, name, account }] of inOrder(book.workloads)) {
    const id = final.get(token)!
    sink.entity({ id, kind, name, aliases: [name], props: { account } })
    accounts.set(id, account)
  }
  for (const one of sorted(book.things)) {
    const thing = known(one.thing.key, names) ?? one.thing
    const props = propsOf({ ...one, thing })
    sink.entity({
      id: thing.key,
      kind: thing.kind,
      name: thing.name,
      ...(thing.aliases === undefined ? {} : { aliases: [...thing.aliases] }),
      ...(Object.keys(props).length === 0 ? {} : { props }),
    })
    const account = accountOf(thing)
    if (account !== undefined) accounts.set(thing.key, account)
  }
  for (const account of [...new Set(accounts.values())].sort())
    sink.entity({ id: keys.awsAccount(account), kind: 'aws.account', name: account })
  for (const [id, account] of inOrder(accounts))
    sink.relationship({
      kind: 'CONTAINED_IN',
      from: id,
      to: keys.awsAccount(account),
      evidence: [{ source: 'cloudtrail', kind: 'observed' }],
    })
  for (const [id, repository] of inOrder(book.definedIn)) {
    sink.entity({ id: keys.githubRepository(repository), kind: 'github.repository', name: repository })
    sink.relationship({
      kind: 'DEFINED_IN',
      from: id,
      to: keys.githubRepository(repository),
      evidence: [{ source: 'cloudtrail', kind: 'observed', note: 'the subject of its OIDC token' }],
    })
  }
  for (const use of sorted(book.uses)) {
    const [from, to] = [nameOf(use.from), nameOf(use.to)]
    const isOtherSide = from !== use.from && !final.has(use.from)
    if (isOtherSide && names.ownSide.has(`${use.kind} ${from} > ${to}`)) continue
    reportUse(use, from, to, sink, names)
  }
}

/** By key: what is given out does not depend on the order in which events came. */
const inOrder = <T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1))
const sorted = <T>(map: ReadonlyMap<string, T>): readonly T[] => inOrder(map).map(([, value]) => value)

function reportUse(use: Use, from: string, to: string, sink: Sink, { files }: Names): void {
  const ends = { kind: use.kind, from, to, ...(use.attributed ? {} : { attributed: false }) }
  const cadence = use.times?.cadence()
  if (use.good !== undefined)
    sink.observation({
      ...ends,
      ...(cadence === undefined ? {} : { cadence }),
      evidence: { ...evidenceOf(use.good, files, 'observed'), ...noteOf(use, use.good) },
    })
  if (use.refused !== undefined)
    sink.observation({
      ...ends,
      evidence: {
        ...evidenceOf(use.refused, files, 'inferred'),
        note: `refused each time: it still holds credentials that had expired or are not valid${use.good === undefined ? '; no call got through' : ''}`,
      },
    })
}

function evidenceOf(seen: Seen, files: readonly string[], kind: Evidence['kind']): Evidence {
  return {
    source: 'cloudtrail',
    kind,
    file: files[seen.at.file] ?? '',
    record: recordOf(seen.at).slice(0, 256),
    ...(Number.isNaN(seen.first) ? {} : { firstSeen: instantOf(seen.first) }),
    ...(Number.isNaN(seen.last) ? {} : { lastSeen: instantOf(seen.last) }),
    count: seen.count,
  }
}

function noteOf({ notes, denied }: Use, { count }: Seen): { note?: string } {
  const parts = [...notes].sort()
  if (denied > 0) parts.push(`${denied} of ${count} denied`)
  return parts.length === 0 ? {} : { note: parts.join('; ').slice(0, 400) }
}

export const instantOf = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z')

function recordOf({ words, text }: Locator): string {
  if (text !== undefined) return text
  const hex = [...words].map((word) => word.toString(16).padStart(8, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

const PRINCIPAL = keys.awsPrincipalId('')

function known(key: string, { principals }: Names): Thing | undefined {
  return key.startsWith(PRINCIPAL) ? principals.get(key.slice(PRINCIPAL.length)) : undefined
}

function accountOf(thing: Thing): string | undefined {
  const account = parseArn(thing.key)?.account
  return account === undefined || account === '' || account === 'aws' ? undefined : account
}

/** The region it was seen in most; that of an earlier name where two were seen as often. */
function arnOf({ kind, account, name, regions }: Named): string {
  const [region = 'unknown'] = [...regions].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0] ?? []
  const partition = partitionOf(region)
  return kind === 'aws.lambda_function'
    ? `arn:${partition}:lambda:${region}:${account}:function:${name}`
    : `arn:${partition}:ec2:${region}:${account}:instance/${name}`
}
