import { keys } from '../../../graph/keys.ts'
import type { VaultEntity, VaultGroup, VaultRecord, VaultToken } from './model.ts'
import { given, listed, type Scene } from './scene.ts'

/** Entities, their aliases, groups, tokens. */
export function mapIdentity(scene: Scene, record: VaultRecord): void {
  if (record.what === 'entity') mapEntity(scene, record)
  else if (record.what === 'group') mapGroup(scene, record)
  else if (record.what === 'token') mapToken(scene, record)
}

function mapEntity(scene: Scene, one: VaultEntity): void {
  const { address } = scene.vault
  const accounts = one.aliases.flatMap(({ serviceAccount, serviceAccountNamespace }) =>
    serviceAccount && serviceAccountNamespace ? [`${serviceAccountNamespace}/${serviceAccount}`] : [],
  )
  const id = scene.entity(
    {
      id: keys.vaultEntity(address, one.id),
      kind: 'vault.entity',
      name: one.name ?? one.id,
      aliases: [one.id],
      props: given({
        status: one.disabled ? 'disabled' : undefined,
        policies: listed(one.policies),
        mounts: listed(one.aliases.flatMap(({ mount, mountAccessor }) => mount ?? mountAccessor ?? [])),
        serviceAccounts: listed(accounts),
      }),
    },
    one.place,
  )
  for (const group of one.groups ?? []) memberOf(scene, id, group, one.place)
}

function memberOf(scene: Scene, member: string, group: string, place: VaultEntity['place']): void {
  const to = scene.entity({ id: keys.vaultGroup(scene.vault.address, group), kind: 'vault.group' })
  // A token works on without the group; only what its policies let in is lost.
  scene.relate({ kind: 'MEMBER_OF', from: member, to, strength: 'soft' }, place)
}

function mapGroup(scene: Scene, one: VaultGroup): void {
  const { address } = scene.vault
  scene.entity(
    {
      id: keys.vaultGroup(address, one.id),
      kind: 'vault.group',
      name: one.name ?? one.id,
      aliases: [one.id],
      props: given({ policies: listed(one.policies), members: one.members.length }),
    },
    one.place,
  )
  for (const member of one.members) {
    const from = scene.entity({ id: keys.vaultEntity(address, member), kind: 'vault.entity' })
    memberOf(scene, from, one.id, one.place)
  }
}

/** A token that somebody keeps. One that a login made is short and made again: it gets no node. */
function mapToken(scene: Scene, one: VaultToken): void {
  const { address } = scene.vault
  const made = one.madeBy ?? ''
  if (!made.startsWith('auth/token/') && !one.policies.includes('root')) return
  const kind =
    one.type === 'batch' ? 'vault.batch_token' : one.period ? 'vault.periodic_token' : ('vault.service_token' as const)
  const id = scene.entity(
    {
      id: keys.vaultToken(address, one.accessor),
      kind,
      name: `${one.displayName ?? 'token'} (${one.accessor.slice(0, 24)})`,
      aliases: [one.accessor],
      props: given({
        policies: listed(one.policies),
        periodSeconds: one.period || undefined,
        orphan: one.orphan,
        createdAt: one.issuedAt,
        expiresAt: one.expiresAt,
      }),
    },
    one.place,
  )
  if (one.entity === undefined || one.entity === '') return
  const to = scene.entity({ id: keys.vaultEntity(address, one.entity), kind: 'vault.entity' })
  scene.relate({ kind: 'AUTHENTICATES_AS', from: id, to }, one.place)
}
