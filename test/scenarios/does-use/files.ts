import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** A file of real data by its path below `../shared/data`; archives are unpacked here, apart from how imports do it. */
export interface Plain {
  readonly name: string
  readonly bytes: Buffer
}

export function filesBelow(root: string, base: string = root): Plain[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .flatMap((path) => {
      const file = { name: relative(base, path), bytes: readFileSync(path) }
      return path.endsWith('.tar.gz') ? entriesOf(file) : [file]
    })
}

const BLOCK = 512

/** Regular files of a gzipped tar (ustar, with long names of GNU and of POSIX). */
export function entriesOf({ bytes }: Plain): Plain[] {
  const tar = gunzipSync(bytes)
  const text = (at: number, length: number) => tar.toString('utf8', at, at + length).split('\0')[0]!
  const found: Plain[] = []
  let long: string | undefined
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const size = parseInt(text(at + 124, 12), 8)
    const type = text(at + 156, 1)
    const prefix = text(at + 257, 5) === 'ustar' ? text(at + 345, 155) : ''
    const body = at + BLOCK
    if (type === 'L') long = text(body, size)
    else if (type === 'x') long = pathIn(text(body, size)) ?? long
    else {
      const short = prefix ? `${prefix}/${text(at, 100)}` : text(at, 100)
      if (type === '0' || type === '') found.push({ name: long ?? short, bytes: tar.subarray(body, body + size) })
      long = undefined
    }
    at = body + Math.ceil(size / BLOCK) * BLOCK
  }
  return found
}

/** `37 path=a/long/name`, one a line. */
const pathIn = (header: string): string | undefined =>
  header
    .split('\n')
    .map((line) => line.slice(line.indexOf(' ') + 1))
    .find((record) => record.startsWith('path='))
    ?.slice('path='.length)
