import type { Props } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import { keyOfPlace } from './families.ts'
import { UNKNOWN } from './map-credentials.ts'
import { ownerOfTeam } from './map-places.ts'
import { permissionOf } from './permission.ts'
import { declared, told, type Reader } from './reader.ts'
import { Installation, Repository, Runner, RunnerGroup, Team } from './records.ts'

/** An App that may act here. Its private keys are with whoever runs it; how many there are no listing says. */
export const readInstallation: Reader = (item) => {
  const { data } = Installation.safeParse(item.value)
  if (!data) return 'unreadable-record'
  const owner = data.account?.login ?? item.place.owner
  const { family } = item
  if (!family.isNew(`${data.id}`)) return 'merged'
  const id = keys.githubApp(data.app_slug)
  const rights = Object.entries(data.permissions ?? {}).map(([name, right]) => `${name}: ${right}`)
  family.entity({
    id,
    kind: 'github.app',
    name: data.app_slug,
    aliases: data.app_id ? [`GitHub App ${data.app_id}`] : [],
    props: {
      status: data.suspended_at ? 'suspended' : 'active',
      ...told({ repositories: data.repository_selection, appId: data.app_id }),
    },
    evidence: [declared(item)],
  })
  const keysOf = keys.githubAppKeys(data.app_slug)
  family.entity({
    id: keysOf,
    kind: 'github.app_private_key',
    name: `private keys of ${data.app_slug}`,
    props: { app: data.app_slug },
    evidence: [{ ...declared(item, 'an App signs in with a private key; which and how many is not listed') }],
  })
  family.relationship({ kind: 'AUTHENTICATES_AS', from: keysOf, to: id, evidence: [declared(item)] })
  if (owner === UNKNOWN) return 'mapped'
  family.entity({ id: keys.githubOrganization(owner), kind: 'github.organization', name: owner })
  family.relationship({
    kind: 'CAN_ACCESS',
    from: id,
    to: keys.githubOrganization(owner),
    props: { permissions: rights.slice(0, 200), selected: data.repository_selection === 'selected' },
    evidence: [
      declared(item, data.repository_selection === 'selected' ? 'selected repositories only' : 'all repositories'),
    ],
  })
  return 'mapped'
}

export const readRunner: Reader = (item) => {
  const { data } = Runner.safeParse(item.value)
  if (!data) return 'unreadable-record'
  const { place, family } = item
  const id = keys.githubRunner(place.repository ?? place.owner, data.id)
  if (!family.isNew(id)) return 'merged'
  family.entity({
    id,
    kind: 'github.runner',
    name: data.name,
    props: told({
      os: data.os,
      status: data.status,
      ephemeral: data.ephemeral,
      labels: (data.labels ?? []).map(({ name }) => name).slice(0, 200),
    }) as Props,
    evidence: [declared(item)],
  })
  const group = item.parts.get('runner_group_id') ?? data.runner_group_id
  const isOfGroup = group !== undefined && group !== null && place.repository === undefined
  const to = isOfGroup ? keys.githubRunnerGroup(place.owner, group) : keyOfPlace(place)
  family.relationship({ kind: 'CONTAINED_IN', from: id, to, evidence: [declared(item)] })
  return 'mapped'
}

export const readRunnerGroup: Reader = (item) => {
  const { data } = RunnerGroup.safeParse(item.value)
  if (!data) return 'unreadable-record'
  const { place, family } = item
  const id = keys.githubRunnerGroup(place.owner, data.id)
  if (!family.isNew(id)) return 'merged'
  family.entity({
    id,
    kind: 'github.runner_group',
    name: data.name,
    props: told({
      visibility: data.visibility,
      publicRepositories: data.allows_public_repositories,
      onlyWorkflows: data.restricted_to_workflows ? (data.selected_workflows ?? []).slice(0, 200) : undefined,
    }) as Props,
    evidence: [declared(item)],
  })
  family.relationship({ kind: 'CONTAINED_IN', from: id, to: keyOfPlace(place), evidence: [declared(item)] })
  return 'mapped'
}

/** In a listing of a repository: who may do what to it. In one of the organization: that there is this team. */
export const readTeam: Reader = (item) => {
  const { data } = Team.safeParse(item.value)
  if (!data) return 'unreadable-record'
  const { place, family } = item
  const slug = `${ownerOfTeam(data.html_url, place.owner)}/${data.slug}`
  const id = keys.team(slug)
  if (!family.isNew(id)) return 'merged'
  family.entity({ id, kind: 'business.team', name: slug, aliases: data.name ? [data.name] : [] })
  if (place.repository !== undefined)
    family.relationship({
      kind: 'CAN_ACCESS',
      from: id,
      to: keyOfPlace(place),
      props: told({ permission: data.permission }) as Props,
      evidence: [declared(item, `permission ${data.permission ?? 'not said'}`)],
    })
  return 'mapped'
}

export const readTeamRepository: Reader = (item) => {
  const { data } = Repository.safeParse(item.value)
  const team = item.parts.get('team_slug')
  if (!data) return 'unreadable-record'
  if (team === undefined) return 'masked-identifier'
  const from = keys.team(`${item.place.owner}/${team}`)
  const to = keys.githubRepository(data.full_name)
  if (!item.family.isNew(`${from} ${to}`)) return 'merged'
  item.family.entity({ id: from, kind: 'business.team', name: `${item.place.owner}/${team}` })
  item.family.entity({ id: to, kind: 'github.repository', name: data.full_name })
  const permission = permissionOf(data)
  const evidence = [declared(item, `permission ${permission ?? 'not said'}`)]
  item.family.relationship({
    kind: 'CAN_ACCESS',
    from,
    to,
    props: told({ permission }) as Props,
    evidence,
  })
  return 'mapped'
}
