import { PruneReply } from '../../graph/wire-retention.ts'
import { findLocalDoor } from '../auth/local-token.ts'
import { readConfig, type Config } from '../config.ts'
import { prune } from '../retention/prune.ts'
import { openStore } from '../store/open.ts'
import { clean } from './clean.ts'
import { answers, askServer } from './desk-of-server.ts'
import { commandEntries } from './entered.ts'
import { exitCodes } from './exit-codes.ts'
import { jsonText } from './json-text.ts'
import type { Print } from './print.ts'
import { NOTHING, printTable } from './table.ts'

export interface PruneOptions {
  readonly dataDir?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** Lets imports go that are too old to be kept, or says which would; through the server where one runs. */
export async function pruneCommand(
  print: Print,
  { dryRun = false, json = false, ...given }: PruneOptions,
): Promise<number> {
  const reply = await ask(readConfig(process.env, given), dryRun)
  if (json) print.line(jsonText(reply))
  else show(print, reply)
  return exitCodes.done
}

async function ask(config: Config, dryRun: boolean): Promise<PruneReply> {
  const door = findLocalDoor(config.dataDir)
  if (door && (await answers(door))) return askServer(door, PruneReply, dryRun ? 'GET' : 'POST', '/api/store/prune')
  const { dataDir, neo4j, retention } = config
  const store = await openStore({
    ...{ dataDir, neo4jUri: neo4j?.uri, neo4jUser: neo4j?.user, neo4jPassword: neo4j?.password },
  })
  const entries = commandEntries(store, dataDir)
  const room = { store, retention, now: () => new Date().toISOString() }
  try {
    if (dryRun) return await prune(room, { dryRun })
    return await entries.change(
      'store.prune',
      {},
      () => prune(room, { compact: true }),
      ({ imports, segments, bytes }) => ({ more: { imports, segments, bytes } }),
    )
  } finally {
    await entries.close()
    await store.close()
  }
}

function show(print: Print, { dryRun, policy, imports, bytes, scopes, references }: PruneReply): void {
  const went = dryRun ? 'would go' : 'went'
  // Of hundreds of sources, those of which there is something to say.
  const told = scopes.filter(({ gone, referred }) => gone > 0 || referred > 0)
  const rows = told.map((one) => [
    one.title,
    String(one.gone),
    one.from === null ? NOTHING : daysOf(one.from, one.to!),
    String(one.newest + one.young + one.referred),
    [
      `${one.newest} newest`,
      ...(one.young > 0 ? [`${one.young} younger than ${policy.days} days`] : []),
      ...(one.referred > 0 ? [`${one.referred} referred to`] : []),
    ].join(', '),
  ])
  printTable(print, ['source', went, 'imported', dryRun ? 'would stay' : 'stay', 'because they are'], rows)
  if (rows.length > 0) print.line()
  if (scopes.length === 0) print.line('Nothing is imported yet.')
  const others = scopes.length - told.length
  if (others > 0)
    print.line(
      `Of ${told.length > 0 ? 'the other ' : ''}${others} ${others === 1 ? 'source' : 'sources'} everything ${dryRun ? 'would stay' : 'stays'}.`,
    )
  if (imports > 0) {
    const what = `${imports} ${imports === 1 ? 'import' : 'imports'}`
    print.line(
      dryRun
        ? `${what} would go, and ${sizeOf(bytes)} with them. Nothing was changed: keyfall prune lets them go.`
        : `${what} went, and ${sizeOf(bytes)} with them.`,
    )
  }
  print.line(
    `Kept of each source: the ${policy.imports} newest imports (KEYFALL_KEEP_IMPORTS), and all younger than ${policy.days} days (KEYFALL_KEEP_DAYS).`,
  )
  for (const { what, name, id, imports: count } of references) {
    const who = what === 'plan' ? `the plan “${clean(name)}” (${id})` : `the saved page ${id}`
    const which =
      count === null ? 'all that an older version imported' : `${count} ${count === 1 ? 'import' : 'imports'}`
    print.line(`Kept however old: ${which}, for ${who}.`)
  }
}

const daysOf = (from: string, to: string): string =>
  from.slice(0, 10) === to.slice(0, 10) ? from.slice(0, 10) : `${from.slice(0, 10)} to ${to.slice(0, 10)}`

function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(0)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
