import { neededSources, type NeededSource } from '../kinds/coverage.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { Plane } from '../kinds/planes.ts'
import { along, type Estate, type Source } from '../estate/estate.ts'
import { unlistedRegions } from './aws-regions.ts'
import { unseenRepositories } from './organization-secret.ts'
import { placesOf } from './subject.ts'
import { suppositionOf } from './supposition.ts'
import { textProp } from './things.ts'

/** A source that an answer about one credential needs, and which of the imported ones would do. */
export interface Need extends NeededSource {
  /** Does this source speak of the account, cluster, Vault or repository in question? */
  readonly fits: (source: Source) => boolean
}

/** Planes in which a value is kept for others to read: each of them has to show its readers. */
const keepers = new Set<Plane>(['vault', 'kubernetes', 'github', 'aws'])

/**
 * What an answer about a credential has to stand on: the sources of its own plane, and of every plane that keeps a copy
 * of it, of *this* account, cluster, Vault and repository. What another account says of itself says nothing here.
 */
export function needsOf(estate: Estate, subject: number): Need[] {
  const own = entityKinds[estate.entities[subject]!.kind].plane
  const needs = neededSources[own].flatMap((need) => inOwnPlane(estate, subject, own, need))
  const seen = new Set([subject])
  for (const { index } of placesOf(estate, subject)) {
    const { plane, role } = entityKinds[estate.entities[index]!.kind]
    if (!keepers.has(plane) || seen.has(index)) continue
    seen.add(index)
    // A function or a task that has the value in its settings hands it to nobody; a secret of another account may.
    const isAbroad = plane === 'aws' && role === 'secret' && !isOwnAccount(estate, subject, index)
    if (plane === 'aws' ? !isAbroad : plane === own) continue
    const where = homeOf(estate, index, plane)
    const fits = plane === 'aws' ? isOfAccount(accountOfKey(estate.entities[index]!.key)) : isOf(where)
    for (const need of neededSources[plane])
      if (!need.ownOnly && !needs.some((one) => one.what === whatOf(need, where)))
        needs.push({ ...need, what: whatOf(need, where), fits })
  }
  return [
    ...needs,
    ...unlistedNamespaces(estate, subject),
    ...regionsNotListed(estate, subject),
    ...unseenRepositories(estate, subject),
  ]
}

/** One region that was listed is not all of them: where a log shows activity, the others have to be listed too. */
function regionsNotListed(estate: Estate, subject: number): Need[] {
  const indexes = [subject, ...placesOf(estate, subject).map((place) => place.index)]
  const ofAws = indexes.filter((index) => entityKinds[estate.entities[index]!.kind].plane === 'aws')
  const accounts = new Set(ofAws.map((index) => awsAccountOf(estate, index)).filter((one) => one !== undefined))
  return [...accounts].flatMap((account) =>
    unlistedRegions(estate, account).map((region) => ({
      importers: ['aws-resources', 'aws-config'],
      what: `the workloads and secrets of account ${account} in ${region}`,
      why: 'CloudTrail shows activity there, and no listing is of that region',
      collect: `the commands of importers/aws-resources/README.md with --region ${region}, or AWS Config of that region`,
      fits: () => false,
    })),
  )
}

/**
 * Namespaces that keep the value and of which no workload is known: an export of the secrets alone, or of another
 * namespace, is an export of this cluster and shows nobody who mounts it.
 */
function unlistedNamespaces(estate: Estate, subject: number): Need[] {
  const found = new Set<string>()
  for (const index of [subject, ...placesOf(estate, subject).map((place) => place.index)]) {
    const namespace = namespaceOf(estate.entities[index]!)
    if (namespace === undefined || namespacesWithWorkloads(estate).has(namespace)) continue
    // Of a cluster without any export that is missed anyway.
    const ofCluster = isOf(homeOf(estate, index, 'kubernetes'))
    if (estate.sources.some((one) => one.importer === 'kubernetes' && ofCluster(one))) found.add(namespace)
  }
  return [...found].flatMap((namespace) =>
    neededSources.kubernetes
      .filter((need) => !need.ownOnly)
      .map((need) => ({ ...need, what: `the workloads of namespace ${namespace}`, fits: () => false })),
  )
}

const namespaces = new WeakMap<Estate, ReadonlySet<string>>()
/** What fetches or makes secrets is listed with them, and no reader. */
const fetchers = new Set<string>(['k8s.secret_store', 'k8s.issuer'])

function namespacesWithWorkloads(estate: Estate): ReadonlySet<string> {
  const known = namespaces.get(estate)
  if (known) return known
  const supposition = suppositionOf(estate)
  // Things are never supposed to be others.
  if (supposition) return namespacesWithWorkloads(supposition.of)
  const found = new Set<string>()
  for (const entity of estate.entities) {
    const { role, plane } = entityKinds[entity.kind]
    const isReader = role === 'workload' && plane === 'kubernetes' && !fetchers.has(entity.kind)
    const namespace = isReader ? namespaceOf(entity) : undefined
    if (namespace !== undefined) found.add(namespace)
  }
  namespaces.set(estate, found)
  return found
}

/** `prod/shop` of `k8s:prod/shop/secret/db`. */
function namespaceOf({ key }: { readonly key: string }): string | undefined {
  const [cluster, namespace, type, name] = key.startsWith('k8s:') ? key.slice('k8s:'.length).split('/') : []
  return cluster && namespace && type && name ? `${cluster}/${namespace}` : undefined
}

function inOwnPlane(estate: Estate, subject: number, plane: Plane, need: NeededSource): Need[] {
  if (need.mentions) {
    const said = new Map<string, boolean>()
    const fits = ({ importer }: Source): boolean => {
      if (!said.has(importer)) said.set(importer, mentions(estate, subject, importer))
      return said.get(importer)!
    }
    return [{ ...need, fits }]
  }
  if (plane === 'aws') {
    const account = awsAccountOf(estate, subject)
    // An access key says nothing of its account: where no source names its user, no account speaks of it.
    if (account === undefined && estate.entities[subject]!.kind === 'aws.iam_access_key')
      return [{ ...need, why: 'no source says of which account the key is', fits: () => false }]
    return [{ ...need, fits: isOfAccount(account) }]
  }
  // A log of GitHub is of an organization, whichever repository keeps the credential.
  if (need.importers.includes('github-audit')) {
    const owners = homes(estate, subject, plane).map((where) => where?.split('/')[1]?.toLowerCase())
    return [
      {
        ...need,
        fits: ({ scope: of }) => owners.every((one) => one === undefined || of.toLowerCase().endsWith(`/${one}`)),
      },
    ]
  }
  return keepers.has(plane)
    ? homes(estate, subject, plane).map((where) => ({ ...need, what: whatOf(need, where), fits: isOf(where) }))
    : [{ ...need, fits: () => true }]
}

/** The clusters, Vaults or repositories that keep the credential; one unknown where nothing names them. */
function homes(estate: Estate, subject: number, plane: Plane): (string | undefined)[] {
  const found = new Set<string | undefined>()
  for (const index of [subject, ...placesOf(estate, subject).map((place) => place.index)])
    if (entityKinds[estate.entities[index]!.kind].plane === plane) found.add(homeOf(estate, index, plane))
  return found.size ? [...found] : [undefined]
}

/** As scopes are called: `k8s/prod-eu`, `vault/vault.example.com`, `github/acme/shop`. */
function homeOf(estate: Estate, index: number, plane: Plane): string | undefined {
  const entity = estate.entities[index]!
  const [scheme, rest = ''] = split(entity.key, ':')
  if (plane === 'kubernetes')
    return scope('k8s', textProp(entity, 'cluster') ?? (scheme === 'k8s' ? split(rest, '/')[0] : undefined))
  if (plane === 'aws') return scope('aws', accountOfKey(entity.key))
  if (plane === 'vault') return scheme === 'vault' ? scope('vault', split(rest, '/')[0]) : undefined
  if (scheme !== 'github') return undefined
  const [owner, name] = rest.split('/')
  // An organization's secret has no repository of its own: its readers are in many.
  return name === undefined || name === 'secret' || ownSpace.has(owner ?? '')
    ? undefined
    : scope('github', `${owner}/${name}`)
}

/** What GitHub has beside owners: tokens, Apps and accounts are of no repository. */
const ownSpace = new Set(['token', 'token-hash', 'app', 'user'])

function scope(kind: string, name: string | undefined): string | undefined {
  return name ? `${kind}/${name}` : undefined
}

function split(text: string, at: string): [string, string | undefined] {
  const place = text.indexOf(at)
  return place < 0 ? [text, undefined] : [text.slice(0, place), text.slice(place + 1)]
}

function whatOf(need: NeededSource, where: string | undefined): string {
  return where === undefined ? need.what : `${need.what} (${where.slice(where.indexOf('/') + 1)})`
}

function isOf(where: string | undefined): (source: Source) => boolean {
  const name = where?.toLowerCase()
  return (source) => name === undefined || placeOfSource(source).name === name
}

/** What a source is of, as it is asked of every source again and again. */
interface PlaceOfSource {
  /** `k8s/prod-eu`, in small letters. */
  readonly name: string | undefined
  /** Number of the AWS account. */
  readonly account: string | undefined
}

const placesOfSources = new WeakMap<Source, PlaceOfSource>()

function placeOfSource(source: Source): PlaceOfSource {
  const known = placesOfSources.get(source)
  if (known) return known
  const name = split(source.scope, ':')[1]?.toLowerCase()
  const place = { name, account: accountId(source.scope.split('aws/')[1]) }
  placesOfSources.set(source, place)
  return place
}

/** Does this importer say anything of the credential, its places or their users? A bundle about other things does not. */
function mentions(estate: Estate, subject: number, importer: string): boolean {
  const touched = [subject, ...placesOf(estate, subject).map((place) => place.index)]
  return touched.some((index) => {
    for (const number of along(estate.in, index)) {
      const { kind, evidence } = estate.relationships[number]!
      const isUse = kind === 'USES_SECRET' || kind === 'USES_CREDENTIAL'
      if (isUse && evidence?.some((one) => one.source === importer)) return true
    }
    return false
  })
}

/** What an AWS account says of itself says nothing of the keys of another one. */
function isOfAccount(account: string | undefined): (source: Source) => boolean {
  return (source) => {
    const named = placeOfSource(source).account
    return account === undefined || named === undefined || named === account
  }
}

/** Is it kept in the account whose sources the credential itself asks for? */
function isOwnAccount(estate: Estate, subject: number, place: number): boolean {
  if (entityKinds[estate.entities[subject]!.kind].plane !== 'aws') return false
  const [home, own] = [accountOfKey(estate.entities[place]!.key), awsAccountOf(estate, subject)]
  return home === undefined || home === own
}

/** The account in which the credential's identity is, by its ARN; undefined where no source gives it. */
function awsAccountOf(estate: Estate, subject: number): string | undefined {
  const keys = [estate.entities[subject]!.key]
  for (const number of along(estate.out, subject)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === 'AUTHENTICATES_AS') keys.push(estate.entities[estate.heads[number]!]!.key)
  }
  return keys.map(accountOfKey).find((found) => found !== undefined)
}

function accountOfKey(key: string): string | undefined {
  return accountId(key.split('arn:aws')[1]?.split(':')[3])
}

function accountId(text: string | undefined): string | undefined {
  return text !== undefined && /^\d{12}$/.test(text) ? text : undefined
}
