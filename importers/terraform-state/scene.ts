import type { EntityFact, Evidence, Props, RelationshipFact } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { Sink } from '../importer.ts'
import type { Held, Taken } from './fields.ts'

/** What holds for all states of one run: credentials made in one may be written elsewhere in another. */
export interface Estate {
  readonly credentials: Credential[]
  readonly places: Place[]
  /** ARN of a user by account and name: an access key knows its user's name only. */
  readonly users: Map<string, string>
  /** Client ids of Entra applications and service principals, by object id. */
  readonly clientIds: Map<string, string>
  /** Names of CircleCI contexts, by id. */
  readonly contexts: Map<string, string>
  /** Days of the clocks by which values are renewed, by state and address. */
  readonly clocks: Map<string, number>
  /** Owners of GitHub repositories, by short name; `''`: the only one there is. */
  readonly owners: Map<string, string>
  /** Name under which secrets of Kubernetes are known. */
  readonly cluster: string
}

/** One state while it is mapped. */
export interface Scene {
  readonly estate: Estate
  readonly sink: Sink
  readonly file: string
  /** Key of the state as a place that holds values. */
  readonly place: string
  /** The one account its ARNs are of. */
  readonly account: string | undefined
}

interface Credential {
  readonly key: string
  readonly place: string
  readonly base: string
  readonly address: string
  readonly fingerprints: readonly string[]
}

/** Something a value is written to. */
interface Place {
  readonly key: string
  readonly taken: Taken
  readonly scene: Scene
  /** A store holds a credential, a workload uses it. */
  readonly how: Pick<RelationshipFact, 'kind' | 'delivery'>
}

export const estateOf = (cluster: string): Estate => ({
  credentials: [],
  places: [],
  users: new Map(),
  clientIds: new Map(),
  contexts: new Map(),
  clocks: new Map(),
  owners: new Map(),
  cluster,
})

export function evidenceOf({ file }: Scene, { where, address, data, deposed }: Taken, note?: string): Evidence {
  const more = [data && 'data source', deposed && 'deposed: waits to be destroyed', note].filter((one) => !!one)
  return {
    source: 'terraform-state',
    kind: 'declared',
    file,
    record: where,
    note: [address.slice(0, 200), ...more].join('; ').slice(0, 400),
  }
}

/** A thing that this object describes. Returns its key. */
export function entity(scene: Scene, taken: Taken, fact: EntityFact): string {
  scene.sink.entity({ ...fact, evidence: [evidenceOf(scene, taken)] })
  return fact.id
}

/** A thing that is only named: what else it is another record says. */
export function named(scene: Scene, fact: EntityFact): string {
  scene.sink.entity(fact)
  return fact.id
}

export function relate(scene: Scene, taken: Taken, fact: RelationshipFact, note?: string): void {
  scene.sink.relationship({ ...fact, evidence: [evidenceOf(scene, taken, note)] })
}

/** A credential made here. Its value stands in the state, and maybe elsewhere. */
export function credential(scene: Scene, taken: Taken, fact: EntityFact): string {
  const props: Props = {
    ...fact.props,
    ...fingerprintsOf(taken.values),
    // Without create-before-destroy the old one is gone before the new one is there.
    ...(taken.data || taken.createsFirst === undefined ? {} : { replacedWithOverlap: taken.createsFirst }),
    ...(taken.data ? {} : { managedBy: 'terraform' }),
    ...given({ rotationDays: clockOf(scene, taken) }),
  }
  entity(scene, taken, { ...fact, props })
  scene.estate.credentials.push({
    key: fact.id,
    place: scene.place,
    base: taken.base,
    address: taken.address,
    fingerprints: taken.values.flatMap(({ fingerprint }) => fingerprint ?? []),
  })
  if (taken.values.length > 0) {
    state(scene)
    relate(scene, taken, { kind: 'HOLDS', from: scene.place, to: fact.id }, 'its value stands in the state')
  }
  return fact.id
}

/** Days of the clock that renews it, if it depends on one. */
function clockOf({ estate, place }: Scene, { dependencies }: Taken): number | undefined {
  return dependencies.map((base) => estate.clocks.get(`${place} ${base}`)).find((days) => days !== undefined)
}

function state({ sink, place, file }: Scene): void {
  sink.entity({ id: place, kind: 'terraform.state', name: file.slice(-1024) })
}

/** A secret in a store that Terraform writes or reads: who knows the state knows it. */
export function secret(scene: Scene, taken: Taken, fact: EntityFact): string {
  const names = taken.values.map(({ name }) => name).slice(0, 200)
  const props: Props = {
    ...fact.props,
    ...(names.length > 0 ? { keys: names } : {}),
    ...fingerprintsOf(taken.values),
    ...(taken.data ? {} : { managedBy: 'terraform' }),
  }
  entity(scene, taken, { ...fact, props })
  if (taken.values.length > 0) {
    state(scene)
    const copy = { kind: 'SYNCED_FROM', from: scene.place, to: fact.id, delivery: 'deploy_time' } as const
    relate(scene, taken, copy, 'the state keeps a copy of the value')
  }
  scene.estate.places.push({ key: fact.id, taken, scene, how: { kind: 'HOLDS' } })
  return fact.id
}

/** A workload whose environment Terraform writes. */
export function environment(
  scene: Scene,
  taken: Taken,
  workload: string,
  delivery: 'env_at_start' | 'task_start',
): void {
  scene.estate.places.push({ key: workload, taken, scene, how: { kind: 'USES_CREDENTIAL', delivery } })
}

function fingerprintsOf(values: readonly Held[]): Props {
  const told = values.flatMap(({ name, fingerprint }) => (fingerprint === undefined ? [] : [`${name}=${fingerprint}`]))
  return told.length > 0 ? { fingerprints: told.slice(0, 200) } : {}
}

/** Joins credentials with the places their values were written to: by id, by value, and by what depends on what. */
export function joinPlaces({ credentials, places }: Estate): void {
  // A generated password and the database that was given it are two credentials with one value.
  const byFingerprint = new Map<string, Credential[]>()
  for (const one of credentials) for (const mark of one.fingerprints) append(byFingerprint, mark, one)
  const byBase = new Map<string, Credential[]>()
  for (const one of credentials) append(byBase, `${one.place} ${one.base}`, one)
  for (const { key, taken, scene, how } of places) {
    const found = new Set<string>()
    const join = (to: string, note: string, more: Partial<RelationshipFact> = {}) => {
      if (found.has(to)) return
      found.add(to)
      relate(scene, taken, { ...how, from: key, to, ...more }, note)
    }
    for (const { name, accessKeys, fingerprint } of taken.values) {
      for (const id of accessKeys) {
        named(scene, { id: keys.awsAccessKey(id), kind: 'aws.iam_access_key', name: id, aliases: [id] })
        join(keys.awsAccessKey(id), `the id of the access key stands in ${name}`)
      }
      for (const same of (fingerprint === undefined ? undefined : byFingerprint.get(fingerprint)) ?? [])
        join(same.key, `${name}: the same value as ${same.address.slice(0, 120)}`)
    }
    for (const dependency of taken.dependencies) {
      const made = byBase.get(`${scene.place} ${dependency}`) ?? []
      // Of several (count, for_each) one is meant, and which one only the values say.
      if (made.length !== 1) continue
      join(made[0]!.key, `depends on ${dependency.slice(0, 120)}`, { confidence: 'possible' })
    }
  }
}

/** More credentials of one value than these say nothing new, and would make pairs without end. */
const sameValue = 20

function append(lists: Map<string, Credential[]>, name: string, one: Credential): void {
  const list = lists.get(name)
  if (!list) lists.set(name, [one])
  else if (list.length < sameValue) list.push(one)
}

/** Only what the state says: nothing undefined. */
export function given(props: Readonly<Record<string, string | number | boolean | string[] | undefined>>): Props {
  const kept = Object.entries(props).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && !value.length),
  )
  return Object.fromEntries(kept) as Props
}

/** A whole number of the text; undefined where it is none. */
export function numberOf(value: string | undefined): number | undefined {
  const number = value === undefined || value.trim() === '' ? NaN : Number(value)
  return Number.isSafeInteger(number) ? number : undefined
}
