import type { InputFile } from '../importer.ts'
import { decodeText } from '../read/decode-text.ts'
import { jsonObjects } from '../read/json-objects.ts'
import { limits } from '../read/limits.ts'
import { peek } from '../read/peek.ts'
import { textLines } from '../read/text-lines.ts'
import { documentsIn, looksLikeJson, parsedJson, yamlIn, type Found, type Unread } from './read-documents.ts'

/** A document, and the kind and version that a list gives to items which write none. */
export type Read = (Found & { readonly kind?: string; readonly apiVersion?: string }) | Unread

const MiB = 1024 * 1024
/** Files up to this size are held and read as one text; of larger ones, one object or document at a time. */
const HELD_BYTES = 8 * MiB
/** One object: a secret has at most 1 MiB, a custom resource little more. */
const OBJECT_BYTES = 4 * MiB
const LINE_LENGTH = 4 * MiB

/**
 * The documents of a file in order, with memory for one object: `kubectl get pods -A -o json` of a large cluster is
 * several hundred megabytes. @param heldBytes for tests.
 */
export async function* documentsOf(input: InputFile, heldBytes = HELD_BYTES): AsyncGenerator<Read> {
  if (input.size !== undefined && input.size <= heldBytes) return yield* documentsIn(await input.text())
  const begin = await peek(input.stream(), heldBytes)
  if (begin.whole) return yield* documentsIn(decodeText(begin.head))
  const head = new TextDecoder().decode(begin.head.subarray(0, limits.headBytes), { stream: true })
  yield* looksLikeJson(head) ? jsonItems(begin.rest(), head) : yamlItems(begin.rest())
}

/** Items of the lists and objects of a large JSON file, by the byte at which they begin. */
async function* jsonItems(bytes: AsyncIterable<Uint8Array>, head: string): AsyncGenerator<Read> {
  const list = listOf(head)
  for await (const pieces of jsonObjects(bytes, { lists: ['items'], firstKey: 'apiVersion', maxBytes: OBJECT_BYTES }))
    for (const piece of pieces) {
      const where = `byte ${piece.at}`
      if ('broken' in piece) yield { reason: piece.broken, where }
      else {
        // Cut by its brackets already, and no deeper than allowed.
        const found = parsedJson(piece.text, where, true)
        yield 'reason' in found ? found : { ...found, ...list }
      }
    }
}

/** `{"kind":"PodList","apiVersion":"v1", … "items":[`: what an API server writes before the items. kubectl writes it behind them, and gives each its kind. */
function listOf(head: string): { kind?: string; apiVersion?: string } {
  const before = head.slice(0, Math.max(0, head.indexOf('"items"')))
  const kind = textBehind(before, '"kind"')
  const apiVersion = textBehind(before, '"apiVersion"')
  return {
    ...(kind?.endsWith('List') ? { kind: kind.slice(0, -'List'.length) } : {}),
    ...(apiVersion === undefined ? {} : { apiVersion }),
  }
}

function textBehind(text: string, key: string): string | undefined {
  const at = text.indexOf(key)
  const from = at < 0 ? -1 : text.indexOf('"', text.indexOf(':', at + key.length))
  const to = from < 0 ? -1 : text.indexOf('"', from + 1)
  return to < 0 || to - from > 200 ? undefined : text.slice(from + 1, to)
}

/**
 * Documents of a large YAML file: cut at `---`, and the items of a list at their dashes in the first column, which is
 * how `kubectl get -o yaml` writes them.
 */
async function* yamlItems(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Read> {
  let held: string[] = []
  let size = 0
  let first = 1
  let inItems = false
  let tooLarge = false
  const take = function* (next: number): Generator<Read> {
    const text = held.join('\n')
    const where = `line ${first}`
    if (tooLarge) yield { reason: 'too-large', where }
    else if (text.trim() !== '') yield* yamlIn(text, first - 1)
    held = []
    size = 0
    tooLarge = false
    first = next
  }
  for await (const lines of textLines(bytes, LINE_LENGTH))
    for (const line of lines) {
      if ('tooLong' in line) {
        tooLarge = true
        continue
      }
      const { text } = line
      if (text === '---' || text.startsWith('--- ')) {
        yield* take(line.line)
        inItems = false
      } else if (inItems && text.startsWith('- ')) yield* take(line.line)
      else if (inItems && text !== '' && !' #-'.includes(text[0]!)) {
        // `kind: List` and `metadata:` behind the items: an object of their own, which says nothing.
        yield* take(line.line)
        inItems = false
      } else if (text === 'items:') {
        // What stands before the items is the list itself.
        inItems = true
        held = []
        size = 0
        continue
      }
      size += text.length + 1
      if (size > OBJECT_BYTES) {
        tooLarge = true
        held = []
      } else if (!tooLarge) held.push(text)
    }
  yield* take(0)
}
