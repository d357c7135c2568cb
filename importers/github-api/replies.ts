import { matchRoute, segmentsOf, segmentsOfLabel, type Request } from './request.ts'
import { routePaths } from './routes.ts'

/** A reply as it was recorded, with what is known of the call it answers. */
export interface Reply {
  readonly body: unknown
  readonly request: Request | 'other' | undefined
  readonly where: string
  /** Set where the recorder says so. */
  readonly status?: number | undefined
  readonly at?: string | undefined
  /** The recorder saw the last page; then there is no body. */
  readonly done?: true
  /** `--scope`: the organization or repository, where nothing else says it. */
  readonly scopeName?: string | undefined
}

type Fields = Readonly<Record<string, unknown>>
export const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/**
 * The replies in one JSON object: what our command writes (`{url, body}` a page), a map of calls (`{"GET /…": …}`),
 * or a bare reply, whose call the name of the file says, or addresses in it.
 */
export function requestsIn(value: unknown, file: string, where: string, scopeName: string | undefined): Reply[] {
  const fields = fieldsOf(value)
  if (!fields) return [{ body: value, request: requestOfLabel(file), where, scopeName }]
  const address = textOf(fields['url']) ?? textOf(fields['path']) ?? textOf(fields['request'])
  const isEnvelope = ['body', 'data', 'response', 'done', 'error'].some((name) => Object.hasOwn(fields, name))
  if (address !== undefined && isEnvelope && segmentsOf(address)) {
    const status = fields['status']
    const body = fields['body'] ?? fields['data'] ?? fields['response']
    return [
      {
        body,
        request: requestOf(address),
        where,
        scopeName,
        ...(typeof status === 'number' && { status }),
        ...(body === undefined && fields['error'] !== undefined && { status: 500 }),
        ...(textOf(fields['at']) !== undefined && { at: textOf(fields['at'])!.slice(0, 40) }),
        ...(fields['done'] === true && { done: true as const }),
      },
    ]
  }
  const calls = Object.entries(fields).filter(([name]) => name.startsWith('GET /'))
  if (calls.length > 0 && calls.length === Object.keys(fields).length)
    return calls.flatMap(([name, bodies]) =>
      bodiesOf(bodies).map((body) => ({ body, request: requestOf(name), where: `${where} ${name}`, scopeName })),
    )
  return [{ body: value, request: requestOfLabel(file) ?? requestOfContent(fields), where, scopeName }]
}

/** `{"default": …}`: several examples of one call; anything else is the reply itself. */
function bodiesOf(bodies: unknown): unknown[] {
  const fields = fieldsOf(bodies)
  if (!fields || !Object.keys(fields).some((name) => name === 'default' || name.startsWith('response')))
    return fields && Object.keys(fields).length === 1 && fieldsOf(Object.values(fields)[0])
      ? [Object.values(fields)[0]]
      : [bodies]
  return Object.values(fields)
}

function requestOf(address: string): Request | 'other' {
  const segments = segmentsOf(address)
  return (segments && matchRoute(segments, routePaths)) ?? 'other'
}

/** Only where the whole path fits a route: a folder may be called `repos` for other reasons. */
export function requestOfLabel(label: string): Request | undefined {
  const segments = segmentsOfLabel(label)
  return segments && matchRoute(segments, routePaths)
}

const API_HOSTS = ['https://api.github.com/', '/api/v3/']

/** A page or an item says itself what it is of, where it has an address of the API in it. */
function requestOfContent(fields: Fields): Request | undefined {
  const own = ownAddress(fields)
  const request = own === undefined ? undefined : requestOf(own)
  if (request !== undefined && request !== 'other') return request
  if (Object.hasOwn(fields, 'access_granted_at') || Object.hasOwn(fields, 'token_expires_at'))
    return { route: '/orgs/{org}/personal-access-tokens', parts: new Map() }
  if (Object.hasOwn(fields, 'access_tokens_url')) return { route: '/app/installations', parts: new Map() }
  return fromItems(fields)
}

function ownAddress(fields: Fields): string | undefined {
  const links = fieldsOf(fieldsOf(fields['_links'])?.['self'])
  return [fields['url'], fields['selected_repositories_url'], fields['hooks_url'], links?.['href']]
    .map(textOf)
    .find((address) => address !== undefined && API_HOSTS.some((host) => address.includes(host)))
}

/** Pages: the address of an item, cut to the listing that it is of. */
function fromItems(fields: Fields): Request | undefined {
  for (const [name, items] of Object.entries(fields)) {
    if (!Array.isArray(items) || !pageLists.has(name)) continue
    for (const item of items) {
      const inner = fieldsOf(item)
      const address = inner && ownAddress(inner)
      const segments = address === undefined ? undefined : segmentsOf(address)
      for (let end = segments?.length ?? 0; end > 0; end--) {
        const request = matchRoute(segments!.slice(0, end), routePaths)
        if (request?.route.endsWith(`/${pageLists.get(name)}`)) return request
      }
    }
  }
  return undefined
}

const pageLists = new Map([
  ['secrets', 'secrets'],
  ['environments', 'environments'],
  ['workflow_runs', 'runs'],
])
