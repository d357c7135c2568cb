import type { Plain } from './files.ts'

type Tree = Record<string, unknown>
const tree = (value: unknown): Tree => (typeof value === 'object' && value !== null ? (value as Tree) : {})
const list = (value: unknown): Tree[] => (Array.isArray(value) ? value.map(tree) : [])

/** Keys and their users, functions and their roles, from states of every version: `AKIA… > user`, `arn > role`. */
export function stateUses(files: readonly Plain[]): Set<string> {
  const found = new Set<string>()
  for (const { name, bytes } of files) {
    let state: Tree
    try {
      state = tree(JSON.parse(bytes.toString()))
    } catch {
      continue
    }
    if (![3, 4].includes(Number(state['version'])) || name.endsWith('.md')) continue
    for (const [type, attributes] of instancesOf(state)) {
      const [id, user, arn, role] = ['id', 'user', 'arn', 'role'].map((one) => attributes[one])
      if (type === 'aws_iam_access_key' && typeof id === 'string' && id.startsWith('AKIA'))
        found.add(`${id} > ${String(user)}`)
      if (type === 'aws_lambda_function' && typeof arn === 'string' && typeof role === 'string')
        found.add(`${arn} > ${role}`)
    }
  }
  return found
}

function instancesOf(state: Tree): [string, Tree][] {
  const four = list(state['resources'])
    .filter(({ mode }) => mode === 'managed')
    .flatMap((one) =>
      list(one['instances']).map((each): [string, Tree] => [String(one['type']), tree(each['attributes'])]),
    )
  const three = list(state['modules'])
    .flatMap((one) => Object.values(tree(one['resources'])).map(tree))
    .map((one): [string, Tree] => [String(one['type']), tree(tree(one['primary'])['attributes'])])
  return [...four, ...three]
}

interface Block {
  readonly kind: string
  readonly name: string
  readonly body: string
}

/** Blocks at the top of a configuration, by their braces; comments and texts are stepped over. */
export function blocksOf(source: string): Block[] {
  const text = withoutComments(source)
  const found: Block[] = []
  let [depth, start, open] = [0, 0, 0]
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') at = endOfText(text, at)
    else if (text[at] === '{' && depth++ === 0) open = at
    else if (text[at] === '}' && --depth === 0) {
      const head = text.slice(start, open).trim().split('\n').at(-1)!.split(' ').filter((word) => word !== '') // prettier-ignore
      found.push({ kind: head[0] ?? '', name: (head.at(-1) ?? '').split('"').join(''), body: text.slice(open + 1, at) })
      start = at + 1
    }
  }
  return found
}

function withoutComments(text: string): string {
  let out = ''
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') {
      const end = endOfText(text, at)
      out += text.slice(at, end + 1)
      at = end
    } else if (text[at] === '#' || text.startsWith('//', at)) {
      while (at < text.length && text[at] !== '\n') at++
      out += '\n'
    } else if (text.startsWith('/*', at)) at = Math.max(at, text.indexOf('*/', at)) + 1
    else out += text[at]
  }
  return out
}

function endOfText(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text[at] !== '"' && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1
  return at
}

/** Text after `NAME =` at the top of a block, to the end of its line or of its brackets. */
function attribute(body: string, name: string): string | undefined {
  let depth = 0
  const lines = body.split('\n')
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    const [left, ...right] = line.split('=')
    if (depth === 0 && left!.trim() === name && right.length > 0) {
      let value = right.join('=')
      while (count(value, '[') > count(value, ']') && i + 1 < lines.length) value += lines[++i]!
      return value.trim()
    }
    depth += count(line, '{') + count(line, '[') - count(line, '}') - count(line, ']')
  }
  return undefined
}

const count = (text: string, mark: string): number => text.split(mark).length - 1

/** Texts that an expression is made of: literals, and variables and locals by their values in the folder. */
function textsOf(value: string | undefined, folder: ReadonlyMap<string, string>, depth = 0): string[] {
  if (value === undefined || depth > 5) return []
  const inner = value.startsWith('[') ? value.slice(1, value.lastIndexOf(']')).split(',') : [value]
  return inner.flatMap((one) => {
    const word = one.trim()
    if (word.startsWith('"')) return [interpolated(word.slice(1, word.lastIndexOf('"')), folder, depth)]
    return folder.has(word) ? textsOf(folder.get(word), folder, depth + 1) : []
  })
}

function interpolated(text: string, folder: ReadonlyMap<string, string>, depth: number): string {
  const [before, ...rest] = text.split('${')
  return rest.reduce((whole, part) => {
    const [name, after] = part.split('}')
    return whole + (textsOf(folder.get(name!.trim()), folder, depth + 1)[0] ?? '?') + (after ?? '')
  }, before!)
}

/** Modules that make a token, and the argument that names the repositories that get it. */
const tokenModules = [
  ['cloud-platform-terraform-serviceaccount', 'github_repositories'],
  ['cloud-platform-terraform-hmpps-template', 'github_repo'],
] as const

/** Repositories that are given the token of a service account of a namespace: `namespace repository`. */
export function tokenRepositories(files: readonly Plain[]): Set<string> {
  const folders = new Map<string, Block[]>()
  for (const { name, bytes } of files) {
    if (!name.endsWith('.tf')) continue
    const folder = name.slice(0, name.lastIndexOf('/'))
    folders.set(folder, [...(folders.get(folder) ?? []), ...blocksOf(bytes.toString())])
  }
  const found = new Set<string>()
  for (const blocks of folders.values()) {
    const values = new Map<string, string>()
    for (const { kind, name, body } of blocks) {
      const value = kind === 'variable' ? attribute(body, 'default') : undefined
      if (value !== undefined) values.set(`var.${name}`, value)
      if (kind === 'locals')
        for (const line of body.split('\n')) {
          const name = line.split('=')[0]!.trim()
          const text = line.includes('=') ? attribute(body, name) : undefined
          if (text !== undefined) values.set(`local.${name}`, text)
        }
    }
    for (const { kind, body } of blocks) {
      const [source] = kind === 'module' ? textsOf(attribute(body, 'source'), values) : []
      const argument = tokenModules.find(([module]) => source?.includes(`${module}?`))?.[1]
      if (argument === undefined) continue
      const [namespace] = textsOf(attribute(body, 'namespace'), values)
      for (const repository of textsOf(attribute(body, argument), values))
        found.add(`${namespace} ${repository.toLowerCase()}`)
    }
  }
  return found
}
