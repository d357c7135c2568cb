import type { Families, Place } from './families.ts'
import { UNKNOWN } from './map-credentials.ts'
import { fieldsOf, type Reply } from './replies.ts'
import type { Outcome, RunState } from './reader.ts'
import { routes, type Route } from './routes.ts'

interface Read {
  readonly outcomes: readonly { readonly outcome: Outcome; readonly where: string }[]
  readonly note?: string
}

/** Which listing `{secrets: […]}` is of decides what it means; guessing would make one scope's secret another's. */
const undecidable =
  'Of which repository, environment or organization this is, and whether of Actions, Dependabot or Codespaces, neither ' +
  'the name of the file nor its content says: name it like its path (orgs/ORG/actions/secrets.json), or collect it as ' +
  'the README of this importer says.'

/** Takes one reply: an outcome for each item of a listing, or one for the whole. */
export function readReply(reply: Reply, file: string, all: Families, run: RunState): Read {
  const { request, where } = reply
  const one = (outcome: Outcome, note?: string): Read => ({
    outcomes: [{ outcome, where }],
    ...(note !== undefined && { note }),
  })
  if (request === undefined) {
    if (isError(reply.body)) return one('error-response')
    return isListing(reply.body) ? one('missing-identifier', undecidable) : one('not-relevant')
  }
  if (request === 'other') return one(isError(reply.body) ? 'error-response' : 'not-relevant')
  const route = routes.get(request.route)!
  const place = placeOf(request.parts, request.route, reply)
  if (place === undefined) return one('masked-identifier', undecidable)
  const family = all.of(place, familyName(route, request.parts))
  if ((reply.status ?? 200) >= 400 || isError(reply.body)) {
    family.failed()
    return one('error-response', `${family.name}: GitHub refused this call; what it lists is not known.`)
  }
  if (reply.done) {
    family.finished()
    return one('mapped')
  }
  const items = itemsOf(reply.body, route, family.total)
  if (items === undefined) {
    family.failed()
    return one('unreadable-record')
  }
  if (items.length === 0) return one('mapped')
  return {
    outcomes: items.map(([pointer, value]) => {
      const record = `${where}${pointer}`
      const at = reply.at
      const outcome = route.read({ value, place, family, parts: request.parts, file, record, at, run })
      if (outcome === 'unreadable-record') family.failed()
      return { outcome, where: record }
    }),
  }
}

/** One listing for each thing it is of: the repositories of one secret are no others'. */
function familyName({ family }: Route, parts: ReadonlyMap<string, string>): string {
  const of = ['secret_name', 'team_slug', 'pat_id', 'runner_group_id', 'branch']
    .map((name) => parts.get(name))
    .find((value) => value !== undefined)
  return of === undefined || family.endsWith('-one') ? family : `${family}-${of.toLowerCase()}`
}

function placeOf(parts: ReadonlyMap<string, string>, route: string, reply: Reply): Place | undefined {
  const [scopeOwner, scopeRepository] = (reply.scopeName ?? '').split('/')
  if (!route.startsWith('/repos/')) {
    const account = fieldsOf(fieldsOf(reply.body)?.['account'])?.['login']
    const owner = parts.get('org') ?? (typeof account === 'string' ? account : scopeOwner || undefined)
    const isNamed = !route.startsWith('/orgs/') || route.endsWith('/personal-access-tokens')
    if (owner === undefined && !isNamed) return undefined
    return { kind: 'github.organization', owner: owner ?? UNKNOWN }
  }
  const owner = parts.get('owner') ?? (scopeRepository ? scopeOwner : undefined)
  const name = parts.get('repo') ?? scopeRepository
  if (!owner || !name) return undefined
  const repository = `${owner}/${name}`
  const isEnvironment = route.includes('{environment_name}/')
  if (!isEnvironment) return { kind: 'github.repository', owner, repository }
  const environment = parts.get('environment_name')
  if (environment === undefined) return undefined
  return { kind: 'github.environment', owner, repository, environment }
}

/** The items of a page with their pointers. An array may have pages inside (`gh api --slurp`). */
function itemsOf(
  body: unknown,
  route: Route,
  total: (count: number) => void,
): readonly (readonly [string, unknown])[] | undefined {
  if (Array.isArray(body)) {
    const nested = (body as unknown[]).map((item, at) => [`/${at}`, item] as const)
    return nested.flatMap(([pointer, item]) => {
      const isPage = Array.isArray(item) || (route.list !== undefined && fieldsOf(item)?.[route.list] !== undefined)
      if (!isPage) return [[pointer, item] as const]
      return (itemsOf(item, route, total) ?? []).map(([inner, value]) => [`${pointer}${inner}`, value] as const)
    })
  }
  const fields = fieldsOf(body)
  if (!fields) return undefined
  const list = route.list === undefined ? undefined : fields[route.list]
  if (Array.isArray(list)) {
    const count = fields['total_count']
    if (typeof count === 'number') total(count)
    return (list as unknown[]).map((item, at) => [`/${route.list}/${at}`, item] as const)
  }
  // An item of a listing that stands alone: a file cut into its items, or one call for one thing.
  return route.list === undefined || fields['name'] !== undefined || fields['id'] !== undefined
    ? [['', body]]
    : undefined
}

const isListing = (body: unknown): boolean => {
  const fields = fieldsOf(body)
  return fields !== undefined && (Array.isArray(fields['secrets']) || Array.isArray(fields['variables']))
}

/** `{"message": "Not Found", "documentation_url": …}`. */
function isError(body: unknown): boolean {
  const fields = fieldsOf(body)
  return (
    fields !== undefined && typeof fields['message'] === 'string' && typeof fields['documentation_url'] === 'string'
  )
}
