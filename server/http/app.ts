import { randomUUID } from 'node:crypto'
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { parse as parseShape, safeParse, type ZodMiniType as Shape } from 'zod/mini'
import { missingRole, nobody, ownerVia, type Person } from '../auth/person.ts'
import { securityHeaders } from './headers.ts'
import type { House } from './house.ts'
import { RequestProblem, sendProblem } from './problem.ts'
import { limitsPerMinute, type Asked, type LimitName, type Route } from './route.ts'
import { isSameOrigin, ownHostOnly } from './same-origin.ts'
import { SESSION_COOKIE } from './session.ts'
import { screen } from './screen.ts'

const BODY_BYTES = 1 << 20
const BODY_MS = 30_000

/** express made from the list of routes: there is no other way in. */
export function createApp(house: House, routes: readonly Route[]): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.set('case sensitive routing', true)
  app.use(identified(house))
  app.use(securityHeaders())
  app.use(ownHostOnly(() => house.port()))
  app.use('/api', (_request, response, next) => {
    response.set('Cache-Control', 'no-store')
    next()
  })
  const limiters = limitersOf()
  for (const one of routes) {
    const path = one.path.replaceAll(/\{([a-z]+)\}/g, ':$1')
    app[methods[one.method]](path, ...stepsOf(house, one, limiters[one.limit]))
  }
  app.use('/api', (_request, _response, next) => next(new RequestProblem('not-found')))
  app.use(screen(house.clientDir))
  app.use((_request, _response, next) => next(new RequestProblem('not-found')))
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    const { requestId } = response.locals as Locals
    if (!(error instanceof RequestProblem)) house.log.warn({ requestId, error }, 'request failed')
    if (response.headersSent) request.destroy()
    else sendProblem(response, error, requestId)
  })
  return app
}

const methods = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const

interface Locals {
  requestId: string
  person: Person
  /** What is counted against the limits: the session, the token. */
  counted?: string | undefined
  body?: unknown
  query?: unknown
}

/** Every request has an id; its end is logged with the pattern of its route, never with its text. */
function identified(house: House): RequestHandler {
  return (request, response, next) => {
    const requestId = randomUUID()
    const startedAt = performance.now()
    response.locals.requestId = requestId
    response.set('X-Request-Id', requestId)
    response.on('close', () => {
      const ms = Math.round(performance.now() - startedAt)
      const pattern = (request.route as { path?: string } | undefined)?.path ?? 'other'
      house.log.info({ requestId, method: request.method, route: pattern, status: response.statusCode, ms }, 'request')
    })
    next()
  }
}

function stepsOf(house: House, one: Route, limiter: RequestHandler): RequestHandler[] {
  return [
    signedIn(house, one),
    one.method === 'GET' ? notFromElsewhere(one) : fromOwnPage(one),
    limiter,
    ...(one.body ? [timely, express.json({ limit: BODY_BYTES, type: 'application/json', strict: true })] : []),
    asDescribed(one),
    answering(house, one),
  ]
}

function signedIn(house: House, { roles }: Route): RequestHandler {
  return (request, response, next) => {
    const locals = response.locals as Locals
    const bearer = request.headers.authorization?.match(/^Bearer ([\w-]{20,100})$/)?.[1]
    locals.person = nobody
    if (bearer !== undefined && house.isLocal(bearer)) {
      locals.person = ownerVia('local')
      locals.counted = 'local'
    } else {
      const cookie = cookieOf(request, SESSION_COOKIE)
      const session = cookie === undefined ? undefined : house.sessions.find(cookie)
      if (session) locals.person = ownerVia('session')
      locals.counted = session?.id
    }
    if (roles !== 'open' && locals.person === nobody) return next(new RequestProblem('no-session'))
    const missing = missingRole(locals.person, roles)
    next(missing === undefined ? undefined : new RequestProblem('no-permission', `this needs ${missing}`))
  }
}

function cookieOf({ headers }: Request, name: string): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}

/** One count a session and limit; everybody without a session shares one by address. */
function limitersOf(): Record<LimitName, RequestHandler> {
  const make = (name: LimitName): RequestHandler =>
    rateLimit({
      windowMs: 60_000,
      limit: limitsPerMinute[name],
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      skipSuccessfulRequests: name === 'login',
      keyGenerator: (request, response) => (response.locals as Locals).counted ?? ipKeyGenerator(request.ip ?? ''),
      handler: (_request, _response, next) => next(new RequestProblem('too-many')),
    })
  return { general: make('general'), upload: make('upload'), login: make('login'), export: make('export') }
}

function fromOwnPage({ upload, body }: Route): RequestHandler {
  return (request, _response, next) => {
    if (!isSameOrigin(request.headers)) return next(new RequestProblem('foreign-origin'))
    if (upload && request.headers['x-keyfall-upload'] !== '1') return next(new RequestProblem('no-upload-header'))
    if (body && !request.is('application/json')) return next(new RequestProblem('not-json'))
    next()
  }
}

/** Streams are read by pages; a page of another site may not even open one. */
function notFromElsewhere({ reply }: Route): RequestHandler {
  return (request, _response, next) => {
    const site = request.headers['sec-fetch-site']
    const isElsewhere = typeof reply === 'string' && (site === 'cross-site' || site === 'same-site')
    next(isElsewhere ? new RequestProblem('foreign-origin') : undefined)
  }
}

/** A JSON body has to arrive soon; uploads take as long as the server's own timeout allows. */
const timely: RequestHandler = (request, _response, next) => {
  const timer = setTimeout(() => request.destroy(), BODY_MS)
  timer.unref()
  request.once('close', () => clearTimeout(timer))
  next()
}

function asDescribed({ query, body }: Route): RequestHandler {
  return (request, response, next) => {
    const locals = response.locals as Locals
    locals.query = query ? parsed(query, { ...request.query }, 'query') : undefined
    locals.body = body ? parsed(body, request.body, 'body') : undefined
    next()
  }
}

/** Names the wrong fields; never says what was in them. */
function parsed(shape: Shape, value: unknown, where: string): unknown {
  const result = safeParse(shape, value)
  if (result.success) return result.data
  const fields = [...new Set(result.error.issues.map(({ path }) => path.map(String).join('.') || where))].join(', ')
  throw new RequestProblem('bad-request', `the ${where} is not as described: ${fields}`)
}

function answering(house: House, one: Route): RequestHandler {
  return async (request, response) => {
    const { requestId, person, query, body } = response.locals as Locals
    const params = request.params as Record<string, string>
    if (one.audit !== null)
      await audited(house, { action: one.audit, actor: person.id, object: params.id ?? null, requestId })
    const asked: Asked<unknown, unknown> = {
      params,
      query,
      body,
      who: person.id,
      person,
      requestId,
      upload: request,
      response,
    }
    const reply = await one.answer(house, asked as Asked<never, never>)
    if (typeof one.reply === 'string') return
    if (house.checkReplies) parseShape(one.reply, reply)
    response.status(one.status).json(reply)
  }
}

/** Before the first byte of the reply; when it can't be written, nothing is done. */
async function audited(house: House, entry: Parameters<House['audit']>[0]): Promise<void> {
  try {
    await house.audit(entry)
  } catch (error) {
    house.log.error({ requestId: entry.requestId, error }, 'audit failed')
    throw new RequestProblem('audit-unavailable')
  }
}
