import { randomUUID, timingSafeEqual } from 'node:crypto'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { closeLocalDoor, openLocalDoor } from '../auth/local-token.ts'
import { openLinks } from '../auth/links.ts'
import { openOidc } from '../auth/oidc.ts'
import { openPeople } from '../auth/people.ts'
import { openTokens } from '../auth/tokens.ts'
import type { StoreHealth } from '../store/contract.ts'
import { randomToken, tokenHash } from '../auth/random-token.ts'
import { sessionDocs } from '../auth/session-docs.ts'
import { openSessions } from '../auth/sessions.ts'
import type { Ledger } from '../audit/ledger.ts'
import { auditPlace, ledgerAt, serverEntry } from '../audit/open.ts'
import type { Config } from '../config.ts'
import type { AboutOpening } from '../estate/keeper.ts'
import { limitedKeepers } from '../estate/limited-keeper.ts'
import { missingKernels } from '../import/missing-kernels.ts'
import type { Log } from '../log.ts'
import { APART_FROM } from '../estate/estate-place.ts'
import { openEstate, type OpenEstate } from '../open-estate.ts'
import { packageRoot } from '../root.ts'
import { pruneDaily, type DailyPruning } from '../retention/prune-daily.ts'
import { version } from '../version.ts'
import { createApp } from './app.ts'
import { openEventHub } from './event-hub.ts'
import type { House } from './house.ts'
import { waitForSecret } from './sealed-door.ts'
import { listenOn, type Listening } from './listen.ts'
import { openApiDocument } from './openapi.ts'
import { problemOf } from './problem.ts'
import { routes } from './routes.ts'
import { originsOf } from './same-origin.ts'

export interface RunningServer {
  readonly url: string
  readonly port: number
  readonly estate: OpenEstate
  /** A link that signs one browser in, once. */
  link(): string
  close(): Promise<void>
}

export interface ServerOptions {
  readonly config: Config
  readonly log: Log
  /** A large estate is about to be opened: until then nobody is listened to. */
  readonly onOpening?: (about: AboutOpening) => void
  /** Parse our own replies: tests, development. */
  readonly checkReplies?: boolean
  readonly clientDir?: string
  /** See `OpenEstateOptions`; tests set it. */
  readonly apartFrom?: number
}

/** What other servers on the same Neo4j changed about people counts here after so long at most. */
const PEOPLE_AGAIN_MS = 5_000
/** Kinds of documents. */
const PEOPLE = ['user', 'token', 'session']
const notReady: StoreHealth = { ready: false, words: 'the store does not answer' }

/** Opens the store and listens. Throws a `StoreError` when the store refuses, `PortTaken` when the port is in use. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log } = options
  for (const { kernel, why, words } of missingKernels())
    log[why === 'KEYFALL_KERNELS=off' ? 'info' : 'warn']({ kernel }, words)
  const events = openEventHub()
  const estate = await openEstate({
    config,
    problemOf: (error) => {
      const requestId = randomUUID()
      log.error({ error, requestId }, 'an import failed')
      return problemOf(error, requestId).problem
    },
    onChange: (data) => events.publish({ type: 'snapshot', data }),
    onProgress: (data) => events.publish({ type: 'import', data }),
    ...(options.onOpening && { onOpening: options.onOpening }),
    onRanking: (data) => events.publish({ type: 'ranking', data }),
    onError: (error) => log.error({ error }, 'the estate could not be loaded again'),
    ask: (attempt) => waitForSecret(config, attempt),
    apartFrom: options.apartFrom ?? APART_FROM,
  })
  const servers: Server[] = []
  let ledger: Ledger | undefined
  let reloading: NodeJS.Timeout | undefined
  let pruning: DailyPruning | undefined
  let unwatch: (() => void) | undefined
  const closeAll = async (): Promise<void> => {
    clearInterval(reloading)
    await pruning?.stop()
    unwatch?.()
    events.close()
    for (const server of servers) server.closeAllConnections()
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
    if (ledger) await serverEntry(ledger, 'server.stop').catch((error: unknown) => log.error({ error }, 'audit failed'))
    await ledger?.close()
    await estate.close()
  }
  try {
    const { store, keeper, jobs } = estate
    const links = openLinks()
    const sessions = await openSessions(sessionDocs(store))
    const place = auditPlace(config.dataDir, process.env, store.sealed?.audit)
    ledger = await ledgerAt(store, place, (words, error) => log.error({ error }, words))
    await serverEntry(ledger, 'server.start')
    const people = await openPeople(store)
    const tokens = await openTokens(store, people)
    let bound: Pick<Listening, 'port' | 'doorPort'> = { port: config.port, doorPort: config.port }
    const localToken = randomToken()
    const localHash = Buffer.from(tokenHash(localToken))
    const house: House = {
      version: version(),
      store,
      keeper,
      jobs,
      retention: config.retention,
      sessions,
      links,
      events,
      log,
      ledger,
      auditPlace: place,
      now: () => new Date().toISOString(),
      url: () => config.outside.publicUrl ?? `http://localhost:${bound.port}`,
      originOf: originsOf(() => [bound.port, bound.doorPort], config.outside),
      proxies: config.outside.proxies,
      people,
      tokens,
      oidc: config.outside.oidc && openOidc(config.outside.oidc),
      limited: limitedKeepers(keeper),
      async health() {
        const { ready, projected, behind = 0, part = 0 } = await store.health().catch(() => notReady)
        const kind = store.kind === 'neo4j' ? 'neo4j' : 'embedded'
        const lag = projected === undefined ? {} : { labelledGraph: { whole: projected, behind, part } }
        const isWell = ready && ledger?.health().ok === true
        return { status: isWell ? 'ready' : 'failing', version: version(), store: kind, ...lag }
      },
      description: () => openApiDocument(routes, version()),
      isLocal: (token) => timingSafeEqual(Buffer.from(tokenHash(token)), localHash),
      checkReplies: options.checkReplies ?? process.env.NODE_ENV === 'development',
      clientDir: options.clientDir ?? join(packageRoot(), 'dist', 'client'),
    }
    const app = createApp(house, routes)
    bound = await listenOn(config, app, servers)
    if (store.kind === 'neo4j') {
      const reload = (): void =>
        void Promise.all([people.reload(), tokens.reload(), sessions.reload()]).catch((error: unknown) =>
          log.error({ error }, 'people could not be loaded again'),
        )
      unwatch = store.docs.watch?.(PEOPLE, reload)
      // Where looking failed, it is done again.
      reloading = setInterval(reload, PEOPLE_AGAIN_MS).unref()
    }
    pruning = pruneDaily({
      ...{ store, keeper, ledger, retention: config.retention, now: house.now },
      inUse: () => jobs.refersTo(),
      isBusy: () => jobs.isBusy(),
      onError: (error) => log.error({ error }, 'old imports could not be pruned'),
    })
    openLocalDoor(config.dataDir, `http://localhost:${bound.doorPort}`, localToken)
    return {
      url: house.url(),
      port: bound.port,
      estate,
      link: () => `${house.url()}/#k=${links.make()}`,
      async close() {
        closeLocalDoor(config.dataDir)
        await closeAll()
      },
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}
