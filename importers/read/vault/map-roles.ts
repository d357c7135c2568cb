import { keys } from '../../../graph/keys.ts'
import { isMasked } from '../arn.ts'
import type { VaultAuthRole, VaultMount, VaultRecord, VaultSecretId } from './model.ts'
import { given, listed, type Scene } from './scene.ts'

/** Mounts, auth roles and SecretIDs. */
export function mapRole(scene: Scene, record: VaultRecord): void {
  if (record.what === 'mount') mapMount(scene, record)
  else if (record.what === 'auth-role') mapAuthRole(scene, record)
  else if (record.what === 'secret-id') mapSecretId(scene, record)
  else if (record.what === 'audit-device')
    scene.entity(
      {
        id: keys.vaultServer(scene.vault.address),
        props: given({
          auditDevices: [`${record.path} (${record.type})`],
          auditAccessorsHashed: record.hmacAccessor,
          auditRaw: record.logRaw,
        }),
      },
      record.place,
    )
}

function mapMount(scene: Scene, mount: VaultMount): void {
  const { address } = scene.vault
  const path = `${mount.namespace ?? ''}${mount.path}`
  const server = keys.vaultServer(address)
  const id = scene.entity(
    {
      id: keys.vaultMount(address, path),
      kind: 'vault.mount',
      name: path,
      aliases: [path, ...(mount.accessor ? [mount.accessor] : [])],
      props: given({
        type: mount.type,
        kvVersion: mount.version,
        accessor: mount.accessor,
        defaultTtlSeconds: mount.defaultTtl || undefined,
        maxTtlSeconds: mount.maxTtl || undefined,
        verifier: mount.verifier,
      }),
    },
    mount.place,
  )
  scene.relate({ kind: 'CONTAINED_IN', from: id, to: server }, mount.place)
  // Vault goes on without the secret, but nobody can log in or be issued anything there: soft.
  for (const secret of mount.reads ?? []) {
    const from = scene.secret(`${mount.namespace ?? ''}${secret}`, {}, mount.place)
    const uses = { kind: 'USES_SECRET', from: server, to: from, strength: 'soft', delivery: 'deploy_time' } as const
    scene.relate(uses, mount.place, `configuration of ${path}`)
  }
}

/** Vault's own default and longest lease, where neither role nor mount sets one (change-semantics.md 6). */
export const systemTtl = 2_764_800

/** TTLs of what a mount hands out: the role's, else the mount's, else Vault's own; the longest caps the usual. */
export function lifetimes(
  scene: Scene,
  mountPath: string,
  ttl: number | undefined,
  maxTtl: number | undefined,
): { ttl: number | undefined; maxTtl: number | undefined } {
  const mount = scene.mounts.get(mountPath)
  const tuned = mount !== undefined && (mount.defaultTtl !== undefined || mount.maxTtl !== undefined)
  const longest = maxTtl || (tuned ? mount.maxTtl || systemTtl : undefined)
  const usual = ttl || (tuned ? mount.defaultTtl || systemTtl : undefined)
  return {
    ttl: usual !== undefined && longest !== undefined ? Math.min(usual, longest) : usual,
    maxTtl: longest,
  }
}

function mapAuthRole(scene: Scene, role: VaultAuthRole): void {
  const { address } = scene.vault
  const namespace = role.namespace ?? ''
  const mount = `${namespace}${role.mount}`
  const method = role.method ?? scene.mounts.get(mount)?.type
  const life = lifetimes(scene, mount, role.ttl, role.maxTtl)
  const accounts = accountsOf(role)
  const id = scene.entity(
    {
      id: keys.vaultRole(address, mount, role.name),
      kind: 'vault.role',
      name: role.name,
      aliases: [`${mount}role/${role.name}`],
      props: given({
        mount,
        method,
        policies: listed(role.policies),
        ttlSeconds: life.ttl,
        maxTtlSeconds: role.explicitMaxTtl || (role.period ? undefined : life.maxTtl),
        periodSeconds: role.period || undefined,
        tokenType: role.tokenType === 'default' ? undefined : role.tokenType,
        boundServiceAccounts: listed(accounts),
        boundSubjects: listed(subjectsOf(role).map(({ subject }) => subject)),
        boundAudiences: listed(role.audiences ?? []),
        boundCidrs: listed(role.boundCidrs ?? []),
        secretIdTtlSeconds: method === 'approle' ? role.secretIdTtl || 'none' : undefined,
        secretIdUses: method === 'approle' ? role.secretIdUses || 'unlimited' : undefined,
      }),
    },
    role.place,
  )
  scene.relate({ kind: 'CONTAINED_IN', from: id, to: keys.vaultServer(address) }, role.place)
  if (scene.mounts.has(mount))
    scene.relate({ kind: 'CONTAINED_IN', from: id, to: keys.vaultMount(address, mount) }, role.place)
  for (const policy of role.policies) {
    const to = scene.entity({
      id: keys.vaultPolicy(address, `${namespace}${policy}`),
      kind: 'vault.policy',
      name: policy,
    })
    // The token stands without it; what it lets the role read is lost with it (`via` of CAN_ACCESS).
    scene.relate(
      { kind: 'MEMBER_OF', from: id, to, confidence: 'none', props: { policy: to } },
      role.place,
      'has the policy',
    )
  }
  mapWhoMayLogIn(scene, role, id, accounts)
}

const accountsOf = ({ serviceAccounts = [], serviceAccountNamespaces = [] }: VaultAuthRole): string[] =>
  serviceAccountNamespaces.flatMap((namespace) => serviceAccounts.map((account) => `${namespace}/${account}`))

/** Whoever may log in: may, so it carries compromise and no breakage until a login is seen. */
function mapWhoMayLogIn(scene: Scene, role: VaultAuthRole, id: string, accounts: readonly string[]): void {
  const { address, clusterOf } = scene.vault
  const mayLogIn = (from: string): void =>
    scene.relate({ kind: 'ASSUMES', from, to: id, confidence: 'none' }, role.place, 'may log in')
  const cluster = clusterOf?.(role.mount)
  for (const account of cluster === undefined ? [] : accounts) {
    const [namespace = '', name = ''] = account.split('/')
    if (account.includes('*') || name === '') continue
    mayLogIn(
      scene.entity({
        id: keys.k8s(cluster!, namespace, 'serviceaccount', name),
        kind: 'k8s.service_account',
        name,
        aliases: [account, `system:serviceaccount:${namespace}:${name}`],
      }),
    )
  }
  for (const arn of role.awsPrincipals ?? []) {
    if (!arn.startsWith('arn:') || isMasked(arn)) continue
    const kind = arn.includes(':role/') ? 'aws.iam_role' : arn.includes(':user/') ? 'aws.iam_user' : undefined
    if (kind) mayLogIn(scene.entity({ id: keys.awsArn(arn), kind, name: arn.slice(arn.lastIndexOf('/') + 1) }))
  }
  for (const { subject, repository } of subjectsOf(role)) {
    const who = scene.entity(
      {
        id: keys.vaultSubject(address, `${role.namespace ?? ''}${role.mount}`, subject),
        kind: 'vault.subject',
        name: subject,
        aliases: [subject],
      },
      role.place,
    )
    mayLogIn(who)
    if (repository === undefined) continue
    const to = scene.entity({ id: keys.githubRepository(repository), kind: 'github.repository', name: repository })
    scene.relate({ kind: 'DEFINED_IN', from: who, to }, role.place, 'its workflows may ask for this token')
  }
}

/** Subjects that a JWT role asks for, and the repository that each names. */
function subjectsOf(role: VaultAuthRole): { subject: string; repository?: string | undefined }[] {
  const found = new Map<string, string | undefined>()
  for (const subject of role.subjects ?? []) if (subject !== '') found.set(subject, repositoryIn(subject))
  for (const [claim, values] of role.claims ?? [])
    for (const value of values) {
      if (claim === 'sub') found.set(value, repositoryIn(value))
      else if (claim === 'repository') found.set(`repository:${value}`, plainRepository(value))
      else found.set(`${claim}:${value}`, claim === 'job_workflow_ref' ? repositoryOfRef(value) : undefined)
    }
  return [...found].slice(0, 200).map(([subject, repository]) => ({ subject: subject.slice(0, 500), repository }))
}

const plainRepository = (text: string): string | undefined => {
  const parts = text.split('/')
  return parts.length === 2 && parts.every((part) => part !== '' && !part.includes('*')) ? text : undefined
}

/** `repo:acme/shop:ref:refs/heads/main`, as GitHub writes subjects. */
const repositoryIn = (subject: string): string | undefined =>
  subject.startsWith('repo:') ? plainRepository(subject.slice('repo:'.length).split(':')[0]!) : undefined

/** `acme/shop/.github/workflows/deploy.yml@refs/heads/main`. */
const repositoryOfRef = (ref: string): string | undefined => plainRepository(ref.split('/').slice(0, 2).join('/'))

function mapSecretId(scene: Scene, one: VaultSecretId): void {
  const { address } = scene.vault
  const mount = `${one.namespace ?? ''}${one.mount}`
  const role = scene.entity({ id: keys.vaultRole(address, mount, one.role), kind: 'vault.role', name: one.role })
  const id = scene.entity(
    {
      id:
        one.accessor === ''
          ? keys.vaultLogin(address, 'approle', mount, one.role)
          : keys.vaultSecretId(address, one.accessor),
      kind: 'vault.approle_secret_id',
      name: `SecretID of ${one.role}`,
      ...(one.accessor === '' ? {} : { aliases: [one.accessor] }),
      props: given({ createdAt: one.createdAt, expiresAt: one.expiresAt, usesLeft: one.usesLeft }),
    },
    one.place,
  )
  scene.relate({ kind: 'AUTHENTICATES_AS', from: id, to: role }, one.place)
  if (one.writtenTo === undefined) return
  const place = scene.secret(`${one.namespace ?? ''}${one.writtenTo}`, {}, one.place)
  scene.relate({ kind: 'HOLDS', from: place, to: id }, one.place, 'its maker writes it there')
}
