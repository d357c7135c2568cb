import * as z from 'zod/mini'

/**
 * The shape of every request and reply. Server and client parse with these same ones; the OpenAPI document and the
 * route list are made from them. `zod/mini` because the browser carries it.
 *
 * Times inside an answer are seconds from the start of the change, `null` as the end of a span is "never, unless
 * somebody acts". Moments of the world are ISO 8601 in UTC.
 */

const id = z.string().check(z.regex(/^[a-z2-7]{16}$/, 'an id is 16 letters a to z or digits 2 to 7'))
const text = z.string()
const count = z.int().check(z.nonnegative())
const span = z.nullable(z.tuple([z.number(), z.nullable(z.number())]))

/**
 * What may be asked about (graph/answer/operations.ts says of what). `expire`: nobody does anything. The first four are
 * for credentials; the others are ways of rotating, things done to an identity, its rights or its trust, to a vault, CA,
 * key or issuer, or the departure of a vendor, a person, a repository.
 */
export const Operation = z.enum([
  'revoke',
  'rotate',
  'disable',
  'expire',
  'rotate-in-place',
  'rotate-users',
  'enforce-vault',
  'enforce-jit',
  'delete',
  'reduce',
  'distrust',
  'take-down',
  'lose',
  'offboard',
])
export type Operation = z.infer<typeof Operation>

/** Verdict of one dependent, worst first. */
export const Verdict = z.enum(['breaks', 'unknown', 'steps', 'keeps'])
export type Verdict = z.infer<typeof Verdict>

/** Verdict of the whole change. */
export const Overall = z.enum(['not-safe', 'cannot-say', 'safe-after-steps', 'safe'])
export type Overall = z.infer<typeof Overall>

export const EvidenceStrength = z.enum(['observed', 'declared', 'asserted', 'inferred'])

export const Snapshot = z.object({
  /** Names the state of all scopes; changes with every import. `empty` before the first. */
  id: text,
  at: z.nullable(text),
  /** True while the fictional sample is all there is. */
  sample: z.boolean(),
  entities: count,
  relationships: count,
  sources: count,
})
export type Snapshot = z.infer<typeof Snapshot>

/** A thing in a list: enough to name it, place it and link to it. */
export const Thing = z.object({
  id,
  kind: text,
  /** Kind in words: "AWS access key". */
  title: text,
  role: text,
  name: text,
  /** Where it lives: account, cluster and namespace, repository. */
  where: z.optional(text),
})
export type Thing = z.infer<typeof Thing>

export const EvidenceItem = z.object({
  source: text,
  kind: EvidenceStrength,
  file: z.optional(text),
  record: z.optional(text),
  firstSeen: z.optional(text),
  lastSeen: z.optional(text),
  count: z.optional(count),
  note: z.optional(text),
})
export type EvidenceItem = z.infer<typeof EvidenceItem>

/** Label and value for the facts of a thing; `at` marks a moment so that the screen can say "2 min ago". */
export const Fact = z.object({ label: text, value: text, at: z.optional(text) })
export type Fact = z.infer<typeof Fact>

export const Coverage = z.object({
  state: z.enum(['complete', 'partial', 'stale', 'truncated', 'unverified']),
  /** One sentence; names what is missing. */
  sentence: text,
  /** While one of these is missing the best verdict is `cannot-say`. */
  missing: z.array(z.object({ source: text, why: text, collect: z.optional(text) })),
  sources: z.array(
    z.object({ id: text, title: text, at: text, nature: text, complete: z.boolean(), blindTo: z.array(text) }),
  ),
})
export type Coverage = z.infer<typeof Coverage>

export const Health = z.object({
  status: z.enum(['ready', 'starting', 'failing']),
  version: text,
  store: z.enum(['embedded', 'neo4j']),
  /** Neo4j only: does the labelled graph show what is believed; if not, how many imports it is behind, and what part of its present way is done. */
  labelledGraph: z.optional(z.object({ whole: z.boolean(), behind: z.int(), part: z.number() })),
})

export const Problem = z.object({
  code: text,
  message: text,
  hint: z.optional(text),
  /** Of a conflict: what others did since, and what was asked. */
  details: z.optional(z.array(text)),
  requestId: text,
})
export type Problem = z.infer<typeof Problem>

// ------------------------------------------------------------------ find, node

export const FindQuery = z.object({ q: z.string().check(z.maxLength(500)), limit: z.optional(z.coerce.number()) })
export const Hit = z.extend(Thing, {
  lastUsedAt: z.optional(text),
  owner: z.optional(text),
  /** Why it matched, when not by name: "access key id". */
  matched: z.optional(text),
  /** Present for credentials: members per band and verdict of a revoke, and the verdict. */
  front: z.optional(
    z.object({
      verdict: Overall,
      /** One entry per band of `bands`: counts in the order breaks, unknown, steps, keeps. */
      cells: z.array(z.tuple([count, count, count, count])),
    }),
  ),
})
export type Hit = z.infer<typeof Hit>
export const FindReply = z.object({ snapshot: Snapshot, query: text, total: count, hits: z.array(Hit) })
export type FindReply = z.infer<typeof FindReply>

/** What Find shows before anything is typed. */
export const HomeReply = z.object({
  snapshot: Snapshot,
  counts: z.array(z.object({ role: text, title: text, count })),
  worst: z.array(Hit),
  /** Reasons that cap most verdicts, and how many credentials each one caps. */
  unknowns: z.array(z.object({ reason: text, settles: text, count })),
  bands: z.array(z.object({ id: text, title: text })),
})
export type HomeReply = z.infer<typeof HomeReply>

export const Neighbour = z.extend(Thing, { strength: EvidenceStrength, fact: z.optional(text) })
export const NodeReply = z.object({
  snapshot: Snapshot,
  thing: Thing,
  key: text,
  aliases: z.array(text),
  facts: z.array(Fact),
  evidence: z.array(EvidenceItem),
  /** Grouped by relation, "read by", "stored in"; at most 200 of each are listed, `count` is exact. */
  relations: z.array(
    z.object({ kind: text, direction: z.enum(['out', 'in']), words: text, count, things: z.array(Neighbour) }),
  ),
  /** For secrets and identities: the credentials a change would act on. */
  credentials: z.array(Thing),
})
export type NodeReply = z.infer<typeof NodeReply>

// ------------------------------------------------------------------ blast

export const BlastQuery = z.object({
  op: z.optional(Operation),
  /** Seconds both values are accepted; for `rotate`. Absent: what the kind allows, see `change.overlap`. */
  overlap: z.optional(z.coerce.number().check(z.nonnegative())),
  /** Seconds until it is undone: for `disable` and `take-down`. Absent: nobody undoes it. */
  lasts: z.optional(z.coerce.number().check(z.positive())),
  /** When it ends, ISO 8601: for `expire`, where no source says it or it is to be another moment. */
  at: z.optional(z.string().check(z.regex(/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d))?$/, 'a time is ISO 8601'))),
  /** Id of the other end: only what leads there is taken away, for `reduce` and `distrust`. */
  only: z.optional(id),
})
export type BlastQuery = z.infer<typeof BlastQuery>

export const Band = z.object({
  id: text,
  title: text,
  subtitle: text,
  kind: z.enum(['time', 'event', 'keeps']),
  /** Seconds; the band holds what starts before this. `null` for the last time band and for events. */
  until: z.nullable(z.number()),
})
export type Band = z.infer<typeof Band>

export const System = z.object({
  id: z.nullable(id),
  name: text,
  kind: z.enum(['system', 'none', 'unattributed']),
  tier: z.nullable(z.int()),
  team: z.nullable(text),
  /** Accountable for the business, a role or a team; `null` is shown as "owner unknown". */
  owner: z.nullable(text),
})
export type System = z.infer<typeof System>

export const Cell = z.object({
  /** Index into `systems`. */
  sys: count,
  /** Index into `bands`. */
  band: count,
  breaks: count,
  unknown: count,
  steps: count,
  keeps: count,
  /** The first 24 in glyph order: breaks, steps, unknown, keeps, then a stable order. */
  members: z.array(z.object({ id, name: text, verdict: Verdict })),
})
export type Cell = z.infer<typeof Cell>

export const Step = z.object({
  id: text,
  title: text,
  /** What it touches. */
  detail: text,
  /** Dependents that are safe with all steps and are not without this one. */
  settles: count,
  confirmed: z.boolean(),
  /** Who does it; absent: nobody known. */
  who: z.optional(text),
  /** In the smallest set that saves all that can be saved; else it has to be built, bought or found out first. */
  needed: z.optional(z.boolean()),
  /** Not before so many seconds after the new value exists: then it has arrived, in the worst case. */
  after: z.optional(z.number()),
  /** The shortest time that both values have to be accepted, in seconds. */
  overlap: z.optional(z.number()),
})
export type Step = z.infer<typeof Step>

export const Unknown = z.object({
  reason: text,
  /** What would settle it: "Vault audit log of the last 30 days". */
  settles: text,
  count,
})
export type Unknown = z.infer<typeof Unknown>

/** What the spans cannot say (engine.md, "Beside the outages"). `no-effect` is said first. */
export const Note = z.object({
  kind: z.enum([
    'no-effect',
    'latent',
    'survivor',
    'partial',
    'lost-redundancy',
    'fallback',
    'assumed',
    'cycle',
    'not-reversible',
    'lockout',
    'untested-fallback',
    'not-held',
    'overwritten',
    'peculiar',
    'ownerless',
  ]),
  text,
  count: z.optional(count),
})
export type Note = z.infer<typeof Note>

/** One thing that can be done, and how it is taken back. Commands are printed, never run. */
export const Action = z.object({
  op: Operation,
  title: text,
  available: z.boolean(),
  why: z.optional(text),
  /** What it does to dependents. */
  effect: text,
  /** For the platform's own command line; words in capitals are for the person to fill in. */
  run: z.array(text),
  undo: text,
  reversible: z.enum(['yes', 'no', 'unknown']),
  /** Until when it can be taken back. */
  until: z.optional(text),
  /** How well it is known: S, S2, L sourced, D derived, A assumed. */
  mark: text,
  sources: z.array(text),
})
export type Action = z.infer<typeof Action>

export const BlastReply = z.object({
  snapshot: Snapshot,
  subject: z.extend(Thing, { facts: z.array(Fact), owner: z.nullable(text), lastUsedAt: z.nullable(text) }),
  op: Operation,
  ops: z.array(z.object({ op: Operation, title: text, available: z.boolean(), why: z.optional(text) })),
  change: z.object({
    /** What was simulated, in words: "deactivated now; refused everywhere within 5 min (assumed)". */
    words: text,
    lag: z.tuple([z.number(), z.nullable(z.number())]),
    overlap: z.nullable(z.number()),
    publish: z.array(Thing),
    /** How it is undone, or that it cannot be. */
    undo: text,
    /** The command of the platform, for a person to run. */
    run: z.optional(z.array(text)),
    reversible: z.optional(z.enum(['yes', 'no', 'unknown'])),
    until: z.optional(text),
    /** What it does to dependents, and how well that is known. */
    effect: z.optional(text),
    mark: z.optional(text),
    sources: z.optional(z.array(text)),
    /** A set of changes: what is done to each, at most 500. */
    parts: z.optional(z.array(z.object({ thing: Thing, words: text, run: z.array(text), undo: text }))),
  }),
  /** Everything that can be asked of the subject. */
  actions: z.optional(z.array(Action)),
  verdict: Overall,
  headline: z.object({
    /** "Not safe to revoke now". */
    title: text,
    sentence: text,
    /** Named in the sentence, linked by the screen. */
    first: z.nullable(z.object({ id, name: text, system: z.nullable(text) })),
  }),
  counts: z.object({
    breaks: count,
    unknown: count,
    steps: count,
    keeps: count,
    dependents: count,
    systems: count,
    systemsBroken: count,
  }),
  bands: z.array(Band),
  systems: z.array(System),
  cells: z.array(Cell),
  steps: z.array(Step),
  unknowns: z.array(Unknown),
  notes: z.array(Note),
  coverage: Coverage,
})
export type BlastReply = z.infer<typeof BlastReply>

export const Dependent = z.extend(Thing, {
  sys: count,
  system: text,
  band: text,
  verdict: Verdict,
  /** Best case: out for certain. */
  certain: span,
  /** Worst case: may be out. */
  possible: span,
  degraded: z.boolean(),
  /** One sentence. */
  why: text,
  strength: EvidenceStrength,
  owner: z.nullable(text),
  steps: z.array(text),
})
export type Dependent = z.infer<typeof Dependent>

export const ItemsQuery = z.extend(BlastQuery, {
  sys: z.optional(z.coerce.number()),
  band: z.optional(z.string()),
  verdict: z.optional(Verdict),
  cursor: z.optional(z.coerce.number()),
})
export type ItemsQuery = z.infer<typeof ItemsQuery>
export const ItemsReply = z.object({
  snapshot: Snapshot,
  total: count,
  items: z.array(Dependent),
  /** Ask again with this to go on; absent at the end. 200 a page. */
  next: z.optional(count),
})
export type ItemsReply = z.infer<typeof ItemsReply>

export const Hop = z.object({
  from: Thing,
  to: Thing,
  kind: text,
  /** Reads from the change towards the dependent: "stored in", "copied to", "read by". */
  verb: text,
  strength: EvidenceStrength,
  /** The one best fact: "CloudTrail, 1,204 uses, last 2 min ago". */
  fact: text,
  factAt: z.optional(text),
  evidence: z.array(EvidenceItem),
  /** What had to be assumed on this hop, with its mark: "picks up within 1 h (default of External Secrets)". */
  assumed: z.array(z.object({ what: text, mark: text, words: text })),
})
export type Hop = z.infer<typeof Hop>

export const WhyReply = z.object({
  snapshot: Snapshot,
  dependent: Dependent,
  /** "Why card-vault-sync breaks at t+0". */
  claim: text,
  /** Why at this time, one sentence. */
  whyThisTime: text,
  /** At most `k` (3), from the change to the dependent. Empty only when it keeps working. */
  paths: z.array(z.object({ weakest: EvidenceStrength, hops: z.array(Hop) })),
  /** Other ways the dependent has, and why each is out too, or that it holds. */
  alternatives: z.array(z.object({ words: text, thing: Thing, out: z.boolean(), why: text })),
})
export type WhyReply = z.infer<typeof WhyReply>

// ------------------------------------------------------------------ import

export const FileResult = z.object({
  name: text,
  /** Importer's id and title; `null` when no importer claims the file. */
  importer: z.nullable(z.object({ id: text, title: text })),
  bytes: count,
  read: count,
  mapped: count,
  merged: count,
  /** By reason; `where` lists the first places. */
  skipped: z.array(z.object({ reason: text, words: text, count, where: z.array(text) })),
  notes: z.array(text),
  error: z.optional(text),
  /** The same bytes were imported before, nothing was added. */
  unchanged: z.optional(z.boolean()),
})
export type FileResult = z.infer<typeof FileResult>

const changes = z.object({ added: count, changed: count, retired: count })
export const ScopeResult = z.object({
  scope: text,
  title: text,
  importer: text,
  nature: text,
  complete: z.boolean(),
  changed: z.boolean(),
  entities: changes,
  relationships: changes,
})

/** `collecting`: files may still be added. */
export const ImportState = z.enum([
  'collecting',
  'reading',
  'preview',
  'committing',
  'done',
  'failed',
  'cancelled',
  /** It was committed, and what was believed before it is believed again. */
  'undone',
])
export const ImportReply = z.object({
  id: text,
  state: ImportState,
  startedAt: text,
  /** Bytes and records so far; `total` bytes where known. */
  progress: z.object({
    file: text,
    files: count,
    filesDone: count,
    bytes: count,
    totalBytes: z.nullable(count),
    records: count,
  }),
  files: z.array(FileResult),
  scopes: z.array(ScopeResult),
  /** Set when something would be retired beyond the guard and waits for a yes. */
  guard: z.nullable(z.object({ retired: count, of: count, words: text })),
  before: z.nullable(Snapshot),
  after: z.nullable(Snapshot),
  /** After the commit: what there was and is, in the words of the estate; `share` is a percentage. */
  totals: z.optional(z.array(z.object({ title: text, before: z.number(), after: z.number(), share: z.boolean() }))),
  /** After the commit: credentials whose verdict is another one; `null`: it was not there, or is not any more. */
  moved: z.optional(
    z.object({
      /** The heaviest so many were asked, before and after. */
      compared: count,
      items: z.array(z.object({ thing: Thing, before: z.nullable(Overall), after: z.nullable(Overall) })),
    }),
  ),
  error: z.nullable(Problem),
})
export type ImportReply = z.infer<typeof ImportReply>

/** Event `ranking`: so many credentials of a newer estate are ranked, of how many. */
export const RankingNews = z.object({ done: count, all: count })
export type RankingNews = z.infer<typeof RankingNews>

/** Batches that this server remembers, newest first, without the reports of their files. */
export const ImportsReply = z.object({
  imports: z.array(z.object({ id: text, state: ImportState, startedAt: text, files: count, bytes: count })),
})
export type ImportsReply = z.infer<typeof ImportsReply>

export const SourcesReply = z.object({
  snapshot: Snapshot,
  /** What can be imported at all, and the command that makes such an export. */
  readers: z.optional(z.array(z.object({ id: text, title: text, reads: text, collect: z.optional(text) }))),
  sources: z.array(
    z.object({
      scope: text,
      title: text,
      importer: text,
      importerTitle: text,
      nature: text,
      complete: z.boolean(),
      at: text,
      stale: z.boolean(),
      entities: count,
      relationships: count,
      /** The first of them; `moreFiles`: how many more there are. */
      files: z.array(text),
      moreFiles: z.optional(count),
      blindTo: z.array(text),
      /** What could not be read of it: files, and records out of so many. */
      loss: z.optional(z.object({ files: count, records: count, of: count })),
      /** First and last moment its evidence speaks of. */
      since: z.optional(z.nullable(text)),
      until: z.optional(z.nullable(text)),
      /** Records of its last import: `read = mapped + merged + skipped`. */
      records: z.optional(z.object({ read: count, mapped: count, merged: count, skipped: count })),
      /** Credentials whose best verdict is “cannot say yet” because this source is stale, too short or damaged. */
      caps: z.optional(count),
      /** In words, while it caps anything: "it reaches back 7 days only". */
      capsWhy: z.optional(text),
    }),
  ),
  /** How much of what is known by name was read: "33 of 34 AWS accounts"; `missing` names the first that were not. */
  reach: z.optional(z.array(z.object({ what: text, seen: count, of: count, missing: z.array(text) }))),
  /** Imports that would settle most, most first: credentials that wait for each. */
  blindSpots: z.optional(z.array(z.object({ source: text, why: text, collect: text, count }))),
})
export type SourcesReply = z.infer<typeof SourcesReply>

// ------------------------------------------------------------------ reach

export const ReachQuery = z.object({
  /** Since when the intruder is assumed to hold it, ISO 8601: what counts as *was used*. */
  since: z.optional(z.string().check(z.regex(/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d))?$/, 'a time is ISO 8601'))),
  /** Addresses, prefixes or endpoint ids of the intruder, separated by commas; absent: everybody's use counts. */
  networks: z.optional(z.string().check(z.maxLength(2000))),
  /** Ids of `seenBy`, separated by commas: their networks count too. A link that names them holds no address. */
  sources: z.optional(z.string().check(z.maxLength(1000))),
})
export type ReachQuery = z.infer<typeof ReachQuery>

/** One link as compromise travels it. */
export const ReachHop = z.object({
  from: Thing,
  to: Thing,
  kind: text,
  /** "authenticates as", "holds", "supplies". */
  verb: text,
  strength: EvidenceStrength,
  fact: text,
  factAt: z.optional(text),
  /** A permission or a guess: nothing shows that it is used. */
  may: z.boolean(),
})
export const ReachChain = z.object({
  weakest: EvidenceStrength,
  may: z.boolean(),
  /** Conditions on its links that nobody evaluated: whether they hold is not known. */
  conditions: z.array(text),
  hops: z.array(ReachHop),
})
export type ReachChain = z.infer<typeof ReachChain>

export const ReachedThing = z.extend(Thing, {
  way: z.enum(['act-as', 'read', 'change', 'reach']),
  links: count,
  /** Only a permission or a guess leads there on the shortest chain. */
  may: z.boolean(),
  /** Weakest evidence of the strongest chain. */
  strength: EvidenceStrength,
  used: z.boolean(),
  jewel: z.boolean(),
})
export type ReachedThing = z.infer<typeof ReachedThing>

const outage = z.object({ breaks: count, unknown: count })
export const CutOption = z.object({
  id: text,
  kind: z.enum(['credential', 'identity', 'grant']),
  /** "Disable AKIA…", "Take away: build assumes admin". */
  title: text,
  /** What it acts on; of a grant who has it. */
  thing: Thing,
  op: z.optional(Operation),
  /** Shortest routes to a target that it ends. */
  routes: count,
  /** Of the change alone, as Blast says it. */
  verdict: Overall,
  price: outage,
  /** Names of the first that break. */
  first: z.array(text),
  undo: text,
  /** Part of the cheapest cut. */
  chosen: z.boolean(),
  /** Links that it ends, as numbers in `web.edges`. */
  removes: z.array(count),
  /** For the platform's own command line; words in capitals are for the person to fill in. */
  run: z.array(text),
  /** The command that takes it back, where there is one. */
  undoRun: z.optional(text),
})
export type CutOption = z.infer<typeof CutOption>

export const ReachReply = z.object({
  snapshot: Snapshot,
  subject: Thing,
  since: z.nullable(text),
  networks: z.array(text),
  headline: z.object({ title: text, sentence: text }),
  /** Why there may be more; never empty, because reach is a lower bound always. */
  lowerBound: z.array(text),
  counts: z.object({
    things: count,
    credentials: count,
    identities: count,
    secrets: count,
    workloads: count,
    resources: count,
    jewels: count,
    used: count,
  }),
  /** Nearest first, at most 500; `counts.things` is exact. */
  things: z.array(ReachedThing),
  /** Links between them, as compromise travels: all that lead on to a target of containment, and as many others as fit. */
  web: z.object({
    /** Things on the way to a target that `things` has no room for. */
    more: z.array(ReachedThing),
    edges: z.array(
      z.object({
        /** 0 is the subject, then `things` in their order, then `more`. */
        from: count,
        to: count,
        kind: text,
        verb: text,
        strength: EvidenceStrength,
        may: z.boolean(),
        used: z.boolean(),
      }),
    ),
    /** Every way to a target is here: what a set of actions cuts can be counted on it. */
    complete: z.boolean(),
  }),
  /** With the shortest and the strongest chain to each, at most 50. */
  jewels: z.array(z.object({ thing: ReachedThing, shortest: ReachChain, strongest: ReachChain })),
  /** Networks from which the thing itself was used in the window. */
  seenFrom: z.array(text),
  /** The same with the id of a caller of each, for `sources`. */
  seenBy: z.optional(z.array(z.object({ id, network: text }))),
  /** Credentials to be treated as exposed, the most certain first, at most 500. */
  exposed: z.array(z.object({ credential: Thing, why: text, used: z.boolean(), chain: ReachChain })),
  rotation: z.object({
    /** In this order, at most 500. */
    steps: z.array(
      z.object({
        action: z.enum(['evict', 'rotate', 'stop', 'renew', 'end']),
        thing: Thing,
        words: text,
        cycle: z.nullable(count),
      }),
    ),
    /** Rings in which each can read the next one's new value. */
    cycles: z.array(z.object({ credentials: z.array(Thing), stopped: z.array(Thing), price: z.nullable(outage) })),
  }),
  survivors: z.array(
    z.object({
      credential: Thing,
      what: text,
      session: z.nullable(Thing),
      /** At the latest; `null`: no known end. */
      until: z.nullable(text),
      exact: z.boolean(),
      cut: text,
      mark: text,
    }),
  ),
  containment: z.object({
    /** What is to be taken out of reach: crown jewels, or everything where none is within reach. */
    targets: z.enum(['jewels', 'everything', 'nothing']),
    count,
    routes: count,
    /** Best first: routes ended per dependant that breaks or may break. */
    options: z.array(CutOption),
    /** The cost curve: the best next action each time. */
    curve: z.array(z.object({ title: text, price: outage, routes: count, targetsLeft: count })),
    /** The cheapest set; at most 200 are listed. */
    cut: z.array(CutOption),
    cutCount: count,
    /** Of the whole set done together, each dependant once: more than the sum where one way was another's fallback. */
    price: outage,
    /** No cheaper set exists. */
    exact: z.boolean(),
    /** No set breaks, or may break, fewer dependants than this. */
    atLeast: count,
    uncuttable: z.array(Thing),
  }),
  coverage: Coverage,
})
export type ReachReply = z.infer<typeof ReachReply>
