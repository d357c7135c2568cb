import type { HclExpression } from '../read/hcl-expression.ts'
import type { HclBlock, HclFile } from '../read/parse-hcl.ts'

/** A block where it stands. */
export interface Declared {
  readonly block: HclBlock
  readonly file: string
}

export interface Local {
  readonly expression: HclExpression
  readonly file: string
}

/** The files of one folder: to Terraform they are one module, whatever they are called. */
export interface Folder {
  /** Path, without a slash at its end; the root is empty. */
  readonly path: string
  /** By `type.name`; data sources by `data.type.name`. */
  readonly resources: Map<string, Declared>
  readonly modules: Map<string, Declared>
  readonly variables: Map<string, Declared>
  readonly locals: Map<string, Local>
  readonly outputs: Map<string, Declared>
  readonly providers: Declared[]
  /** What files of values give to a variable, with whether Terraform takes the file by itself. */
  readonly given: Map<string, { readonly expression: HclExpression; readonly own: boolean }[]>
}

export const emptyFolder = (path: string): Folder => ({
  path,
  resources: new Map(),
  modules: new Map(),
  variables: new Map(),
  locals: new Map(),
  outputs: new Map(),
  providers: [],
  given: new Map(),
})

/** Takes a file's blocks into its folder. */
export function addFile(folder: Folder, file: string, parsed: HclFile): void {
  for (const block of parsed.blocks) {
    const [first = '', second = ''] = block.labels
    const declared = { block, file }
    if (block.type === 'resource') folder.resources.set(`${first}.${second}`, declared)
    else if (block.type === 'data') folder.resources.set(`data.${first}.${second}`, declared)
    else if (block.type === 'module') folder.modules.set(first, declared)
    else if (block.type === 'variable') folder.variables.set(first, declared)
    else if (block.type === 'output') folder.outputs.set(first, declared)
    else if (block.type === 'provider') folder.providers.push(declared)
    else if (block.type === 'locals')
      for (const [name, expression] of block.attributes) folder.locals.set(name, { expression, file })
  }
}

/** `terraform.tfvars` and `*.auto.tfvars` are taken by themselves, others only where somebody passes them. */
export function addValues(folder: Folder, file: string, parsed: HclFile): void {
  const name = file.slice(file.lastIndexOf('/') + 1)
  const plain = name.endsWith('.json') ? name.slice(0, -'.json'.length) : name
  const own = plain === 'terraform.tfvars' || plain.endsWith('.auto.tfvars')
  for (const [variable, expression] of parsed.attributes) {
    const values = folder.given.get(variable) ?? []
    values.push({ expression, own })
    folder.given.set(variable, values)
  }
}

/** `a/b/../c` is `a/c`; undefined above the root. */
export function resolved(from: string, relative: string): string | undefined {
  const parts = from === '' ? [] : from.split('/')
  for (const part of relative.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined
    } else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}
