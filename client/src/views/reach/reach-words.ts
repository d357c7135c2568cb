import type { ReachNode, Routes, ReachGraph } from '../../viz/reach-graph.ts'
import type { ColumnId, StackMark } from '../../viz/reach-layout.ts'
import { exact } from '../../model/verdict.ts'

export const columnTitles: Readonly<Record<ColumnId, string>> = {
  subject: 'This thing',
  acts: 'It may act as',
  secrets: 'Secrets it can read',
  becomes: 'Which become',
  jewels: 'Crown jewels',
}

/** Title of a column; where no crown jewel is known the last holds what else is opened. */
export const titleOf = (id: ColumnId, jewels: number): string =>
  id === 'jewels' && jewels === 0 ? 'What they open' : columnTitles[id]

/** "36 more", "no onward path": what a stacked card holds; its kinds are the tip. */
export function stackTitle(
  graph: ReachGraph,
  { nodes, leads }: StackMark,
): { title: string; sub: string; tip: string } {
  const kinds = new Map<string, number>()
  for (const node of nodes) {
    const { title } = graph.nodes[node]!
    kinds.set(title, (kinds.get(title) ?? 0) + 1)
  }
  const used = nodes.filter((node) => graph.nodes[node]!.used).length
  const sub = [leads === 0 ? 'no onward path' : `${exact(leads)} on a path`, used > 0 ? `${exact(used)} used` : '']
  const tip = [...kinds].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${exact(count)} × ${kind}`)
  return { title: `${exact(nodes.length)} more`, sub: sub.filter(Boolean).join(' · '), tip: tip.slice(0, 6).join(', ') }
}

/** Second line of a box. */
export function boxSub(node: ReachNode, cut: boolean): string {
  if (cut) return 'cut by ticked actions'
  return node.used ? `${node.title} · used` : node.title
}

export function boxWords(
  node: ReachNode,
  { cut, leads }: { cut: boolean; leads: boolean },
  within: readonly ReachNode[],
): string {
  return [
    node.jewel ? 'crown jewel' : '',
    node.title,
    node.where ?? '',
    node.used ? 'logs show use' : node.may ? 'only a permission or a guess leads there' : '',
    cut ? 'cut by ticked actions' : leads && !node.jewel ? 'on a path to what is to be protected' : '',
    ...within.map((one) => `holds ${one.name}`),
  ]
    .filter(Boolean)
    .join(', ')
}

/** What stays within reach, by name. */
export function leftWords(graph: ReachGraph, { left }: Routes, about: 'jewels' | 'everything' | 'nothing'): string {
  if (graph.targets.size === 0) return ''
  const gone = [...graph.targets].filter((target) => !left.includes(target))
  const what = about === 'jewels' ? 'crown jewel' : 'thing'
  if (left.length === 0) return `No ${what} is within reach over a link that is known.`
  const parts: string[] = []
  if (gone.length > 0) parts.push(`${namesOf(graph, gone)} ${gone.length === 1 ? 'is' : 'are'} no longer within reach.`)
  parts.push(`Still within reach: ${namesOf(graph, left)}.`)
  return parts.join(' ')
}

const NAMED = 3
function namesOf({ nodes }: ReachGraph, which: readonly number[]): string {
  const names = which.slice(0, NAMED).map((node) => nodes[node]!.name)
  return which.length > NAMED ? `${names.join(', ')} and ${exact(which.length - NAMED)} more` : names.join(', ')
}
