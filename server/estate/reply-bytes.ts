import { randomUUID } from 'node:crypto'
import { namedSources } from '../../graph/answer/coverage.ts'
import type { Estate } from '../../graph/estate/build.ts'

/** Stands for the sources while the rest is put into text; nobody can have it in a name of his. */
const mark = JSON.stringify(randomUUID())
const texts = new WeakMap<Estate, Buffer>()

/**
 * A reply as the bytes of its JSON, in memory that threads share: what is given away counts as pressure on the heap that
 * gets it, which would be walked whole for every fifty answers. The sources that an answer stands on are the larger part
 * of most, and the same in all of an estate: they are put into text once.
 */
export function replyBytes(estate: Estate, reply: unknown): Uint8Array<SharedArrayBuffer> {
  const { coverage } = (reply ?? {}) as { readonly coverage?: { readonly sources?: unknown } }
  if (coverage?.sources !== namedSources(estate)) return bytesOf([JSON.stringify(reply ?? null)])
  const text = JSON.stringify({ ...(reply as object), coverage: { ...coverage, sources: JSON.parse(mark) as string } })
  const at = text.lastIndexOf(mark)
  return bytesOf([text.slice(0, at), sourcesText(estate), text.slice(at + mark.length)])
}

function sourcesText(estate: Estate): Buffer {
  const known = texts.get(estate)
  if (known) return known
  const made = Buffer.from(JSON.stringify(namedSources(estate)))
  texts.set(estate, made)
  return made
}

function bytesOf(parts: readonly (string | Buffer)[]): Uint8Array<SharedArrayBuffer> {
  const length = parts.reduce(
    (sum, part) => sum + (typeof part === 'string' ? Buffer.byteLength(part) : part.length),
    0,
  )
  const memory = new SharedArrayBuffer(length)
  const all = Buffer.from(memory)
  let at = 0
  for (const part of parts) at += typeof part === 'string' ? all.write(part, at) : part.copy(all, at)
  return new Uint8Array(memory)
}
