import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import express, { type NextFunction, type Request, type Response } from 'express'
import { rateLimit } from 'express-rate-limit'
import * as z from 'zod/mini'
import { closeLocalDoor, openLocalDoor } from '../auth/local-token.ts'
import { randomToken } from '../auth/random-token.ts'
import type { Config } from '../config.ts'
import { WrongSecret } from '../seal/wrap.ts'
import { version } from '../version.ts'
import { securityHeaders } from './headers.ts'
import { listenOn, type Listening } from './listen.ts'
import { RequestProblem, sendProblem } from './problem.ts'
import { isSameOrigin, originsOf } from './same-origin.ts'

/** Each guess costs a third of a second of a processor as well. */
const GUESSES_PER_MINUTE = 10
const UnsealBody = z.object({ passphrase: z.string().check(z.minLength(1), z.maxLength(1_024)) })

/**
 * Listens while the store is sealed, and answers health and unseal alone; everything else is 503 `sealed`. Resolves
 * when somebody gave the right passphrase and this door is shut, so that the server can open its own.
 */
export async function waitForSecret(config: Config, attempt: (secret: Uint8Array) => Promise<void>): Promise<void> {
  const servers: Server[] = []
  let bound: Pick<Listening, 'port' | 'doorPort'> = { port: config.port, doorPort: config.port }
  const originOf = originsOf(() => [bound.port, bound.doorPort], config.outside)
  const kind = config.neo4j ? 'neo4j' : 'embedded'
  const opened = new Promise<void>((done, failed) => {
    const app = express()
    app.disable('x-powered-by')
    app.use(securityHeaders(originOf))
    app.use((request, response, next) => {
      response.locals.requestId = randomUUID()
      response.set({ 'Cache-Control': 'no-store', 'X-Request-Id': String(response.locals.requestId) })
      response.locals.origin = originOf(request)
      next(response.locals.origin === undefined ? new RequestProblem('wrong-host') : undefined)
    })
    app.get(
      '/api/health',
      (_request, response) => void response.json({ status: 'starting', version: version(), store: kind }),
    )
    const limit = rateLimit({
      windowMs: 60_000,
      limit: GUESSES_PER_MINUTE,
      keyGenerator: () => 'all',
      handler: (_request, _response, next) => next(new RequestProblem('too-many')),
    })
    app.post('/api/unseal', limit, ownPage, express.json({ limit: 4_096, strict: true }), async (request, response) => {
      const body = z.safeParse(UnsealBody, request.body)
      if (!body.success) throw new RequestProblem('bad-request', 'the body is not as described: passphrase')
      try {
        await attempt(Buffer.from(body.data.passphrase))
      } catch (error) {
        if (error instanceof WrongSecret) throw new RequestProblem('wrong-secret')
        throw error
      }
      response.on('close', done)
      response.set('Connection', 'close').json({ unsealed: true })
    })
    app.use((_request, _response, next) => next(new RequestProblem('sealed')))
    app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) =>
      sendProblem(response, error, String(response.locals.requestId)),
    )
    listenOn(config, app, servers).then((listening) => {
      bound = listening
      openLocalDoor(config.dataDir, `http://localhost:${bound.doorPort}`, randomToken())
    }, failed)
  })
  try {
    await opened
  } finally {
    for (const server of servers) server.closeAllConnections()
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
    closeLocalDoor(config.dataDir)
  }
}

function ownPage(request: Request, response: Response, next: NextFunction): void {
  const { origin } = response.locals as { origin: string }
  if (!isSameOrigin(request.headers, origin)) return next(new RequestProblem('foreign-origin'))
  next(request.is('application/json') ? undefined : new RequestProblem('not-json'))
}
