import type { EntityFact, Evidence } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { RelationshipKind } from '../../graph/kinds/relationship-kinds.ts'
import { parseArn, partitionOf } from '../read/arn.ts'
import type { Sink } from '../importer.ts'
import type { Thing } from './identity.ts'

export type Outcome = 'done' | 'denied' | 'refused'

/** One event, as far as every use it shows has it in common. */
export interface Sighting {
  /** Undefined where the record has lost its time. */
  readonly at: string | undefined
  readonly file: string
  readonly record: string
  readonly outcome: Outcome
}

interface Use {
  readonly kind: RelationshipKind
  readonly from: string
  readonly to: string
  readonly attributed: boolean
  readonly note: string | undefined
  first: string | undefined
  last: string | undefined
  file: string
  record: string
  count: number
  denied: number
  refused: number
}

interface Known {
  readonly thing: Thing
  readonly lists: Map<string, Set<string>>
  readonly facts: Map<string, string>
}

/** A workload of which the log gives the name but not the region: it calls services of other regions as well. */
interface Named {
  readonly kind: 'aws.lambda_function' | 'aws.ec2_instance'
  readonly account: string
  readonly name: string
  readonly regions: Map<string, number>
}

const LIST_LENGTH = 40

/**
 * What the log of one account shows, summed up: one line for each use however many events show it, so that memory
 * grows with the number of callers and things, not with the number of events.
 */
export function ledger() {
  const uses = new Map<string, Use>()
  const things = new Map<string, Known>()
  const workloads = new Map<string, Named>()

  const know = (thing: Thing): Known => {
    const known = things.get(thing.key)
    if (known !== undefined) return known
    const fresh: Known = { thing, lists: new Map(), facts: new Map() }
    things.set(thing.key, fresh)
    return fresh
  }

  return {
    thing(thing: Thing): string {
      know(thing)
      return thing.key
    },

    /** A word about a thing: its services, its session names. The first forty of each list are kept. */
    list(thing: Thing, prop: string, value: string): void {
      const { lists } = know(thing)
      const list = lists.get(prop) ?? new Set<string>()
      lists.set(prop, list)
      if (list.size < LIST_LENGTH) list.add(value.slice(0, 200))
    },

    /** A fact about a thing; a later one replaces it. */
    fact(thing: Thing, prop: string, value: string | undefined): void {
      if (value !== undefined) know(thing).facts.set(prop, value)
    },

    /** @returns a provisional key: the region is decided when all calls are known */
    workload(kind: Named['kind'], account: string, name: string, region: string | undefined): string {
      const token = `${kind}|${account}|${name}`
      const named = workloads.get(token) ?? { kind, account, name, regions: new Map<string, number>() }
      workloads.set(token, named)
      if (region !== undefined) named.regions.set(region, (named.regions.get(region) ?? 0) + 1)
      return token
    },

    use(
      kind: RelationshipKind,
      from: string,
      to: string,
      sighting: Sighting,
      attributed: boolean,
      note?: string,
    ): void {
      const key = `${kind} ${from} > ${to}`
      const { at, file, record, outcome } = sighting
      const use = uses.get(key) ?? {
        ...{ kind, from, to, attributed, note, first: at, last: at, file, record },
        ...{ count: 0, denied: 0, refused: 0 },
      }
      uses.set(key, use)
      use.count++
      if (outcome !== 'done') use[outcome]++
      if (at === undefined) return
      if (use.first === undefined || at < use.first) use.first = at
      if (use.last === undefined || at >= use.last) {
        use.last = at
        use.file = file
        use.record = record
      }
    },

    emit(sink: Sink): void {
      const final = new Map([...workloads].map(([token, named]) => [token, arnOf(named)]))
      const evidenceOf = (use: Use): Evidence => ({
        source: 'cloudtrail',
        kind: 'observed',
        file: use.file,
        record: use.record.slice(0, 256),
        ...(use.first === undefined ? {} : { firstSeen: use.first }),
        ...(use.last === undefined ? {} : { lastSeen: use.last }),
        count: use.count,
        ...noteOf(use),
      })
      const accounts = new Map<string, string>()
      for (const [token, named] of workloads) {
        const id = final.get(token)!
        sink.entity({
          id,
          kind: named.kind,
          name: named.name,
          aliases: [named.name],
          props: { account: named.account },
        })
        accounts.set(id, named.account)
      }
      for (const known of things.values()) {
        sink.entity(entityOf(known))
        const account = accountOf(known.thing)
        if (account !== undefined) accounts.set(known.thing.key, account)
      }
      for (const account of new Set(accounts.values()))
        sink.entity({ id: keys.awsAccount(account), kind: 'aws.account', name: account })
      for (const [id, account] of accounts)
        sink.relationship({
          kind: 'CONTAINED_IN',
          from: id,
          to: keys.awsAccount(account),
          evidence: [{ source: 'cloudtrail', kind: 'observed' }],
        })
      for (const use of uses.values())
        sink.observation({
          kind: use.kind,
          from: final.get(use.from) ?? use.from,
          to: final.get(use.to) ?? use.to,
          ...(use.attributed ? {} : { attributed: false }),
          evidence: evidenceOf(use),
        })
    },
  }
}
export type Ledger = ReturnType<typeof ledger>

function noteOf({ note, denied, refused, count }: Use): { note?: string } {
  const parts = [
    note,
    denied > 0 ? `${denied} of ${count} denied` : undefined,
    refused > 0 ? `${refused} of ${count} refused: the credential had expired or was not valid` : undefined,
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? {} : { note: parts.join('; ') }
}

function entityOf({ thing, lists, facts }: Known): EntityFact {
  const props: Record<string, string | boolean | string[]> = { ...thing.props }
  for (const [prop, value] of facts) props[prop] = value
  for (const [prop, values] of lists) props[prop] = [...values].sort()
  return {
    id: thing.key,
    kind: thing.kind,
    name: thing.name,
    ...(thing.aliases === undefined ? {} : { aliases: [...thing.aliases] }),
    ...(Object.keys(props).length === 0 ? {} : { props }),
  }
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
