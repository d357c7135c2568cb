/**
 * The canonical keys of graph/keys.ts that the bundle names. Repeated here because this writer runs without a build;
 * `estate.test.ts` compares both.
 */
export const keys = {
  awsAccessKey: (accessKeyId) => `aws:key:${accessKeyId}`,
  awsAccount: (account) => `aws:account:${account}`,
  k8s: (cluster, namespace, type, name) => `k8s:${cluster}/${namespace}/${type}/${name}`,
  vaultServer: (address) => `vault:${address}`,
  vaultSecret: (address, path) => `vault:${address}/secret/${path}`,
  vaultRole: (address, mount, role) => `vault:${address}/role/${mount}${role}`,
  githubRepository: (repository) => `github:${repository.toLowerCase()}`,
  githubJob: (repository, file, job) => `github:${repository.toLowerCase()}/workflow/${file}#${job}`,
  githubRepositorySecret: (repository, name) => `github:${repository.toLowerCase()}/secret/${name.toUpperCase()}`,
  githubEnvironmentSecret: (repository, environment, name) =>
    `github:${repository.toLowerCase()}/environment/${environment.toLowerCase()}/secret/${name.toUpperCase()}`,
  githubOrganizationSecret: (owner, name) => `github:${owner.toLowerCase()}/secret/${name.toUpperCase()}`,
  system: (name) => `system:${name.toLowerCase()}`,
  team: (name) => `team:${name.toLowerCase()}`,
  vendor: (name) => `vendor:${name.toLowerCase()}`,
}
