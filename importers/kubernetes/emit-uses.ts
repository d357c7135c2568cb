import { keys } from '../../graph/keys.ts'
import { declared, type Cluster } from './cluster-facts.ts'
import type { Top, Workload } from './controllers.ts'
import { emitSecretClasses } from './map-csi.ts'
import { emitPodIdentity } from './map-cloud-identities.ts'
import { pickupOf, rhythmOf } from './pickup.ts'
import type { ProjectedToken, SecretUse } from './pod-spec.ts'
import type { NotedAccount, Using } from './using.ts'
import { emitVaultAgent } from './vault-agent.ts'

export function emitUses(cluster: Cluster, workload: Workload, top: Top, namespace: string, id: string): void {
  const rhythm = rhythmOf(top)
  const state = top.workload?.state ?? 'runs'
  const words = [rhythm.note, state === 'runs' ? undefined : state, top.inferred].filter(Boolean).join(', ')
  const account = cluster.serviceAccount(namespace, workload.account, workload.place)
  const using: Using = {
    cluster,
    workload,
    top,
    namespace,
    id,
    account,
    // A job that is over uses nothing any more; what is suspended or scaled to zero will when it runs again.
    common: {
      ...rhythm.cadence,
      ...(state === 'finished'
        ? { confidence: 'none' as const }
        : top.guessed
          ? { confidence: 'possible' as const }
          : {}),
    },
    said: (note) => declared(workload.place, words ? `${note}; ${words}` : note),
  }
  const noted = cluster.find(
    'ServiceAccount',
    top.workload?.meta.namespace ?? workload.meta.namespace,
    workload.account,
  )
  const found = noted as NotedAccount | undefined
  emitAccount(using, workload.tokenMounted ?? found?.automount ?? true)
  for (const token of workload.tokens) emitToken(using, token)
  const inherited = workload.hasPullSecrets ? [] : (found?.pullSecrets ?? [])
  for (const secret of inherited)
    emitUse(using, { secret, delivery: 'deploy_time', soft: false, note: 'image pull secret of the service account' })
  for (const use of workload.uses) emitUse(using, use)
  for (const key of workload.accessKeys) emitAccessKey(using, key)
  for (const name of workload.classes) emitSecretClasses(using, name)
  emitVaultAgent(using)
  emitPodIdentity(using)
}

function emitAccount({ cluster, id, account, common, said }: Using, mounted: boolean): void {
  cluster.relationship(
    // Without the token only a new pod needs the account.
    { kind: 'RUNS_AS', from: id, to: account, ...common, ...(mounted ? {} : { strength: 'soft' as const }) },
    said(
      mounted
        ? 'service account; its token is mounted: bound to the pod, refreshed by the kubelet'
        : 'service account, its token is not mounted',
    ),
  )
}

/** A bound token that the pod asks for: signed for one audience, refreshed by the kubelet at 80 % of its life. */
function emitToken(
  { cluster, workload, id, account, common, said }: Using,
  { audience, seconds }: ProjectedToken,
): void {
  const whom = audience ?? 'the API server'
  const token = cluster.entity(
    {
      id: `${account}#token-for:${audience ?? 'api'}`,
      kind: 'k8s.sa_token_bound',
      name: `token of ${workload.account} for ${whom}`.slice(0, 1000),
      props: {
        ...(audience === undefined ? {} : { audience }),
        ...(seconds !== undefined && seconds > 0 && seconds < 1e9 ? { lifetimeSeconds: seconds } : {}),
      },
    },
    workload.place,
  )
  const life = seconds === undefined ? '3600 s' : `${seconds} s`
  cluster.relationship(
    { kind: 'AUTHENTICATES_AS', from: token, to: account },
    declared(workload.place, 'projected service account token'),
  )
  cluster.relationship(
    { kind: 'USES_CREDENTIAL', from: id, to: token, delivery: 'file_refresh', ...common },
    said(`projected token for ${whom.slice(0, 150)}, good for ${life}, refreshed by the kubelet`),
  )
}

/** The kubelet does not watch an immutable secret: pods keep what they began with, even if it is made anew. */
function asImmutable(cluster: Cluster, namespace: string, use: SecretUse): SecretUse {
  const immutable = cluster.find('immutable', namespace, use.secret) === true
  if (!immutable || use.delivery !== 'volume_refresh') return use
  return { ...use, delivery: 'file_static', note: `${use.note}; the secret is immutable, never refreshed` }
}

function emitUse({ cluster, workload, top, namespace, id, common, said }: Using, written: SecretUse): void {
  const use = asImmutable(cluster, namespace, written)
  const secret = cluster.secret(namespace, use.secret, workload.place)
  const { pickup, note } = pickupOf(cluster, namespace, top, workload, use)
  cluster.relationship(
    {
      id: `USES_SECRET ${id} > ${secret} ${use.delivery}`,
      kind: 'USES_SECRET',
      from: id,
      to: secret,
      delivery: use.delivery,
      ...(use.soft ? { strength: 'soft' as const } : {}),
      ...pickup,
      ...common,
    },
    said(note ? `${use.note}; ${note}` : use.note),
  )
}

function emitAccessKey({ cluster, id, common, said }: Using, key: { id: string; env: string }): void {
  const credential = cluster.entity({
    id: keys.awsAccessKey(key.id),
    kind: 'aws.iam_access_key',
    name: key.id,
    aliases: [key.id],
  })
  cluster.relationship(
    { kind: 'USES_CREDENTIAL', from: id, to: credential, delivery: 'hardcoded', ...common },
    said(`id written in env ${key.env}`),
  )
}
