import { entityKindNames } from '../../graph/kinds/entity-kinds.ts'
import type { Importer, Probe } from '../importer.ts'
import { scopeOpener } from './open-scope.ts'
import { readDocument } from './read-document.ts'
import { readLines } from './read-lines.ts'

export const bundle: Importer = {
  id: 'bundle',
  title: 'Keyfall bundle',
  reads: 'facts in our own format: JSON, NDJSON, test vectors (docs/bundle.md)',
  collect: 'keyfall export --out estate.ndjson',
  emits: entityKindNames,
  blindTo: ['whatever its writer did not put in'],
  nature: 'snapshot',
  detect,
  begin: (context) => ({
    async file(input, report) {
      const openScope = scopeOpener(context, input)
      const isLines = isNdjson(await firstLine(input.stream()))
      await (isLines ? readLines : readDocument)(input, report, openScope)
    },
    end() {},
  }),
}

const records = ['{"entity":', '{"relationship":', '{"observation":']

function detect({ head }: Probe): number {
  const text = head.trimStart()
  if (!text.startsWith('{')) return 0
  if (text.slice(0, 2_000).includes('"keyfall.bundle/')) return 1
  if (isNdjson(text.split('\n', 1)[0]!)) return 0.9
  if (!hasList(text, 'entities')) return 0
  return hasList(text, 'relationships') ? 0.9 : 0.5
}

/** `"name": [` somewhere in the text. */
function hasList(text: string, name: string): boolean {
  const key = `"${name}"`
  for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1)) {
    const after = text.slice(at + key.length, at + key.length + 100).trimStart()
    if (after.startsWith(':') && after.slice(1).trimStart().startsWith('[')) return true
  }
  return false
}

/** A whole header or record on the first line; a JSON bundle on one line has its lists there. */
function isNdjson(line: string): boolean {
  const close = line.replaceAll(' ', '')
  if (records.some((start) => close.startsWith(start))) return true
  return (
    close.startsWith('{') && close.endsWith('}') && close.includes('"keyfall.bundle/') && !close.includes('"entities"')
  )
}

const FIRST_LINE_MAX = 4_096

async function firstLine(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  for await (const chunk of bytes) {
    const text = new TextDecoder().decode(chunk.subarray(0, FIRST_LINE_MAX)).trimStart()
    return text.split('\n', 1)[0]!.trimEnd()
  }
  return ''
}
