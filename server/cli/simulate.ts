import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { canonical } from '../../graph/canonical.ts'
import { Bundle } from '../../graph/facts.ts'
import { Change } from '../../graph/outage/change.ts'
import { simulate, toExpect, type Expected } from '../../graph/outage/simulate.ts'
import { clean } from './clean.ts'
import { exitCodes } from './exit-codes.ts'
import type { Print } from './print.ts'
import { compileBundle, readBundle } from './read-bundle.ts'
import { parseJson, readText } from './read-json.ts'
import { UsageProblem } from './usage-problem.ts'

/** What a vector file must have for its outages to be computed. */
const Question = z.object({ bundle: Bundle, change: Change })
/** Not `z.record`: an id may be called `__proto__`. */
const Answer = z.object({ expect: z.custom<object>((value) => typeof value === 'object' && value !== null) })

/** `simulate --bundle FILE --change FILE` */
export function simulateFiles(print: Print, files: { bundle: string; change: string; json: boolean }): number {
  const change = parseJson(readText(files.change), Change, files.change)
  const outages = toExpect(simulate(compileBundle(readBundle(files.bundle)), change))
  if (files.json) print.line(expectJson(outages))
  else printOutages(print, outages)
  return exitCodes.done
}

/** `simulate --vectors DIR`: with `--json` one line a file; without, compares with what each file expects. */
export function simulateVectors(print: Print, { vectors, json }: { vectors: string; json: boolean }): number {
  let different = 0
  const files = jsonFilesOf(vectors)
  for (const file of files) {
    const text = readText(join(vectors, file))
    const { bundle, change } = parseJson(text, Question, file)
    const outages = toExpect(simulate(compileBundle(bundle), change))
    if (json) {
      print.line(`{"file":${JSON.stringify(file)},"outages":${expectJson(outages)}}`)
      continue
    }
    const wrong = differences(outages, new Map(Object.entries(parseJson(text, Answer, file).expect)))
    if (wrong.length === 0) continue
    different++
    print.line(`${clean(file)}: not as expected`)
    for (const line of wrong) print.line(`  ${line}`)
  }
  if (json) return exitCodes.done
  print.line(`${files.length - different} of ${files.length} vectors as expected`)
  return different > 0 ? exitCodes.ourFailure : exitCodes.done
}

function jsonFilesOf(folder: string): string[] {
  let names: string[]
  try {
    names = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
  } catch {
    throw new UsageProblem(
      `${clean(folder)} is no folder that can be read`,
      'name the folder that holds the vector files',
    )
  }
  const files = names.filter((name) => name.endsWith('.json')).sort()
  if (files.length === 0) throw new UsageProblem(`${clean(folder)} holds no .json file`, 'vectors are files *.json')
  return files
}

/** Written by hand: ids are text from a file and never become names of an object's properties. */
function expectJson(outages: Expected): string {
  const entries = [...outages].map(([id, outage]) => `${JSON.stringify(id)}:${JSON.stringify(outage)}`)
  return `{${entries.join(',')}}`
}

function differences(found: Expected, expected: ReadonlyMap<string, unknown>): string[] {
  const ids = [...new Set([...found.keys(), ...expected.keys()])].sort()
  return ids.flatMap((id) => {
    const [is, wanted] = [canonical(found.get(id) ?? null), canonical(expected.get(id) ?? null)]
    return is === wanted ? [] : [`${clean(id)}: expected ${wanted}, found ${is}`]
  })
}

function printOutages(print: Print, outages: Expected): void {
  if (outages.size === 0) print.line('Nothing is out or degraded.')
  const width = Math.max(0, ...[...outages.keys()].map((id) => clean(id).length))
  for (const [id, { certain, possible, degraded }] of outages) {
    const words =
      degraded && !possible
        ? `degraded ${spanWords(degraded.possible ?? degraded.certain)}`
        : outWords(certain, possible)
    print.line(`${clean(id).padEnd(width)}  ${words}`)
  }
}

type SpanOrNone = readonly [number, number | null] | null

function outWords(certain: SpanOrNone, possible: SpanOrNone): string {
  if (!certain) return `may be out ${spanWords(possible)}`
  return canonical(certain) === canonical(possible)
    ? `out ${spanWords(certain)}`
    : `out ${spanWords(certain)} for certain, at worst ${spanWords(possible)}`
}

function spanWords(span: SpanOrNone): string {
  if (!span) return ''
  const [from, to] = span
  return to === null ? `from ${from} s on, for good` : `from ${from} s to ${to} s`
}
