import { BUNDLE_FORMAT } from '../../graph/facts.ts'
import type { FileReport, InputFile, RunContext } from '../importer.ts'
import type { BundleMap } from './map.ts'
import type { Header } from './records.ts'

export interface OpenedScope {
  readonly map: BundleMap
  /** Something of it could not be read: what is missing must not be taken for gone. */
  incomplete(): void
}

/** Opens the scope that a header names; undefined, and said, for a format we do not read. */
export type OpenScope = (header: Header, report: FileReport) => OpenedScope | undefined

export function scopeOpener(context: RunContext, input: InputFile): OpenScope {
  return (header, report) => {
    if (header.format !== undefined && header.format !== BUNDLE_FORMAT) {
      report.note(`A bundle of another version: this reads ${BUNDLE_FORMAT}.`)
      return undefined
    }
    const name = header.scope ?? context.scopeName ?? baseName(input.name)
    const declaration = { id: `bundle/${name}`, title: `Bundle ${name}`, nature: header.nature }
    const sink = context.scope({ ...declaration, complete: true })
    return {
      map: { scope: name, file: input.name, asserted: header.nature === 'asserted', sink },
      incomplete: () => void context.scope({ ...declaration, complete: false }),
    }
  }
}

const endings = ['.gz', '.json', '.ndjson', '.jsonl']

/** `exports/shop.ndjson.gz` is the bundle `shop`. */
function baseName(label: string): string {
  let name = label.slice(label.lastIndexOf('/') + 1)
  for (const ending of endings)
    if (name.endsWith(ending) && name.length > ending.length) name = name.slice(0, -ending.length)
  return name
}
