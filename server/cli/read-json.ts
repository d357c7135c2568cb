import { readFileSync } from 'node:fs'
import { parse, type ParseError } from 'jsonc-parser'
import type { ZodType } from 'zod'
import { issueWords } from '../../graph/issue-words.ts'
import { clean } from './clean.ts'
import { UsageProblem } from './usage-problem.ts'

/** The text of a file the user named, without its byte order mark. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new UsageProblem(`${clean(file)} cannot be read (${code})`, 'check the path')
  }
}

/** JSON of one shape. Says line and column of a mistake, or the path in the document; never what stands there. */
export function parseJson<T>(text: string, shape: ZodType<T>, file: string): T {
  const result = shape.safeParse(parsedJson(text, file))
  if (result.success) return result.data
  const [issue] = result.error.issues
  const where = issue!.path.map(String).join('/')
  throw new UsageProblem(`${clean(file)}: /${clean(where)}: ${issueWords(issue!)}`, 'see docs/bundle.md for the shape')
}

function parsedJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const errors: ParseError[] = []
    parse(text, errors, { disallowComments: true })
    const before = text.slice(0, errors[0]?.offset ?? text.length).split('\n')
    const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`
    throw new UsageProblem(`${clean(file)}: ${place}: not valid JSON`, 'check it with a JSON parser')
  }
}
