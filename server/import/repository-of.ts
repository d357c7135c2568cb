import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** `owner/name` of the checkout whose root this folder is, from the origin in its `.git/config`. */
export async function repositoryOfCheckout(folder: string): Promise<string | undefined> {
  const config = await readFile(join(folder, '.git', 'config'), 'utf8').catch(() => undefined)
  return config === undefined ? undefined : repositoryOfConfig(config)
}

/** The checkout that a folder lies in, looked for upwards. */
export async function repositoryAround(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const repository = await repositoryOfCheckout(at)
    if (repository !== undefined || dirname(at) === at) return repository
  }
}

/**
 * Without git: a folder with a `.github` in it is taken for a repository called as the folder, `owner__name` being how
 * `owner/name` is written where a slash can't be. A name without an owner is given as it is.
 */
export async function repositoryOfFolder(folder: string): Promise<string | undefined> {
  const github = await stat(join(folder, '.github')).catch(() => undefined)
  return github?.isDirectory() ? basename(folder).replace('__', '/') : undefined
}

/** The last two parts of the address of `[remote "origin"]`, whatever stands before them (host, user, token). */
export function repositoryOfConfig(config: string): string | undefined {
  let inOrigin = false
  for (const line of config.split('\n').map((text) => text.trim())) {
    if (line.startsWith('[')) inOrigin = line === '[remote "origin"]'
    else if (inOrigin && line.startsWith('url')) {
      const address = line.slice(line.indexOf('=') + 1).trim()
      const path = address.endsWith('.git') ? address.slice(0, -4) : address
      const [owner, name] = path.replaceAll(':', '/').split('/').slice(-2)
      return owner && name ? `${owner}/${name}` : undefined
    }
  }
  return undefined
}
