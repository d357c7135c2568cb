import { keys } from '../keys.ts'
import type { KnownEntity, KnownFacts } from '../known.ts'

/** Is a secret of this name set in a scope? `maybe`: it is there, and whether this repository may take it is not known. */
export type Standing = 'yes' | 'maybe' | 'no' | 'unseen'

export interface Level {
  readonly level: 'environment' | 'repository' | 'organization'
  /** Key of the secret there. */
  readonly key: string
  readonly standing: Standing
}

/** What sources say of the three scopes in which GitHub looks for a secret, in its order. */
export interface GithubScopes {
  /** Environment, repository, organization. Of an environment decided at run time: every one that has the name. */
  levels(repository: string, environment: string | undefined, name: string): readonly Level[]
  /** May a workflow of this repository take this secret of its organization? */
  mayTake(repository: string, secret: KnownEntity): Standing
}

/** What the workflows importer says where an expression names the environment. */
export const DECIDED_AT_RUN_TIME = 'decided at run time'

/** Reads listings, states and statements of people; a workflow that names a secret does not prove that it is set. */
export function githubScopes(facts: KnownFacts): GithubScopes {
  const byKey = new Map<string, KnownEntity>()
  for (const entity of facts.entities.values()) if (entity.key.startsWith('github:')) byKey.set(entity.key, entity)
  const filled = new Set<string>()
  const taken = new Set<string>()
  for (const { kind, from, to, confidence } of facts.relationships.values()) {
    if ((kind === 'HOLDS' || kind === 'SYNCED_FROM') && confidence !== 'possible') filled.add(from)
    if (kind === 'CAN_ACCESS') taken.add(`${from} ${to}`)
  }
  const isSet = (key: string): boolean => {
    const entity = byKey.get(key)
    return entity !== undefined && (filled.has(entity.id) || isWitnessed(entity))
  }
  const lists = (key: string, listing: string): boolean => listsOf(byKey.get(key)).includes(listing)

  const mayTake = (repository: string, secret: KnownEntity): Standing => {
    const home = byKey.get(keys.githubRepository(repository))
    if (home && taken.has(`${home.id} ${secret.id}`)) return 'yes'
    if (listsOf(home).includes('organization-secrets')) return 'no'
    const visibility = secret.props?.['visibility']
    if (visibility === 'all') return 'yes'
    const isPrivate = home?.props?.['private']
    if (visibility === 'private' && typeof isPrivate === 'boolean') return isPrivate ? 'yes' : 'no'
    const owner = keys.githubOrganization(repository.split('/')[0]!)
    const name = secret.key.slice(secret.key.lastIndexOf('/') + 1).toLowerCase()
    return visibility === 'selected' && lists(owner, `actions-secrets-repositories-${name}`) ? 'no' : 'maybe'
  }

  const ofOrganization = (repository: string, name: string): Level => {
    const owner = repository.split('/')[0]!
    const key = keys.githubOrganizationSecret(owner, name)
    const isListed =
      lists(keys.githubOrganization(owner), 'actions-secrets') ||
      lists(keys.githubRepository(repository), 'organization-secrets')
    const standing = isSet(key) ? mayTake(repository, byKey.get(key)!) : isListed ? 'no' : 'unseen'
    return { level: 'organization', key, standing }
  }

  const ofEnvironment = (repository: string, environment: string, name: string): Level => {
    const key = keys.githubEnvironmentSecret(repository, environment, name)
    const home = byKey.get(keys.githubEnvironment(repository, environment))
    const isListed =
      listsOf(home).includes('actions-secrets') ||
      (lists(keys.githubRepository(repository), 'environments') && !(home && isWitnessed(home)))
    return { level: 'environment', key, standing: isSet(key) ? 'yes' : isListed ? 'no' : 'unseen' }
  }

  const ofAnyEnvironment = (repository: string, name: string): Level[] => {
    const prefix = `${keys.githubRepository(repository)}/environment/`
    const ending = `/secret/${name.toUpperCase()}`
    return [...byKey.keys()]
      .filter((key) => key.startsWith(prefix) && key.endsWith(ending) && isSet(key))
      .sort()
      .map((key) => ({ level: 'environment', key, standing: 'maybe' }))
  }

  return {
    mayTake,
    levels(repository, environment, name) {
      const key = keys.githubRepositorySecret(repository, name)
      const isListed = lists(keys.githubRepository(repository), 'actions-secrets')
      const own: Level = { level: 'repository', key, standing: isSet(key) ? 'yes' : isListed ? 'no' : 'unseen' }
      const environments =
        environment === undefined
          ? []
          : environment === DECIDED_AT_RUN_TIME
            ? ofAnyEnvironment(repository, name)
            : [ofEnvironment(repository, environment, name)]
      return [...environments, own, ofOrganization(repository, name)]
    },
  }
}

function listsOf(entity: KnownEntity | undefined): readonly string[] {
  const listed = entity?.props?.['listed']
  return Array.isArray(listed) ? listed : []
}

/** Somebody other than a workflow that names it says that it is there. */
function isWitnessed({ evidence, props }: KnownEntity): boolean {
  return props?.['level'] !== undefined || (evidence ?? []).some(({ source }) => source !== 'github-workflows')
}
