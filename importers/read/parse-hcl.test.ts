import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseHcl, plainValue, type HclFile } from './parse-hcl.ts'

async function file(text: string): Promise<HclFile> {
  const parsed = await parseHcl(text)
  if ('reason' in parsed) throw new Error(parsed.reason)
  return parsed
}
const valueOf = async (text: string) => plainValue((await file(`it = ${text}`)).attributes.get('it'))

describe('HCL', () => {
  it('reads blocks with their labels, lines and bodies', async () => {
    const { blocks } = await file(`
# a comment with a { in it
path "secret/data/+/db" {
  capabilities = ["read", "list",]
  allowed_parameters = { "*" = [] } // all
}
resource aws_iam_user "ci" {
  lifecycle { create_before_destroy = true }
}`)
    expect(blocks.map(({ type, labels, line }) => [type, ...labels, line])).toEqual([
      ['path', 'secret/data/+/db', 3],
      ['resource', 'aws_iam_user', 'ci', 7],
    ])
    expect(plainValue(blocks[0]!.attributes.get('capabilities'))).toEqual(['read', 'list'])
    expect(plainValue(blocks[0]!.attributes.get('allowed_parameters'))).toEqual(new Map([['*', []]]))
    expect(blocks[1]!.blocks[0]!.attributes.get('create_before_destroy')).toEqual({ kind: 'literal', value: true })
  })

  it('reads literals in every spelling', async () => {
    expect(await valueOf('"a \\"b\\" \\u00e9\\n $${c} %%{d}"')).toBe('a "b" é\n ${c} %{d}')
    expect(await valueOf('"  blanks  "')).toBe('  blanks  ')
    expect(await valueOf('""')).toBe('')
    expect(await valueOf('[-1.5, 2.5e3, null, false]')).toEqual([-1.5, 2500, null, false])
    expect(await valueOf('<<EOT\n  {"a": 1}\n  EOT\n')).toBe('  {"a": 1}\n')
    expect(await valueOf('<<-EOT\n    one\n      two\n    EOT\n')).toBe('one\n  two\n')
    expect(await valueOf('{ "__proto__" = { a = 1 }, b: 2 }')).toEqual(
      new Map<string, unknown>([
        ['__proto__', new Map([['a', 1]])],
        ['b', 2],
      ]),
    )
  })

  it('keeps what is to be evaluated as expressions', async () => {
    const { attributes } = await file('it = { for n in toset(var.names) : n => "x-${n}-${local.env}"... if n != "" }')
    expect(attributes.get('it')).toMatchObject({
      kind: 'for',
      names: ['n'],
      of: { kind: 'call', name: 'toset' },
      key: { kind: 'name', name: 'n' },
      value: { kind: 'template', parts: [{ value: 'x-' }, { name: 'n' }, { value: '-' }, { kind: 'step' }] },
      test: { kind: 'binary', operator: '!=' },
      grouped: true,
    })
    expect(await valueOf('var.a == 1 ? "b" : "c"')).toBeUndefined()
    expect(await valueOf('"%{ if var.a }b%{ endif }"')).toBeUndefined()
  })

  it('loses only what is damaged, and says where', async () => {
    const { blocks, damagedLines } = await file(
      'variable "a" { default = "x" }\n\nresource "b" "c" {\n  list = [1,\n}\nresource "d" "e" {\n  f = 1\n}\n',
    )
    expect(blocks.map(({ labels, line }) => [...labels, line])).toEqual([
      ['a', 1],
      ['d', 'e', 6],
    ])
    expect(damagedLines).toHaveLength(1)
    expect(damagedLines[0]).toBeGreaterThanOrEqual(3)
    expect(damagedLines[0]).toBeLessThanOrEqual(5)
  })

  it('gives up on what is nested or long without measure', async () => {
    expect(await parseHcl(`a = ${'['.repeat(500)}${']'.repeat(500)}`)).toEqual({ reason: 'too-deep' })
    expect(await parseHcl('a'.repeat(5 * 1024 * 1024))).toEqual({ reason: 'too-large' })
  })

  it('survives any text, and any change of a good one', async () => {
    const good = 'a "b" {\n  c = "${d.e[0]}"\n  f = <<-G\n    h\n  G\n}\ni = [for j in k : j]\n'
    const signs = fc.constantFrom('"', '{', '}', '[', ']', '${', '<<E\n', '\\', '\n', '*/', '/*', '\0', '=', '%{')
    const changed = fc
      .array(fc.tuple(fc.nat(good.length), fc.nat(4), signs), { maxLength: 5 })
      .map((changes) =>
        changes.reduce((text, [at, cut, sign]) => text.slice(0, at) + sign + text.slice(at + cut), good),
      )
    const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), changed)
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const parsed = await parseHcl(text)
        if ('reason' in parsed) return
        for (const line of parsed.damagedLines) expect(line).toBeLessThanOrEqual(text.split('\n').length)
        for (const { line } of parsed.blocks) expect(line).toBeLessThanOrEqual(text.split('\n').length)
      }),
      { numRuns: 150 },
    )
  })
})
