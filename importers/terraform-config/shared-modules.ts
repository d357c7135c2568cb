import { parseHcl } from '../read/parse-hcl.ts'
import { addFile, emptyFolder, type Folder } from './folder.ts'
import { moduleKinds } from './module-kinds.ts'
import type { Found } from './module.ts'

interface Kind {
  readonly below: string | undefined
  readonly folder: Folder
}

let described: Promise<ReadonlyMap<string, readonly Kind[]>> | undefined

/** What is known of modules by their source. The table is a constant: it is read once. */
export async function sharedModules(): Promise<(source: string) => Found | undefined> {
  const kinds = await (described ??= kindsBySource())
  return (written) => {
    const { source, ref } = partsOf(written)
    const rows = kinds.get(source)
    const older = rows?.find(({ below }) => below !== undefined && isBelow(ref, below))
    const row = older ?? rows?.find(({ below }) => below === undefined)
    return row && { folder: row.folder, source: source.slice(source.lastIndexOf('/') + 1), ref }
  }
}

async function kindsBySource(): Promise<ReadonlyMap<string, readonly Kind[]>> {
  const kinds = new Map<string, Kind[]>()
  for (const { source, below, description } of moduleKinds) {
    const folder = emptyFolder('')
    const parsed = await parseHcl(description)
    if ('reason' in parsed || parsed.damagedLines.length > 0) throw new Error(`The description of ${source} is no HCL.`)
    addFile(folder, '', parsed)
    kinds.set(source, [...(kinds.get(source) ?? []), { below, folder }])
  }
  return kinds
}

const schemes = ['git::', 'https://', 'ssh://', 'git@']

/** A source without what does not name the module: scheme, host user, `.git`, and apart the `ref`. */
export function partsOf(written: string): { source: string; ref: string } {
  const [address = '', query = ''] = written.split('?')
  let source = address
  for (const scheme of schemes) if (source.startsWith(scheme)) source = source.slice(scheme.length)
  const ref = query.split('&').find((pair) => pair.startsWith('ref='))
  return {
    source: source.replace('github.com:', 'github.com/').replace('.git', ''),
    ref: ref?.slice('ref='.length) ?? '',
  }
}

/** `1.2.0` is below `1.2.1`, and so is `v1.2.0`; a branch is below nothing. */
function isBelow(ref: string, version: string): boolean {
  const numbers = (text: string) => text.split('.').map((part) => (part === '' ? NaN : Number(part)))
  const [ours, theirs] = [numbers(ref.startsWith('v') ? ref.slice(1) : ref), numbers(version)]
  if (ours.some(Number.isNaN)) return false
  for (let at = 0; at < 3; at++) {
    const difference = (ours[at] ?? 0) - (theirs[at] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}
