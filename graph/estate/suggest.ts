import { entityKinds, type EntityKind } from '../kinds/entity-kinds.ts'
import type { KnownEntity, KnownFacts } from '../known.ts'
import { awsSecretsMeant } from './join.ts'
import { linkId, type Decision, type Suggestion } from './links.ts'
import { vaultClients, vaultUnderTwoAddresses, vaultWithoutAddress } from './vault-joins.ts'

/** More suggestions of one rule than this are no help; the rest is counted. */
export const MOST_SUGGESTIONS = 2_000

export interface Suggestions {
  /** Those nobody decided on, sorted. */
  readonly open: readonly Suggestion[]
  /** Left out beyond the bound. */
  readonly more: number
}

/** One way in which two sources may speak of one thing without an identifier that proves it. */
interface Rule {
  readonly name: string
  suggest(facts: KnownFacts, index: Index): Generator<Suggestion>
}

/** Entities by kind, and what already relates them. */
interface Index {
  of(...kinds: readonly EntityKind[]): readonly KnownEntity[]
  workloads(): readonly KnownEntity[]
  /** Ids of the tails of relationships of this kind with this head. */
  tails(kind: string, head: string): readonly string[]
  heads(kind: string, tail: string): readonly string[]
}

/**
 * Links that are likely and not certain, each with its reason. They count as possible in answers (a caller that may be
 * a workload stays unattributed) until a person confirms or rejects them; what was decided is not suggested again.
 */
export function suggestionsOf(facts: KnownFacts, decisions: readonly Decision[]): Suggestions {
  const decided = new Set(decisions.map(linkId))
  const index = indexed(facts)
  const open: Suggestion[] = []
  let more = 0
  for (const rule of rules) {
    const found = new Map<string, Suggestion>()
    for (const suggestion of rule.suggest(facts, index)) {
      const id = linkId(suggestion)
      if (!decided.has(id) && !found.has(id)) found.set(id, suggestion)
    }
    const sorted = [...found.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1))
    open.push(...sorted.slice(0, MOST_SUGGESTIONS))
    more += Math.max(0, sorted.length - MOST_SUGGESTIONS)
  }
  return { open, more }
}

const order = ({ kind, from, to }: Suggestion): string => `${kind} ${from} ${to}`

const rules: readonly Rule[] = [
  { name: 'team called alike', suggest: teamsCalledAlike },
  { name: 'caller whose session is called like a workload', suggest: callersCalledAlike },
  { name: 'workload called like a system', suggest: systemsCalledAlike },
  { name: 'CI user called like its repository', suggest: keysOfCiUsers },
  { name: 'CI context called like a namespace', suggest: tokensInContexts },
  { name: 'AWS secret without an account', suggest: secretsWithoutAccount },
  { name: 'Vault without an address', suggest: vaultWithoutAddress },
  { name: 'Vault under two addresses', suggest: vaultUnderTwoAddresses },
  { name: 'Vault client of a service account', suggest: vaultClients },
]

/** `payments` in a label, `acme/payments` in CODEOWNERS: the longer name is the one that a platform knows. */
function* teamsCalledAlike(_: KnownFacts, { of }: Index): Generator<Suggestion> {
  for (const [name, teams] of grouped(of('business.team'), ({ key }) => lastPart(key))) {
    const scoped = teams.filter(({ key }) => key.includes('/'))
    const plain = teams.filter(({ key }) => !key.includes('/'))
    // Two organizations have each a team of that name: which one the plain name means nobody can say.
    if (scoped.length !== 1 || plain.length !== 1) continue
    yield {
      kind: 'SAME',
      from: plain[0]!.key,
      to: scoped[0]!.key,
      reason: `both are teams called ${name}, and no other team is`,
    }
  }
}

const SHORTEST_NAME = 5

/** AWS lets whoever assumes a role choose the session's name; SDKs and people put the workload there. */
function* callersCalledAlike(_: KnownFacts, { of, workloads }: Index): Generator<Suggestion> {
  const named = grouped(
    workloads().filter(({ kind, name }) => kind !== 'caller' && name.length >= SHORTEST_NAME),
    ({ name }) => name.toLowerCase(),
  )
  for (const caller of of('caller')) {
    const sessions = caller.props?.['sessionNames']
    if (!Array.isArray(sessions)) continue
    for (const session of sessions) {
      const meant = named.get(session.toLowerCase()) ?? []
      if (meant.length !== 1) continue
      yield {
        kind: 'SAME',
        from: caller.key,
        to: meant[0]!.key,
        reason: `its sessions are called ${session}, and one workload is`,
      }
    }
  }
}

/** A system of the catalog without anything that serves it, and a workload of the same name that serves none. */
function* systemsCalledAlike(_: KnownFacts, { of, workloads, tails, heads }: Index): Generator<Suggestion> {
  const named = grouped(
    workloads().filter(({ kind, id }) => kind !== 'caller' && tails('DEPENDS_ON', id).length === 0),
    ({ name }) => name.toLowerCase(),
  )
  for (const system of of('business.system', 'generic.system')) {
    if (heads('DEPENDS_ON', system.id).length > 0) continue
    for (const workload of named.get(lastPart(system.key)) ?? [])
      yield {
        kind: 'DEPENDS_ON',
        from: system.key,
        to: workload.key,
        reason: `the ${entityKinds[workload.kind].title} is called like the system, and nothing else is known to serve it`,
      }
  }
}

/**
 * An ExternalSecret names a secret by region and name; more than one account may have one of that name. As a copy, and not
 * as the same thing: then whoever reads it stands to lose it with each of them, until somebody says which it is.
 */
function* secretsWithoutAccount(facts: KnownFacts): Generator<Suggestion> {
  for (const { alias, into, others } of awsSecretsMeant(facts))
    yield {
      kind: 'SYNCED_FROM',
      from: alias.key,
      to: into.key,
      reason: `both are called ${into.name} in one region; so may one of account ${others.slice(0, 3).join(', ')} be`,
    }
}

const awsKeyNames = new Set(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])

/** A repository keeps an AWS key, nobody can see which; one IAM user is called after the repository. */
function* keysOfCiUsers(_: KnownFacts, { of, tails, heads }: Index): Generator<Suggestion> {
  const users = grouped(of('aws.iam_user'), ({ name }) => name.toLowerCase())
  for (const secret of of('github.actions_secret')) {
    if (!awsKeyNames.has(lastPart(secret.key).toUpperCase()) || heads('HOLDS', secret.id).length > 0) continue
    const repository = secret.key.split('/')[1]
    if (repository === undefined || repository.length < SHORTEST_NAME) continue
    const alike = [...users.keys()].filter((name) => namesAlike(name, repository))
    const user = alike.length === 1 ? users.get(alike[0]!)! : []
    if (user.length !== 1) continue
    const keysOfUser = tails('AUTHENTICATES_AS', user[0]!.id)
    for (const key of of('aws.iam_access_key').filter(({ id }) => keysOfUser.includes(id)))
      yield {
        kind: 'HOLDS',
        from: secret.key,
        to: key.key,
        reason: `the secret is for an AWS key, and only the user ${user[0]!.name} is called like the repository`,
      }
  }
}

/** `ci-shop`, `shop-deploy`, `github-shop`: the repository's name with a word of the trade around it. */
function namesAlike(user: string, repository: string): boolean {
  const rest = user === repository ? '' : user.replace(repository, '')
  if (rest === user) return false
  return rest.split(/[-_./]+/).every((word) => word === '' || tradeWords.has(word))
}

const tradeWords = new Set(['ci', 'cd', 'cicd', 'deploy', 'deployer', 'github', 'actions', 'bot', 'svc', 'user', 'gha'])

/**
 * A token of a namespace that no source hands to anybody, made for CircleCI by its name, and a context called like the
 * namespace. A context shows no names of what is in it, so this can only be asked of those who can see it.
 */
function* tokensInContexts(_: KnownFacts, { of, tails }: Index): Generator<Suggestion> {
  const contexts = grouped(of('circleci.context'), ({ name }) => name.toLowerCase())
  if (contexts.size === 0) return
  for (const token of of('k8s.sa_token_legacy_secret')) {
    const { namespace } = token.props ?? {}
    if (typeof namespace !== 'string' || !token.name.toLowerCase().includes('circle')) continue
    if (tails('USES_CREDENTIAL', token.id).length > 0) continue
    for (const context of contexts.get(namespace.toLowerCase()) ?? [])
      yield {
        kind: 'HOLDS',
        from: context.key,
        to: token.key,
        reason: `the token is named for CircleCI, and the context ${context.name} like its namespace`,
      }
  }
}

function lastPart(key: string): string {
  return key.slice(Math.max(key.lastIndexOf('/'), key.indexOf(':')) + 1)
}

function grouped(
  entities: readonly KnownEntity[],
  by: (entity: KnownEntity) => string,
): ReadonlyMap<string, readonly KnownEntity[]> {
  const groups = new Map<string, KnownEntity[]>()
  for (const entity of entities) {
    const group = groups.get(by(entity))
    if (group) group.push(entity)
    else groups.set(by(entity), [entity])
  }
  return groups
}

function indexed(facts: KnownFacts): Index {
  const byKind = grouped([...facts.entities.values()], ({ kind }) => kind)
  const tails = new Map<string, string[]>()
  const heads = new Map<string, string[]>()
  for (const { kind, from, to, confidence } of facts.relationships.values()) {
    if (!indexedKinds.has(kind) || confidence === 'none') continue
    append(tails, `${kind} ${to}`, from)
    append(heads, `${kind} ${from}`, to)
  }
  return {
    of: (...kinds) => kinds.flatMap((kind) => byKind.get(kind) ?? []),
    workloads: () => [...byKind].flatMap(([kind, list]) => (roleOf(kind) === 'workload' ? list : [])),
    tails: (kind, head) => tails.get(`${kind} ${head}`) ?? [],
    heads: (kind, tail) => heads.get(`${kind} ${tail}`) ?? [],
  }
}

const indexedKinds = new Set<string>(['DEPENDS_ON', 'HOLDS', 'AUTHENTICATES_AS', 'USES_CREDENTIAL'])
const roleOf = (kind: string) => entityKinds[kind as EntityKind].role

function append(lists: Map<string, string[]>, name: string, one: string): void {
  const list = lists.get(name)
  if (list) list.push(one)
  else lists.set(name, [one])
}
