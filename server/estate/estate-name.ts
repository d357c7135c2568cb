import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { version } from '../version.ts'
import type { EstateInputs, SharedScope } from './estate-inputs.ts'
import { FORM } from './kept-estate.ts'

/** What an estate is built from: its facts by the root of their import, its files by the import, which never changes. */
export interface NamedInputs extends Omit<EstateInputs, 'scopes'> {
  readonly scopes: readonly NamedScope[]
}

export type NamedScope = Omit<SharedScope, 'segments' | 'files'> & { readonly importId: string; readonly root: string }

/**
 * Names everything that decides what an estate is: what is believed, what people said, and the code that makes one of
 * the other. Two that are called alike are alike. 64 hexadecimal digits.
 */
export function estateName({ scopes, snapshot, decisions, overrides }: NamedInputs): string {
  const sorted = [...scopes].sort((a, b) => (a.scope < b.scope ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([FORM, codeName(), sorted, snapshot, decisions, overrides]))
    .digest('hex')
}

let named: string | undefined

/** Of the code that runs: its version stays the same while somebody changes it in a checkout. */
function codeName(): string {
  if (named !== undefined) return named
  const hash = createHash('sha256').update(`${version()} ${process.version} ${process.arch}`)
  const folder = fileURLToPath(new URL('../../graph', import.meta.url))
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.[jt]s$/.test(file))
  for (const file of files.sort()) hash.update(file).update(readFileSync(join(folder, file)))
  return (named = hash.digest('hex'))
}
