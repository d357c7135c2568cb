/** What a reply is of: its path, and the parts of it that stand for something. */
export interface Request {
  /** Route with its placeholders: `/repos/{owner}/{repo}/actions/secrets`. */
  readonly route: string
  /** Values of the placeholders, by name; a placeholder nobody filled is absent. */
  readonly parts: ReadonlyMap<string, string>
}

const roots = new Set(['orgs', 'repos', 'app', 'user', 'users', 'teams', 'enterprises', 'organizations'])
const API = ['api', 'v3']
const endings = ['.gz', '.json', '.ndjson', '.jsonl', '.txt']

/**
 * The segments of a path of GitHub's REST API, of a whole address of one, or of `GET /…` as documentation writes it.
 * Undefined: it is none.
 */
export function segmentsOf(address: string): readonly string[] | undefined {
  if (address.length > 2048) return undefined
  const method = address.startsWith('GET ') ? address.slice(4) : address
  const query = method.indexOf('?')
  const bare = query < 0 ? method : method.slice(0, query)
  const host = bare.indexOf('://')
  let segments = bare.slice(host < 0 ? 0 : host + 3).split('/')
  if (host >= 0) segments = segments.slice(1)
  segments = segments.filter((segment) => segment !== '')
  if (segments[0] === API[0] && segments[1] === API[1]) segments = segments.slice(2)
  if (!roots.has(segments[0] ?? '')) return undefined
  return segments.map(decoded)
}

/** Environment names may hold a slash, written `%2F`. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/**
 * The same from the label of a file: `orgs/acme/actions/secrets.json`, `repos__acme__shop__keys.page2.json`. A slash
 * may be written `__`, because a name of a file can't hold one.
 */
export function segmentsOfLabel(label: string): readonly string[] | undefined {
  const segments = label
    .replaceAll('!/', '/')
    .replaceAll('__', '/')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
  const from = segments.findLastIndex((segment) => segment === 'orgs' || segment === 'repos')
  if (from < 0) return undefined
  const path = segments.slice(from).map(decoded)
  path[path.length - 1] = withoutEnding(path.at(-1)!)
  return path
}

function withoutEnding(name: string): string {
  let bare = name
  for (const ending of endings) if (bare.endsWith(ending)) bare = bare.slice(0, -ending.length)
  // `secrets.page2`, `secrets-2`: pages of one listing.
  let end = bare.length
  while (end > 0 && bare[end - 1]! >= '0' && bare[end - 1]! <= '9') end--
  if (end === bare.length) return bare
  const stem = bare.slice(0, end)
  for (const mark of ['.page', '-page', '_page', '.', '-', '_'])
    if (stem.endsWith(mark)) return stem.slice(0, -mark.length)
  return bare
}

/** The first route that these segments are of; one with fewer placeholders stands before one with more. */
export function matchRoute(segments: readonly string[], routes: readonly string[]): Request | undefined {
  for (const route of routes) {
    const parts = partsOf(segments, route.split('/').slice(1))
    if (parts) return { route, parts }
  }
  return undefined
}

/** Calls beside a listing that stand where the name of one of its items would: no item can be called so. */
const notNames = new Set(['public-key', 'downloads', 'rule-suites'])

function partsOf(segments: readonly string[], pattern: readonly string[]): Map<string, string> | undefined {
  if (segments.length !== pattern.length) return undefined
  const parts = new Map<string, string>()
  for (const [at, expected] of pattern.entries()) {
    const segment = segments[at]!
    if (!expected.startsWith('{')) {
      if (segment !== expected) return undefined
      continue
    }
    if (notNames.has(segment)) return undefined
    // `{org}` itself, as documentation has it, fills nothing.
    if (!segment.startsWith('{')) parts.set(expected.slice(1, -1), segment)
  }
  return parts
}
