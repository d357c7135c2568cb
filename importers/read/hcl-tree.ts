import { createRequire } from 'node:module'
import { Language, Parser, type TreeCursor } from 'web-tree-sitter'
import type { SkipReason } from '../../graph/facts.ts'

/** A node of the syntax of HCL, named as the grammar of tree-sitter names it. Comments are left out. */
export interface HclNode {
  readonly type: string
  /** Into the text, in UTF-16 units. */
  readonly start: number
  readonly end: number
  /** From 1. */
  readonly line: number
  /** From 0. */
  readonly column: number
  /** It, or something in it, is not HCL. */
  damaged: boolean
  readonly children: HclNode[]
}

/** Longer files are not configuration that people wrote. */
const longest = 4 * 1024 * 1024
/** Brackets in brackets, and the operands of one long sum; the grammar puts three nodes on each bracket. */
const deepest = 384
/** How often the parser may ask whether to go on: about 0.06 a character in the worst text seen, and then it is lost. */
const patience = (length: number): number => 2_000 + length / 4

/** The syntax of a text, or why there is none. Does not throw for bad input, and its time is bounded by the length. */
export async function hclTree(text: string): Promise<HclNode | { readonly reason: SkipReason }> {
  if (text.length > longest) return { reason: 'too-large' }
  const parser = await hclParser()
  let asked = 0
  const impatient = () => ++asked > patience(text.length)
  // Stopped when the callback says true; the library's types say that it returns nothing.
  const tree = parser.parse(text, null, { progressCallback: impatient as () => void })
  if (!tree) {
    parser.reset()
    return { reason: 'unreadable-record' }
  }
  const cursor = tree.walk()
  try {
    return copied(cursor) ?? { reason: 'too-deep' }
  } finally {
    cursor.delete()
    tree.delete()
  }
}

let loading: Promise<Parser> | undefined

/** One parser for all files: loading it takes longer than any of them. */
function hclParser(): Promise<Parser> {
  loading ??= (async () => {
    await Parser.init()
    const grammar = createRequire(import.meta.url).resolve('@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm')
    const parser = new Parser()
    parser.setLanguage(await Language.load(grammar))
    return parser
  })()
  return loading
}

/** The tree as plain objects, without recursion: every look into it is a call into another memory. */
function copied(cursor: TreeCursor): HclNode | undefined {
  const root = here(cursor)
  if (!cursor.gotoFirstChild()) return root
  const above: HclNode[] = [root]
  for (;;) {
    const node = here(cursor)
    if (node.damaged) for (const one of above) one.damaged = true
    if (node.type !== 'comment') above.at(-1)!.children.push(node)
    if (cursor.gotoFirstChild()) {
      if (above.push(node) > deepest) return undefined
      continue
    }
    while (!cursor.gotoNextSibling()) {
      above.pop()
      if (above.length === 0) return root
      cursor.gotoParent()
    }
  }
}

function here(cursor: TreeCursor): HclNode {
  const { row, column } = cursor.startPosition
  return {
    type: cursor.nodeType,
    start: cursor.startIndex,
    end: cursor.endIndex,
    line: row + 1,
    column,
    damaged: cursor.nodeIsMissing || cursor.nodeType === 'ERROR',
    children: [],
  }
}
