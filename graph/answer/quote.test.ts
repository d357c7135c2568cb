import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { goPattern, goText, isPrintable, jqText, kqlText, printable, shellText, sqlText } from './quote.ts'

const hostile = [
  "o'brien",
  "'; DROP TABLE cloudtrail_logs; --",
  '" or 1 == 1 //',
  String.raw`back\slash\" and \' and \\`,
  String.raw`\(env.HOME)`,
  '$(touch /tmp/x) `id` ${HOME}',
  'a|b.*[c]{2}^$(d)?+',
  'new\nline\r\ttab\0nul',
  'right\u202eto left\u2066',
  'lone \ud800 surrogate',
  '}} |~ ".*" {{',
  "''''",
  '\\',
  '"""',
  'ünïcödé 名前 🔑',
]
const has = (tool: string): boolean => spawnSync(tool, ['--version']).error === undefined
for (const tool of ['jq', 'sqlite3', 'sh'])
  if (!has(tool) && tool !== 'sh')
    process.stderr.write(`SKIPPED: no ${tool} here: its literals are read back by rule alone\n`)

/** Reads a literal in double quotes with backslashes, and says what is left after it. */
function readBack(literal: string): { value: string; rest: string } {
  let value = ''
  let at = 1
  for (; literal[at] !== '"'; at++) value += literal[at] === '\\' ? literal[++at]! : literal[at]!
  return { value, rest: literal.slice(at + 1) }
}

describe.each(hostile)('the name %j', (name) => {
  const shown = printable(name)
  it('ends where it should in SQL, and is itself', () => {
    const literal = sqlText(name)
    expect(literal.slice(1, -1).replaceAll("''", '')).not.toContain("'")
    expect(literal.slice(1, -1).replaceAll("''", "'")).toBe(shown)
    if (has('sqlite3'))
      expect(execFileSync('sqlite3', [':memory:', `SELECT ${literal}`], { encoding: 'utf8' })).toBe(`${shown}\n`)
  })
  it('ends where it should in Kusto, LogQL and PromQL', () => {
    for (const literal of [kqlText(name), goText(name)]) expect(readBack(literal)).toEqual({ value: shown, rest: '' })
    expect(JSON.parse(goText(name))).toBe(shown)
  })
  it('is matched by its own pattern and by nothing longer', () => {
    const { value, rest } = readBack(goPattern([name, 'other'], '-.*'))
    expect(rest).toBe('')
    const pattern = new RegExp(`^(?:${value})$`, 'u')
    expect(pattern.test(`${shown}-x`)).toBe(true)
    expect(pattern.test('other-x')).toBe(true)
    expect(pattern.test(`x${shown}-x`)).toBe(false)
  })
  it('is one word of a shell, also inside a program of jq', () => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellText(shown)}`], { encoding: 'utf8' })).toBe(shown)
    if (has('jq'))
      expect(execFileSync('sh', ['-c', `jq -n -r ${shellText(jqText(name))}`], { encoding: 'utf8' })).toBe(`${shown}\n`)
  })
  it('says when it cannot be matched', () => {
    expect(isPrintable(name)).toBe(shown === name)
    expect(shown).not.toMatch(/[\u0000-\u001f\u202e]/)
  })
})
