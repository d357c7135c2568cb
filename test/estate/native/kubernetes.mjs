import { stringify } from 'yaml'
import { canary, canary64 } from '../canary.mjs'

/** Objects of one cluster, by the list `kubectl get` they come from. */
export function startCluster(name) {
  return { name, workloads: [], secrets: [], accounts: [], external: [] }
}

const meta = (object, extra) => ({
  ...(object.annotations && { annotations: object.annotations }),
  creationTimestamp: object.createdAt,
  ...(object.labels && { labels: object.labels }),
  name: object.name,
  namespace: object.namespace,
  ...extra,
})

/**
 * A Deployment or, with `schedule`, a CronJob. `env`: `[variable, secret, key]`; `envFrom`, `volumes`: names of
 * secrets; `plain`: variables whose value stands in the manifest.
 */
export function addWorkload(cluster, workload) {
  const labels = {
    'app.kubernetes.io/name': workload.name,
    ...(workload.partOf && { 'app.kubernetes.io/part-of': workload.partOf }),
    ...(workload.team && { team: workload.team }),
  }
  const template = { metadata: { labels }, spec: podSpec(workload) }
  cluster.workloads.push(
    workload.schedule
      ? {
          apiVersion: 'batch/v1',
          kind: 'CronJob',
          metadata: meta({ ...workload, labels }),
          spec: { schedule: workload.schedule, jobTemplate: { spec: { template } } },
        }
      : {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: meta({ ...workload, labels }),
          spec: {
            replicas: workload.replicas ?? 2,
            selector: { matchLabels: { 'app.kubernetes.io/name': workload.name } },
            template,
          },
        },
  )
}

function podSpec(workload) {
  const env = [
    ...(workload.plain ?? []).map(([name, value]) => ({ name, value })),
    ...(workload.env ?? []).map(([name, secret, key]) => ({
      name,
      valueFrom: { secretKeyRef: { key, name: secret } },
    })),
  ]
  const volumes = workload.volumes ?? []
  return {
    containers: [
      {
        name: workload.name,
        image: `registry.fernwhistle.example/${workload.namespace}/${workload.name}:2026.11.${workload.build ?? 3}`,
        ...(env.length && { env }),
        ...(workload.envFrom && { envFrom: workload.envFrom.map((name) => ({ secretRef: { name } })) }),
        ...(volumes.length && {
          volumeMounts: volumes.map((name) => ({ mountPath: `/var/run/${name}`, name, readOnly: true })),
        }),
      },
    ],
    ...(workload.schedule && { restartPolicy: 'OnFailure' }),
    serviceAccountName: workload.account ?? 'default',
    ...(volumes.length && { volumes: volumes.map((name) => ({ name, secret: { secretName: name } })) }),
  }
}

export function addServiceAccount(cluster, account) {
  cluster.accounts.push({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: meta({
      ...account,
      annotations: account.roleArn && { 'eks.amazonaws.com/role-arn': account.roleArn },
    }),
  })
}

/**
 * A Secret. `identifiers` are kept readable (an access key id is no secret), every name in `values` holds a canary.
 * `syncedBy`: name of the ExternalSecret that owns it.
 */
export function addSecret(cluster, secret) {
  const data = {}
  for (const [name, value] of Object.entries(secret.identifiers ?? {}))
    data[name] = Buffer.from(value).toString('base64')
  for (const name of secret.values ?? []) data[name] = canary64(`k8s ${secret.namespace}/${secret.name}/${name}`)
  const owned = secret.syncedBy && {
    ownerReferences: [
      {
        apiVersion: 'external-secrets.io/v1',
        blockOwnerDeletion: true,
        controller: true,
        kind: 'ExternalSecret',
        name: secret.syncedBy,
        uid: '00000000-0000-4000-a000-000000000000',
      },
    ],
  }
  const applied = secret.appliedByHand && {
    'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: secret.name, namespace: secret.namespace },
      stringData: { note: canary(`k8s last applied ${secret.namespace}/${secret.name}`) },
    }),
  }
  cluster.secrets.push({
    apiVersion: 'v1',
    data,
    kind: 'Secret',
    metadata: meta({ ...secret, annotations: applied || undefined }, owned || {}),
    type: secret.type ?? 'Opaque',
  })
}

/**
 * An ExternalSecret and the Secret it writes. `refs`: `[key in the Secret, remote path, property]`.
 * The Secret's readable identifiers are passed on.
 */
export function addExternalSecret(cluster, external) {
  cluster.external.push({
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: meta(external),
    spec: {
      ...(external.refreshInterval && { refreshInterval: external.refreshInterval }),
      secretStoreRef: { kind: external.storeKind ?? 'ClusterSecretStore', name: external.store ?? 'vault' },
      target: { creationPolicy: 'Owner', name: external.name },
      data: external.refs.map(([secretKey, key, property]) => ({ secretKey, remoteRef: { key, property } })),
    },
  })
  const identifiers = external.identifiers ?? {}
  addSecret(cluster, {
    name: external.name,
    namespace: external.namespace,
    createdAt: external.createdAt,
    identifiers,
    values: external.refs.map(([key]) => key).filter((key) => !(key in identifiers)),
    syncedBy: external.name,
  })
}

/** Vault behind the store; it logs in with the Kubernetes method as `role`. */
export function addSecretStore(cluster, store) {
  cluster.external.push({
    apiVersion: 'external-secrets.io/v1',
    kind: store.namespace ? 'SecretStore' : 'ClusterSecretStore',
    metadata: meta(store),
    spec: {
      provider: {
        vault: {
          auth: {
            kubernetes: {
              mountPath: store.authMount,
              role: store.role,
              serviceAccountRef: { name: 'external-secrets', ...(!store.namespace && { namespace: 'platform' }) },
            },
          },
          path: store.mount,
          server: store.server,
          version: 'v2',
        },
      },
    },
  })
}

const listed = (items) => ({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } })

/** Files of one cluster: `kubectl get … -A -o yaml`, or compact JSON for the large sizes. */
export function clusterFiles(cluster, asYaml, part = '') {
  const lists = [
    ['workloads', cluster.workloads],
    ['secrets', cluster.secrets],
    ['serviceaccounts', cluster.accounts],
    ['external-secrets', cluster.external],
  ]
  return lists
    .filter(([, items]) => items.length > 0)
    .map(([name, items]) => [
      `${cluster.name}/${name}${part}.${asYaml ? 'yaml' : 'json'}`,
      asYaml
        ? stringify(listed(items), { lineWidth: 0, aliasDuplicateObjects: false })
        : JSON.stringify(listed(items)) + '\n',
    ])
}
