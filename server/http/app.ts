import { randomUUID } from 'node:crypto'
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { parse as parseShape, safeParse, type ZodMiniType as Shape } from 'zod/mini'
import { deniedEntries } from '../audit/denied.ts'
import type { AuditNote } from '../audit/note.ts'
import { missingRole, nobody, ownerVia, type Person } from '../auth/person.ts'
import { SESSION_MS } from '../auth/sessions.ts'
import { cookieOf, SESSION_COOKIE } from './cookies.ts'
import { answerAudited } from './audited.ts'
import { answerWhereItLies, JsonBytes, sendJsonBytes } from './answer-apart.ts'
import { securityHeaders } from './headers.ts'
import type { House } from './house.ts'
import { RequestProblem, sendProblem } from './problem.ts'
import { limitsPerMinute, type Asked, type LimitName, type Route } from './route.ts'
import { isSameOrigin, ownHostOnly } from './same-origin.ts'
import { screen } from './screen.ts'

const BODY_BYTES = 1 << 20
const BODY_MS = 30_000

/** express made from the list of routes: there is no other way in. */
export function createApp(house: House, routes: readonly Route[]): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.set('case sensitive routing', true)
  app.set('trust proxy', [...house.proxies])
  app.use(identified(house))
  app.use(securityHeaders(house.originOf))
  app.use(ownHostOnly(house.originOf))
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

const methods = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const

interface Locals {
  requestId: string
  person: Person
  /** Of this server, as this request named it. */
  origin: string
  /** What is counted against the limits: the session, the token. */
  counted?: string | undefined
  until: string | null
  stillIn: () => boolean
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

function signedIn(house: House, { method, path, roles, limited }: Route): RequestHandler {
  const denied = deniedEntries(() => house.ledger)
  return (request, response, next) => {
    const locals = response.locals as Locals
    const known = whoAsks(house, request, locals.origin)
    Object.assign(locals, known ?? { person: nobody, counted: undefined, until: null, stillIn: () => false })
    if (roles === 'open') return next()
    if (!known) return next(new RequestProblem('no-session'))
    const missing = missingRole(known.person, roles)
    if (missing !== undefined) {
      const detail = { route: `${method} ${path}`, requestId: locals.requestId }
      return void denied(known.person, detail).then(() =>
        next(new RequestProblem('no-permission', `this needs ${missing}`)),
      )
    }
    const isRefused = known.person.scopes !== undefined && roles !== 'signed-in' && !limited
    next(
      isRefused ? new RequestProblem('no-permission', 'this needs a role that is not limited to sources') : undefined,
    )
  }
}

type Known = Pick<Locals, 'person' | 'counted' | 'until' | 'stillIn'>

/** What the person may do and see is what it was. */
function hasRightsOf(now: Person, then: Person): boolean {
  const rights = ({ roles, scopes }: Person): string =>
    JSON.stringify([[...roles].sort(), scopes && [...scopes].sort()])
  return rights(now) === rights(then)
}

/** The local key, a token or a session; undefined where none of them is good now. */
function whoAsks(house: House, request: Request, origin: string): Known | undefined {
  const bearer = request.headers.authorization?.match(/^Bearer ([\w-]{20,100})$/)?.[1]
  if (bearer !== undefined) {
    if (house.isLocal(bearer)) return { person: ownerVia('local'), counted: 'local', until: null, stillIn: () => true }
    const found = house.tokens.find(bearer)
    if (!found) return undefined
    const { person, token, until } = found
    return { person, counted: token, until, stillIn: () => house.tokens.find(bearer) !== undefined }
  }
  const cookie = cookieOf(request, SESSION_COOKIE, origin)
  const session = cookie === undefined ? undefined : house.sessions.find(cookie)
  const person = session && house.people.person(session.user, 'session', session.startedAt)
  if (!session || !person) return undefined
  return {
    person,
    counted: session.id,
    until: new Date(session.startedAt + SESSION_MS).toISOString(),
    // Also with the same rights: a stream that was opened by an analyst is not a viewer's.
    stillIn: () => {
      const now = house.people.person(session.user, 'session', session.startedAt)
      return house.sessions.isLive(session) && now !== undefined && hasRightsOf(now, person)
    },
  }
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
  return {
    general: make('general'),
    upload: make('upload'),
    login: make('login'),
    signIn: make('signIn'),
    export: make('export'),
  }
}

function fromOwnPage({ upload, body }: Route): RequestHandler {
  return (request, response, next) => {
    if (!isSameOrigin(request.headers, (response.locals as Locals).origin))
      return next(new RequestProblem('foreign-origin'))
    if (upload && request.headers['x-keyfall-upload'] !== '1') return next(new RequestProblem('no-upload-header'))
    if (body && !request.is('application/json')) return next(new RequestProblem('not-json'))
    next()
  }
}

/** Streams are read by pages; a page of another site may not even open one. */
function notFromElsewhere({ reply, fromElsewhere }: Route): RequestHandler {
  return (request, _response, next) => {
    const site = request.headers['sec-fetch-site']
    const isElsewhere = !fromElsewhere && typeof reply === 'string' && (site === 'cross-site' || site === 'same-site')
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
    const { requestId, person, origin, until, stillIn, query, body } = response.locals as Locals
    const params = request.params as Record<string, string>
    let noted: AuditNote = {}
    const asked: Asked<unknown, unknown> = {
      params,
      query,
      body,
      who: person.id,
      person,
      origin,
      until,
      stillIn,
      note: (more) => void (noted = { ...noted, ...more }),
      requestId,
      request,
      upload: request,
      response,
    }
    // Somebody who is limited to scopes asks an estate in which nothing else is.
    const own = person.scopes ? { ...house, keeper: house.limited(person.scopes) } : house
    const answer = (): unknown => answerWhereItLies(own, one, asked as Asked<never, never>)
    const reply = await answerAudited(house, one, { asked, request, noted: () => noted, answer })
    if (typeof one.reply === 'string') return
    if (reply instanceof JsonBytes) return sendJsonBytes(response, reply, one, house.checkReplies)
    if (house.checkReplies) parseShape(one.reply, reply)
    response.status(one.status).json(reply)
  }
}
