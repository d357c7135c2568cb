import { z } from 'zod'
import type { FileReport, InputFile, Probe } from '../importer.ts'
import { jsonDepth } from '../read/json-depth.ts'
import { jsonObjects } from '../read/json-objects.ts'
import { limits } from '../read/limits.ts'

const text = z.string().min(1).max(512)
const maybe = z.string().max(512).nullish().catch(undefined)
/** `value` is four x and the last characters of the real one: never read. */
const Item = z.object({
  id: maybe,
  name: maybe,
  variable: maybe,
  context_id: maybe,
  created_at: maybe,
  updated_at: maybe,
})
const Page = z.object({ items: z.array(z.unknown()).max(10_000), next_page_token: maybe })
const Envelope = z.object({ url: text, body: Page })

export interface Variable {
  readonly name: string
  readonly createdAt?: string | undefined
  readonly updatedAt?: string | undefined
  readonly file: string
  readonly record: string
}

/** What listings of CircleCI's API say, by ids of contexts and by slugs of projects. */
export interface Listings {
  /** Contexts by id: the organization that has it, and its name. */
  readonly contexts: Map<string, { readonly owner: string; readonly name: string; readonly file: string }>
  readonly inContext: Map<string, Variable[]>
  /** `owner/name` to its variables. */
  readonly inProject: Map<string, Variable[]>
  /** Listings whose last page was there: ids and slugs. */
  readonly whole: Set<string>
}

export const circleciListings = (): Listings => ({
  contexts: new Map(),
  inContext: new Map(),
  inProject: new Map(),
  whole: new Set(),
})

export const isListing = (name: string): boolean =>
  ['.json', '.ndjson', '.jsonl'].some((ending) => name.toLowerCase().endsWith(ending))

export function detectListing({ head }: Probe): number {
  if (!head.includes('"items"')) return 0
  if (head.includes('/api/v2/context') || head.includes('/api/v2/project/')) return 0.95
  return head.includes('"context_id"') && head.includes('"variable"') ? 0.8 : 0
}

/** Each reply with the call it answers: `{"url": "https://circleci.com/api/v2/…", "body": {…}}`. */
export async function readListing(
  input: InputFile,
  report: FileReport,
  listings: Listings,
  scopeName: string | undefined,
): Promise<void> {
  for await (const pieces of jsonObjects(input.stream(), { lists: [] }))
    for (const piece of pieces) {
      const where = `byte ${piece.at}`
      const value = 'broken' in piece ? undefined : parsed(piece.text)
      const page = Envelope.safeParse(value).data ?? bare(value)
      if (!page) {
        report.read?.()
        report.skipped('broken' in piece ? piece.broken : 'unreadable-record', where)
        continue
      }
      takePage(page, input.name, where, report, listings, scopeName)
    }
}

/** A page without its call: variables of contexts name their context themselves, nothing else says what it is of. */
function bare(value: unknown): z.infer<typeof Envelope> | undefined {
  const body = Page.safeParse(value).data
  return body && { url: '', body }
}

function parsed(piece: string): unknown {
  if (jsonDepth(piece, limits.jsonDepth) > limits.jsonDepth) return undefined
  try {
    return JSON.parse(piece) as unknown
  } catch {
    return undefined
  }
}

function takePage(
  { url, body }: z.infer<typeof Envelope>,
  file: string,
  where: string,
  report: FileReport,
  listings: Listings,
  scopeName: string | undefined,
): void {
  const { segments, owner } = callOf(url, scopeName)
  report.read?.(Math.max(1, body.items.length))
  if (body.items.length === 0) report.mapped()
  const isLast = body.next_page_token === null || body.next_page_token === undefined || body.next_page_token === ''
  const [kind, first, second, third] = segments
  const project = kind === 'project' && second && third ? `${second}/${third}` : undefined
  if (isLast && project !== undefined) listings.whole.add(project)
  if (isLast && kind === 'context' && first !== undefined) listings.whole.add(first)
  for (const [index, value] of body.items.entries()) {
    const record = `${where}/items/${index}`
    const item = Item.safeParse(value).data
    const context = item?.context_id ?? (kind === 'context' && second === 'environment-variable' ? first : undefined)
    const told = { createdAt: item?.created_at ?? undefined, updatedAt: item?.updated_at ?? undefined, file, record }
    if (item?.variable && context) append(listings.inContext, context, { name: item.variable, ...told })
    else if (item?.name && project !== undefined && segments.at(-1) === 'envvar')
      append(listings.inProject, project, { name: item.name, ...told })
    else if (item?.id && item.name && kind === 'context' && first === undefined) {
      if (owner === undefined) {
        report.skipped('missing-identifier', record)
        continue
      }
      listings.contexts.set(item.id, { owner, name: item.name, file })
    } else {
      report.skipped(item ? 'missing-identifier' : 'unreadable-record', record)
      continue
    }
    report.mapped()
  }
}

/** `/api/v2/context?owner-slug=gh/acme`, `/api/v2/project/gh/acme/shop/envvar`. */
function callOf(url: string, scopeName: string | undefined) {
  const [path = '', query = ''] = url.split('?')
  const from = path.indexOf('/api/v2/')
  const segments =
    from < 0
      ? []
      : path
          .slice(from + '/api/v2/'.length)
          .split('/')
          .filter((part) => part !== '')
  const slug = new URLSearchParams(query).get('owner-slug')
  const owner = slug?.split('/')[1] ?? scopeName?.split('/')[0]
  return { segments, owner: owner === '' ? undefined : owner }
}

function append(lists: Map<string, Variable[]>, key: string, variable: Variable): void {
  const list = lists.get(key)
  if (!list) lists.set(key, [variable])
  else if (!list.some(({ name }) => name === variable.name)) list.push(variable)
}
