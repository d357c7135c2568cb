import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { ConfigError, isLoopback, type Config } from '../config.ts'

const HEADERS_MS = 10_000
/** A whole upload has to fit; JSON bodies have their own, shorter time (app.ts). */
const REQUEST_MS = 600_000
/** Node's five seconds close connections under clients that ask every few seconds, and each then has to try again. */
const IDLE_MS = 30_000
const CONNECTIONS = 200

export class PortTaken extends Error {
  constructor(port: number) {
    super(`port ${port} is in use by another program`)
    this.name = 'PortTaken'
  }
}

export interface Listening {
  readonly servers: readonly Server[]
  /** Where people come in. */
  readonly port: number
  /** Plain HTTP of this machine, for commands: the same, unless only other addresses are listened on. */
  readonly doorPort: number
}

/**
 * Listens on every address of the settings; loopback speaks plain HTTP, the others TLS where a certificate is set,
 * else plain HTTP to the named proxy. `servers` fills as they open, so that a failure can close them. Throws
 * `PortTaken`, and `ConfigError` where the certificate can't be read.
 */
export async function listenOn(config: Config, app: RequestListener, servers: Server[]): Promise<Listening> {
  const limits = { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, keepAliveTimeout: IDLE_MS }
  const pem = config.outside.tls && certificate(config.outside.tls)
  const open = async (address: string, port: number, optional: boolean): Promise<number | undefined> => {
    const server =
      pem && !isLoopback(address)
        ? createTlsServer({ ...limits, ...pem, minVersion: 'TLSv1.2' }, app)
        : createServer(limits, app)
    server.maxConnections = CONNECTIONS
    const bound = await listen(server, port, address, optional)
    if (bound !== undefined) servers.push(server)
    return bound
  }
  let { port } = config
  for (const address of config.listen) port = (await open(address, port, servers.length > 0)) ?? port
  const hasDoor = config.listen.some(isLoopback)
  const doorPort = hasDoor ? port : (await open('127.0.0.1', 0, false))!
  return { servers, port, doorPort }
}

function certificate({ cert, key }: { cert: string; key: string }): { cert: Buffer; key: Buffer } {
  try {
    return { cert: readFileSync(cert), key: readFileSync(key) }
  } catch {
    throw new ConfigError('KEYFALL_TLS_CERT or KEYFALL_TLS_KEY names a file that cannot be read')
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
