/**
 * Every action code there is, in one table. A read is entered once, when its answer stands and before it leaves. A
 * change is entered before it is made (`begun`) and again when it ended. What failed has the code in `failed`, so that
 * no search for what was done finds what was not.
 */
export interface ActionRow {
  readonly kind: 'read' | 'change' | 'server'
  /** After "somebody": "asked what breaks". */
  readonly words: string
}

const read = (words: string): ActionRow => ({ kind: 'read', words })
const change = (words: string): ActionRow => ({ kind: 'change', words })
const server = (words: string): ActionRow => ({ kind: 'server', words })

export const actions = {
  'session.start': change('signed in'),
  'session.end': change('signed out'),
  'session.oidc': change('went to the identity provider to sign in'),
  'people.read': read('looked at people and their roles'),
  'people.invite': change('invited somebody'),
  'people.change': change('changed a person or a role'),
  'people.sessions.end': change('ended somebody’s sessions'),
  'tokens.read': read('looked at tokens'),
  'tokens.make': change('made a token'),
  'tokens.revoke': change('revoked a token'),
  'link.make': change('made a link that signs a browser in'),
  'access.denied': server('was refused: no right to it'),

  'home.read': read('looked at the overview'),
  'find.read': read('searched'),
  'find.resolve': read('looked a thing up by name'),
  'node.read': read('looked at a thing'),
  'map.read': read('looked at the map'),
  'estate.read': read('looked at the inventory'),
  'findings.read': read('looked at findings'),
  'sources.read': read('looked at sources'),
  'rank.read': read('looked at the ranking'),
  'forecast.read': read('looked at the forecast'),
  'blast.read': read('asked what breaks'),
  'blast.items.read': read('asked for the dependents of a change'),
  'blast.why.read': read('asked why something breaks'),
  'blast.overlap.read': read('asked for the smallest overlap'),
  'blast.moves.read': read('asked where dependents stand after steps'),
  'blast.whatif.read': read('asked what if'),
  'blast.watch.read': read('asked what to watch'),
  'blast.compare.read': read('compared a change with its prediction'),
  'reach.read': read('asked what is within reach'),
  'reach.resolve': read('looked a thing up for its reach'),
  'plan.read': read('looked at a plan'),
  'runbook.read': read('looked at a runbook'),
  'plans.read': read('looked at kept plans'),
  'plan.export': read('exported a plan'),
  'plan.evidence': server('made an evidence pack of a plan'),
  'plan.create': change('began a plan'),
  'plan.change': change('changed a plan'),
  'plan.delete': change('deleted a plan'),
  'plan.score': change('scored a wave against logs'),
  'plan.wave.end': change('closed a wave, or rolled it back'),
  'signoffs.read': read('looked at sign-offs'),
  'signoff.give': change('signed a change off'),
  'signoff.withdraw': change('withdrew a sign-off'),
  'signoff.review': change('reviewed a break-glass sign-off'),
  'events.open': read('began to listen to events'),
  'export.bundle': read('exported everything that is known'),

  'import.list': read('looked at imports'),
  'import.create': change('began an import'),
  'import.upload': change('added a file to an import'),
  'import.start': change('had an import read'),
  'import.read': read('looked at an import'),
  'import.commit': change('made an import what is believed'),
  'import.cancel': change('gave an import up, or undid one'),
  'estate.state': change('stated owner, purpose, rule, tier or break-glass'),
  'scenario.save': change('saved a scenario'),
  'scenario.read': read('opened a saved scenario'),
  'links.read': read('looked at links'),
  'links.add': change('stated a link'),
  'links.decide': change('confirmed or rejected a link'),
  'links.forget': change('took a decision about a link back'),
  'overrides.read': read('looked at overrides'),
  'overrides.set': change('set an override'),
  'overrides.remove': change('took an override back'),

  'store.prune': change('let imports go that are too old to be kept'),
  'store.prune.read': read('asked which imports are too old to be kept'),

  'audit.read': read('looked at the audit'),
  'audit.export': read('exported the audit'),
  'audit.verify': read('had the audit verified'),
  'audit.chain.start': server('began a chain of entries'),
  'audit.chain.broken': server('found its chain broken and began another'),
  'audit.checkpoint': server('signed a checkpoint'),
  'audit.clock.back': server('saw the clock go back'),
  'audit.clock.jumped': server('saw the clock and the time that passed differ'),
  'server.start': server('started'),
  'server.stop': server('stopped'),
  'seal.unseal': change('unsealed the store'),
  'seal.seal': change('sealed the store'),
} as const satisfies Record<string, ActionRow>

export type Action = keyof typeof actions

/** The code of an action that did not succeed. */
export function failed<A extends Action>(action: A): `${A}.failed` {
  return `${action}.failed`
}

/** What the table says of a code, of success or failure; codes of other versions speak for themselves. */
export function actionRow(code: string): ActionRow {
  const row = rows.get(code)
  if (row) return row
  if (code.endsWith('.failed')) {
    const of = rows.get(code.slice(0, -'.failed'.length))
    if (of) return { kind: of.kind, words: `${of.words}: failed` }
  }
  return { kind: 'server', words: code }
}

const rows: ReadonlyMap<string, ActionRow> = new Map(Object.entries(actions))
