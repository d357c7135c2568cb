import { Operation, Verdict } from '../../../graph/wire.ts'

export type View =
  | 'find'
  | 'map'
  | 'blast'
  | 'reach'
  | 'node'
  | 'estate'
  | 'import'
  | 'cutover'
  | 'audit'
  | 'sources'
  | 'settings'
  | 'saved'
  | 'lost'

/** What the rows of the front stand for. */
export const groupings = ['system', 'owner', 'tier', 'kind', 'env', 'plane'] as const
export type Grouping = (typeof groupings)[number]

/** Everything the screen shows that is worth a link (client.md section 6). Defaults are left out of the URL. */
export interface Place {
  readonly view: View
  readonly id: string
  /** What follows the id in the path: the file of an import report, the credential of a plan. */
  readonly part: string
  /** `null`: what the server answers by default. */
  readonly op: Operation | null
  /** Band behind which the front stands; empty: the first. */
  readonly t: string
  /** Verdicts that are kept bright; empty: all. */
  readonly verdicts: readonly Verdict[]
  /** Ids of the ticked steps, in the order they were ticked. */
  readonly ticked: readonly string[]
  /** What the ticked steps change is drawn beside what was. */
  readonly diff: boolean
  /** A filter expression, as it was typed (graph/filter.ts). */
  readonly filter: string
  /** What the filter leaves out is not drawn at all, instead of dimmed. */
  readonly onlyFits: boolean
  readonly group: Grouping
  /** Snapshot the link was made against, or is pinned to; empty: the latest. */
  readonly snap: string
  /** Folds that are open. */
  readonly opened: readonly string[]
  /** Chosen cell: `row.band`. */
  readonly cell: string
  /** Dependant whose path is shown; empty: the one the headline names; `none`: closed. */
  readonly why: string
  readonly whyPath: number
  readonly shows: 'picture' | 'table'
  readonly tab: string
  /** Column a table is ordered by, `-` before it the other way round; empty: as the server orders it. */
  readonly sort: string
  /** Id of the chosen row. */
  readonly selected: string
  /** Text of Find. */
  readonly q: string
  /** What Reach draws: what is possible, what logs show, or both. */
  readonly mode: 'can' | 'used' | 'both'
  /** Since when the intruder is assumed to hold it, ISO 8601; empty: whenever. */
  readonly since: string
  /** Addresses and prefixes that count as the intruder's, separated by commas; empty: all. */
  readonly networks: string
  /** Ids of callers that count as the intruder: a link names no address of theirs. */
  readonly callers: readonly string[]
  /** Kinds that the map looks through. */
  readonly hidden: readonly string[]
  /** Ids of the things the map was led through to this one. */
  readonly trail: readonly string[]
  /** Ids of the folded rows the map looks into, outermost first. */
  readonly within: readonly string[]
  /** Keys of other versions, kept as they came. */
  readonly rest: readonly (readonly [string, string])[]
  /** Parts that were not understood, in words. Never written. */
  readonly misread: readonly string[]
}

export const nowhere: Place = {
  view: 'find',
  id: '',
  part: '',
  op: null,
  t: '',
  ticked: [],
  diff: false,
  verdicts: [],
  filter: '',
  onlyFits: false,
  group: 'system',
  snap: '',
  sort: '',
  selected: '',
  opened: [],
  cell: '',
  why: '',
  whyPath: 0,
  shows: 'picture',
  tab: '',
  q: '',
  mode: 'both',
  since: '',
  networks: '',
  callers: [],
  hidden: [],
  trail: [],
  within: [],
  rest: [],
  misread: [],
}

const letters: readonly (readonly [string, View])[] = [
  ['m', 'map'],
  ['b', 'blast'],
  ['r', 'reach'],
  ['n', 'node'],
  ['c', 'cutover'],
  ['e', 'estate'],
  ['i', 'import'],
  ['a', 'audit'],
  ['sources', 'sources'],
  ['settings', 'settings'],
  ['s', 'saved'],
]

interface KeyRow {
  readonly key: string
  /** `null`: not understood. */
  readonly read: (value: string) => Partial<Place> | null
  /** Empty: default, left out. */
  readonly write: (place: Place) => string
}

/** Canonical order. */
const keyRows: readonly KeyRow[] = [
  {
    key: 'op',
    read: (value) => {
      const op = Operation.safeParse(value)
      return op.success ? { op: op.data } : null
    },
    write: (place) => place.op ?? '',
  },
  { key: 't', read: (t) => ({ t }), write: (place) => place.t },
  {
    key: 'w',
    read: (value) => {
      const ids = [...new Set(value.split(',').filter(Boolean))]
      return ids.length <= 40 && ids.every(isStep) ? { ticked: ids } : null
    },
    write: (place) => place.ticked.join(','),
  },
  { key: 'd', read: (value) => (value === '1' ? { diff: true } : null), write: (place) => (place.diff ? '1' : '') },
  {
    key: 'f',
    read: (value) => {
      const [first = '', ...others] = value.split(' ')
      if (!first.startsWith('verdict:')) return { filter: value }
      const verdicts = first.slice('verdict:'.length).split(',')
      const filter = others.join(' ')
      return verdicts.every((word) => Verdict.safeParse(word).success) ? { verdicts: inOrder(verdicts), filter } : null
    },
    write: ({ verdicts, filter }) =>
      verdicts.length === 0 ? filter : [`verdict:${inOrder(verdicts).join(',')}`, filter].filter(Boolean).join(' '),
  },
  {
    key: 'only',
    read: (value) => (value === '1' ? { onlyFits: true } : null),
    write: (place) => (place.onlyFits ? '1' : ''),
  },
  {
    key: 'g',
    read: (value) => {
      const group = groupings.find((name) => name === value)
      return group ? { group } : null
    },
    write: (place) => (place.group === 'system' ? '' : place.group),
  },
  {
    key: 'x',
    read: (value) => ({ opened: value.split(',').filter(Boolean) }),
    write: (place) => place.opened.join(','),
  },
  { key: 'cell', read: (cell) => (cell.includes('.') ? { cell } : null), write: (place) => place.cell },
  { key: 'why', read: (why) => (why === 'none' || isId(why) ? { why } : null), write: (place) => place.why },
  {
    key: 'why.k',
    read: (value) => (/^[1-9]$/.test(value) ? { whyPath: Number(value) - 1 } : null),
    write: (place) => (place.whyPath === 0 ? '' : String(place.whyPath + 1)),
  },
  {
    key: 'v',
    read: (value) => (value === 'table' || value === 'picture' ? { shows: value } : null),
    write: (place) => (place.shows === 'picture' ? '' : place.shows),
  },
  { key: 'tab', read: (tab) => ({ tab }), write: (place) => place.tab },
  {
    key: 'sort',
    read: (sort) => (/^-?[a-z]{1,20}$/.test(sort) ? { sort } : null),
    write: (place) => place.sort,
  },
  { key: 'sel', read: (selected) => (isId(selected) ? { selected } : null), write: (place) => place.selected },
  { key: 'hide', read: (value) => ({ hidden: value.split(',').filter(Boolean) }), write: (p) => p.hidden.join(',') },
  { key: 'from', read: (value) => idsOf(value, 'trail'), write: (place) => place.trail.join(',') },
  { key: 'in', read: (value) => idsOf(value, 'within'), write: (place) => place.within.join(',') },
  { key: 'q', read: (q) => ({ q }), write: (place) => place.q },
  {
    key: 'mode',
    read: (mode) => (mode === 'can' || mode === 'used' || mode === 'both' ? { mode } : null),
    write: (place) => (place.mode === 'both' ? '' : place.mode),
  },
  {
    key: 'since',
    read: (since) => (/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d))?$/.test(since) ? { since } : null),
    write: (place) => place.since,
  },
  { key: 'src', read: (value) => idsOf(value, 'callers'), write: (place) => place.callers.join(',') },
  { key: 'net', read: (networks) => ({ networks }), write: (place) => place.networks },
  {
    key: 'snap',
    read: (snap) => (/^[a-z0-9-]{1,40}$/.test(snap) ? { snap } : null),
    write: (place) => place.snap,
  },
]

const isStep = (text: string): boolean => /^[A-Za-z0-9._~:-]{1,80}$/.test(text)
const isId = (text: string): boolean => /^[a-z0-9]{1,16}$/.test(text)
function idsOf(value: string, name: 'trail' | 'within' | 'callers'): Partial<Place> | null {
  const ids = value.split(',').filter(Boolean)
  return ids.length <= 12 && ids.every(isId) ? { [name]: ids } : null
}
const verdictOrder: readonly Verdict[] = ['breaks', 'steps', 'unknown', 'keeps']
const inOrder = (verdicts: readonly string[]): Verdict[] => verdictOrder.filter((verdict) => verdicts.includes(verdict))

/** What a path and query say. A value that is not understood falls back to its default and is named in `misread`. */
export function readPlace(pathname: string, search: string): Place {
  const [letter = '', id = '', part = ''] = pathname.split('/').slice(1).map(decode)
  const place: { -readonly [K in keyof Place]: Place[K] } = { ...nowhere, id, part, view: viewOf(letter, id) }
  const rest: (readonly [string, string])[] = []
  const misread: string[] = []
  for (const [key, value] of new URLSearchParams(search)) {
    const row = keyRows.find((candidate) => candidate.key === key)
    if (!row) rest.push([key, value])
    else {
      const said = row.read(value)
      if (said) Object.assign(place, said)
      else misread.push(`${key}=${value.slice(0, 40)}`)
    }
  }
  return { ...place, rest, misread }
}

/** Views that are places by themselves, with or without an id behind them. */
const alone: ReadonlySet<View> = new Set(['import', 'estate', 'sources', 'settings', 'saved'])

function viewOf(letter: string, id: string): View {
  if (letter === '') return 'find'
  const view = letters.find(([first]) => first === letter)?.[1]
  const withoutId = view === 'map' || view === 'cutover' || view === 'audit'
  if ((view !== undefined && alone.has(view)) || (withoutId && id === '')) return view
  return view && isId(id) ? view : 'lost'
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The one way to write a place: canonical key order, defaults left out, unknown keys last. */
export function writePlace(place: Place): string {
  const letter = letters.find(([, view]) => view === place.view)?.[0]
  const path = letter ? '/' + [letter, place.id, place.part].filter(Boolean).map(encodeURIComponent).join('/') : '/'
  const said = keyRows.map((row) => [row.key, row.write(place)] as const).filter(([, value]) => value !== '')
  const query = [...said, ...place.rest].map(([key, value]) => `${escape(key)}=${escape(value)}`).join('&')
  return query === '' ? path : `${path}?${query}`
}

/** Signs that may stand in a query stay readable. */
const escape = (text: string): string =>
  encodeURIComponent(text).replace(/%(3A|2C|2F|2A)/g, (code) => decodeURIComponent(code))
