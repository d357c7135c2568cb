import { timingSafeEqual } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { closeLocalDoor, openLocalDoor } from '../auth/local-token.ts'
import { openLinks } from '../auth/links.ts'
import { randomToken, tokenHash } from '../auth/random-token.ts'
import { sessionDocs } from '../auth/session-docs.ts'
import { openSessions } from '../auth/sessions.ts'
import { auditChain } from '../auth/audit-chain.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { openEstate, type OpenEstate } from '../open-estate.ts'
import { packageRoot } from '../root.ts'
import { version } from '../version.ts'
import { createApp } from './app.ts'
import { openEventHub } from './event-hub.ts'
import type { House } from './house.ts'
import { openApiDocument } from './openapi.ts'
import { problemOf } from './problem.ts'
import { routes } from './routes.ts'

export interface RunningServer {
  readonly url: string
  readonly estate: OpenEstate
  /** A link that signs one browser in, once. */
  link(): string
  close(): Promise<void>
}

export interface ServerOptions {
  readonly config: Config
  readonly log: Log
  /** Parse our own replies: tests, development. */
  readonly checkReplies?: boolean
  readonly clientDir?: string
}

const HEADERS_MS = 10_000
/** A whole upload has to fit; JSON bodies have their own, shorter time (app.ts). */
const REQUEST_MS = 600_000
const CONNECTIONS = 200

/** Opens the store and listens. Throws a `StoreError` when the store refuses, `PortTaken` when the port is in use. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log } = options
  const events = openEventHub()
  const estate = await openEstate({
    config,
    problemOf: (error) => problemOf(error, 'import').problem,
    onChange: (data) => events.publish({ type: 'snapshot', data }),
    onProgress: (data) => events.publish({ type: 'import', data }),
    onError: (error) => log.error({ error }, 'the estate could not be loaded again'),
  })
  const servers: Server[] = []
  const closeAll = async (): Promise<void> => {
    events.close()
    for (const server of servers) server.closeAllConnections()
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
    await estate.close()
  }
  try {
    const { store, keeper, jobs } = estate
    const links = openLinks()
    const sessions = await openSessions(sessionDocs(store))
    const chain = auditChain(config.dataDir)
    let port = config.port
    const localToken = randomToken()
    const localHash = Buffer.from(tokenHash(localToken))
    const house: House = {
      version: version(),
      store,
      keeper,
      jobs,
      sessions,
      links,
      events,
      log,
      async audit(entry) {
        const body = { v: 1, ts: new Date().toISOString(), via: 'http', snapshot: keeper.snapshot().id, ...entry }
        await store.audit.append(chain, JSON.stringify(body))
      },
      now: () => new Date().toISOString(),
      url: () => `http://localhost:${port}`,
      port: () => port,
      async health() {
        const { ready } = await store.health().catch(() => ({ ready: false }))
        const kind = store.kind === 'neo4j' ? 'neo4j' : 'embedded'
        return { status: ready ? 'ready' : 'failing', version: version(), store: kind }
      },
      description: () => openApiDocument(routes, version()),
      isLocal: (token) => timingSafeEqual(Buffer.from(tokenHash(token)), localHash),
      checkReplies: options.checkReplies ?? process.env.NODE_ENV === 'development',
      clientDir: options.clientDir ?? join(packageRoot(), 'dist', 'client'),
    }
    const app = createApp(house, routes)
    for (const address of config.listen) {
      const server = createServer({ headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS }, app)
      server.maxConnections = CONNECTIONS
      const bound = await listen(server, port, address, servers.length > 0)
      if (bound === undefined) continue
      servers.push(server)
      port = bound
    }
    openLocalDoor(config.dataDir, `http://localhost:${port}`, localToken)
    return {
      url: house.url(),
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

export class PortTaken extends Error {
  constructor(port: number) {
    super(`port ${port} is in use by another program`)
    this.name = 'PortTaken'
  }
}

/** The bound port; undefined where this machine has no such address and another one is served already. */
function listen(server: Server, port: number, address: string, optional: boolean): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (optional && (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT')) resolve(undefined)
      else reject(error.code === 'EADDRINUSE' ? new PortTaken(port) : error)
    })
    server.listen(port, address, () => {
      const bound = server.address()
      resolve(typeof bound === 'object' && bound ? bound.port : port)
    })
  })
}
