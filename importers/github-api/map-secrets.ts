import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import { keys } from '../../graph/keys.ts'
import { keyOfPlace, nameOfPlace, type Place } from './families.ts'
import { declared, told, type Reader } from './reader.ts'
import { Repository, Secret, Variable } from './records.ts'

/** Who hands the secret out. The three have the same form and are three different things. */
export type Keeper = 'actions' | 'dependabot' | 'codespaces'

const kinds = {
  actions: 'github.actions_secret',
  dependabot: 'github.dependabot_secret',
  codespaces: 'github.codespaces_secret',
} as const satisfies Record<Keeper, EntityKind>

function keyOf(keeper: Keeper, place: Place, name: string): string {
  const { owner, repository, environment } = place
  if (keeper === 'dependabot') return keys.githubDependabotSecret(repository ?? owner, name)
  if (keeper === 'codespaces') return keys.githubCodespacesSecret(repository ?? owner, name)
  if (repository === undefined) return keys.githubOrganizationSecret(owner, name)
  return environment === undefined
    ? keys.githubRepositorySecret(repository, name)
    : keys.githubEnvironmentSecret(repository, environment, name)
}

const levels = {
  'github.organization': 'organization',
  'github.repository': 'repository',
  'github.environment': 'environment',
} as const satisfies Record<Place['kind'], string>

/** A secret that there is: name, dates and who may take it. GitHub gives no value to anybody. */
export const readSecret =
  (keeper: Keeper): Reader =>
  (item) => {
    const { data } = Secret.safeParse(item.value)
    if (!data) return 'unreadable-record'
    const { place, family } = item
    const id = keyOf(keeper, place, data.name)
    if (!family.isNew(id)) return 'merged'
    family.entity({
      id,
      kind: kinds[keeper],
      name: data.name,
      aliases: [`${nameOfPlace(place)} ${data.name}`],
      props: {
        level: levels[place.kind],
        ...told({
          createdAt: data.created_at,
          lastRotatedAt: data.updated_at ?? data.updatedAt,
          visibility: data.visibility,
        }),
      },
      evidence: [declared(item, 'listed by GitHub')],
    })
    family.relationship({ kind: 'CONTAINED_IN', from: id, to: keyOfPlace(place), evidence: [declared(item)] })
    return 'mapped'
  }

/** A repository that may take a secret of its organization with `visibility: selected`. May read, not does use. */
export const readSelectedRepository =
  (keeper: Keeper): Reader =>
  (item) => {
    const { data } = Repository.safeParse(item.value)
    const name = item.parts.get('secret_name')
    if (!data) return 'unreadable-record'
    if (name === undefined) return 'masked-identifier'
    const to = keyOf(keeper, item.place, name)
    const from = keys.githubRepository(data.full_name)
    if (!item.family.isNew(`${from} ${to}`)) return 'merged'
    item.family.entity({ id: to, kind: kinds[keeper], name: name.toUpperCase(), props: { visibility: 'selected' } })
    item.family.entity({ id: from, kind: 'github.repository', name: data.full_name })
    item.family.relationship({
      kind: 'CAN_ACCESS',
      from,
      to,
      evidence: [declared(item, 'among the selected repositories')],
    })
    return 'mapped'
  }

/** A secret of the organization that this repository may take, whatever its visibility says. */
export const readVisibleSecret: Reader = (item) => {
  const { data } = Secret.safeParse(item.value)
  const { place, family } = item
  if (!data || place.repository === undefined) return 'unreadable-record'
  const to = keys.githubOrganizationSecret(place.owner, data.name)
  if (!family.isNew(to)) return 'merged'
  family.entity({
    id: to,
    kind: 'github.actions_secret',
    name: data.name,
    aliases: [`${place.owner} ${data.name}`],
    props: { level: 'organization', ...told({ createdAt: data.created_at, lastRotatedAt: data.updated_at }) },
    evidence: [declared(item, `shared with ${place.repository}`)],
  })
  family.relationship({ kind: 'CONTAINED_IN', from: to, to: keys.githubOrganization(place.owner) })
  const evidence = [declared(item, 'shared by the organization')]
  family.relationship({ kind: 'CAN_ACCESS', from: keys.githubRepository(place.repository), to, evidence })
  return 'mapped'
}

/** Names only: what stands in a variable is not looked at. */
export const readVariable: Reader = (item) => {
  const { data } = Variable.safeParse(item.value)
  if (!data) return 'unreadable-record'
  const { place, family } = item
  if (!family.isNew(data.name)) return 'merged'
  family.entity({ id: keyOfPlace(place), kind: place.kind, props: { variables: [data.name] } })
  return 'mapped'
}
