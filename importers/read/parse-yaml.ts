import { Composer, LineCounter, Parser, type CST, type Tags } from 'yaml'
import type { SkipReason } from '../../graph/facts.ts'
import { isCircular } from './circular.ts'
import { limits } from './limits.ts'

/** A YAML value; mappings are Maps, because keys are file text. */
export type YamlValue = null | boolean | number | string | bigint | readonly YamlValue[] | YamlMap
export type YamlMap = ReadonlyMap<YamlValue, YamlValue>

export type ParsedYaml = { readonly value: YamlValue } | { readonly reason: SkipReason; readonly where: string }

/**
 * The first document of a YAML file, guarded: depth and aliases are counted on the syntax tree, without recursion,
 * before anything recursive sees them (a few kilobytes of brackets abort the process otherwise).
 * @param customTags local tags (`!Ref`) and what they mean; others lose their tag and keep their value
 */
export function parseYaml(text: string, customTags: Tags = []): ParsedYaml {
  const lines = new LineCounter()
  const tokens: CST.Token[] = []
  let documents = 0
  for (const token of new Parser(lines.addNewLine).parse(text)) {
    if (token.type === 'error') return { reason: 'not-yaml', where: `line ${lines.linePos(token.offset).line}` }
    if (token.type === 'document' && ++documents > 1) break
    tokens.push(token)
  }
  const fault = measure(tokens)
  if (fault) return { reason: fault, where: 'line 1' }
  const options = {
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    logLevel: 'silent',
    lineCounter: lines,
    customTags,
  } as const
  const [document] = [...new Composer(options).compose(tokens, true, text.length)]
  if (!document) return { reason: 'empty', where: 'line 1' }
  const error = document.errors[0]
  if (error) return { reason: 'not-yaml', where: `line ${lines.linePos(error.pos[0]).line}` }
  try {
    const value = document.toJS({ mapAsMap: true, maxAliasCount: limits.yamlAliases }) as YamlValue
    return isCircular(value) ? { reason: 'too-deep', where: 'line 1' } : { value }
  } catch {
    return { reason: 'too-large', where: 'line 1' }
  }
}

function measure(tokens: readonly CST.Token[]): SkipReason | undefined {
  const waiting: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }))
  let aliases = 0
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { token, depth } = next
    if (depth > limits.yamlDepth) return 'too-deep'
    if (token.type === 'alias' && ++aliases > limits.yamlAliases) return 'too-large'
    if (token.type === 'document') {
      if (token.value) waiting.push({ token: token.value, depth })
    } else if ('items' in token) {
      for (const item of token.items) {
        if (item.key) waiting.push({ token: item.key, depth: depth + 1 })
        if (item.value) waiting.push({ token: item.value, depth: depth + 1 })
      }
    }
  }
  return undefined
}
