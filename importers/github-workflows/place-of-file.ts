import type { InputFile } from '../importer.ts'

export interface Place {
  /** `owner/name`. */
  readonly repository: string
  /** The owner is not known: the name stands under `_`. */
  readonly guessed: boolean
  /** Path inside the repository. */
  readonly path: string
}

/**
 * Repository and path of a file: from the checkout, else from the folder that holds `.github` (`owner__name`, because
 * a slash can't be in a name), else from `--scope`.
 */
export function placeOfFile(input: Pick<InputFile, 'name' | 'repository'>, scopeName: string | undefined): Place {
  const parts = input.name.split('/').filter((part) => part !== '' && part !== '.')
  const github = parts.lastIndexOf('.github')
  const isOwners = parts.at(-1) === 'CODEOWNERS'
  const root = github >= 0 ? github : isOwners ? parts.length - (parts.at(-2) === 'docs' ? 2 : 1) : -1
  const path = root >= 0 ? parts.slice(root).join('/') : `.github/workflows/${(parts.at(-1) ?? '').split('!').at(-1)!}`
  const folder = root > 0 ? parts[root - 1]! : undefined
  // A checkout names its owner; a folder's name alone does not, and what was said with --scope does.
  const said = scopeName?.includes('/') === true && input.repository?.includes('/') !== true ? scopeName : undefined
  const named = said ?? input.repository ?? scopeName ?? (folder === undefined ? undefined : folderName(folder))
  const inFolder = folder?.includes('__') ? folderName(folder) : undefined
  const repository = inFolder ?? named ?? 'unknown'
  const known = repository.includes('/')
  return { repository: known ? repository : `_/${repository}`, guessed: !known, path }
}

const endings = ['!', '.gz', '.tgz', '.tar', '.zip']

/** `acme__shop`, or the archive that holds the checkout: `acme__shop.tar.gz!`. */
function folderName(folder: string): string {
  let name = folder
  for (const ending of endings) if (name.endsWith(ending)) name = name.slice(0, -ending.length)
  return name.replace('__', '/')
}
