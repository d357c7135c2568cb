import { along, type Estate } from '../estate/estate.ts'
import { idOf } from '../ids.ts'
import { keys } from '../keys.ts'
import type { NeededSource } from '../kinds/coverage.ts'
import { placesOf } from './subject.ts'
import { textProp } from './things.ts'

const NAMED = 5

/** No source there is would do. */
interface Unmet extends NeededSource {
  readonly fits: () => boolean
}

/**
 * A secret of an organization is read from many repositories: the workflows of one of them say nothing of the others. What
 * is missing is every repository that may take it and whose workflows no source has, and the list of repositories itself
 * where none shows that it is whole.
 */
export function unseenRepositories(estate: Estate, subject: number): Unmet[] {
  const indexes = [subject, ...placesOf(estate, subject).map((place) => place.index)]
  return [...new Set(indexes)].flatMap((index) => {
    const [owner, space, name] = estate.entities[index]!.key.slice('github:'.length).split('/')
    if (!estate.entities[index]!.key.startsWith('github:') || space !== 'secret' || !owner || !name) return []
    const { readers, isWhole } = readersOf(estate, index, owner, name)
    const read = readRepositories(estate)
    const unread = readers.filter((one) => !read.has(one))
    if (unread.length === 0 && isWhole) return []
    const some = unread.slice(0, NAMED).map((one) => one.slice(owner.length + 1))
    const why =
      unread.length > 0
        ? `${unread.length} of the ${readers.length} repositories that may read it were not imported: ${some.join(', ')}${unread.length > NAMED ? ', …' : ''}`
        : 'which repositories there are, or which of them may read it, no listing says'
    return [
      {
        importers: ['github-workflows'],
        what: `the workflows of every repository of ${owner} that may read ${name}`,
        why,
        collect: `gh api --paginate /orgs/${owner}/repos and /orgs/${owner}/actions/secrets/${name}/repositories, and their checkouts`,
        fits: () => false,
      },
    ]
  })
}

/** Repositories (`owner/name`) that may take the secret, and whether a listing shows that there are no others. */
function readersOf(estate: Estate, index: number, owner: string, name: string) {
  const secret = estate.entities[index]!
  const allowed = new Set<string>()
  for (const number of along(estate.in, index)) {
    const relationship = estate.relationships[number]!
    const from = estate.entities[estate.tails[number]!]!
    if (relationship.kind === 'CAN_ACCESS' && from.kind === 'github.repository') allowed.add(nameOf(from.key))
  }
  const home = estate.indexOf.get(idOf(keys.githubOrganization(owner)))
  const listed = home === undefined ? [] : listsOf(estate.entities[home]!.props?.['listed'])
  const visibility = textProp(secret, 'visibility')
  if (
    visibility === 'selected' &&
    (allowed.size > 0 || listed.includes(`actions-secrets-repositories-${name.toLowerCase()}`))
  )
    return { readers: [...allowed].sort(), isWhole: true }
  const readers = repositoriesOf(estate, owner).filter(
    ({ key, props }) =>
      allowed.has(nameOf(key)) ||
      !(
        listsOf(props?.['listed']).includes('organization-secrets') ||
        (visibility === 'private' && props?.['private'] === false)
      ),
  )
  return { readers: readers.map(({ key }) => nameOf(key)).sort(), isWhole: listed.includes('repositories') }
}

const nameOf = (key: string): string => key.slice('github:'.length)
const listsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const repositoriesOf = (estate: Estate, owner: string) =>
  estate.entities.filter(({ kind, key }) => kind === 'github.repository' && key.startsWith(`github:${owner}/`))

const known = new WeakMap<Estate, ReadonlySet<string>>()

/** Repositories of which a source has the workflows. */
function readRepositories(estate: Estate): ReadonlySet<string> {
  const found =
    known.get(estate) ??
    new Set(
      estate.sources.flatMap(({ importer, scope }) => {
        const at = scope.indexOf(':github/')
        return importer === 'github-workflows' && at >= 0 ? [scope.slice(at + ':github/'.length).toLowerCase()] : []
      }),
    )
  known.set(estate, found)
  return found
}
