/**
 * An export of a cluster does not say which one it is of, so its folder does: the first one inside what was named
 * (`exports/prod-eu/pods.json`), or the named folder itself (`prod-eu/pods.json`).
 */
export function clusterNamedBy(file: string): string {
  const folders = file.split('/').slice(0, -1)
  return folders[1] ?? folders[0] ?? 'cluster'
}
