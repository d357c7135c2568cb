import { createReadStream, existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import type * as z from 'zod/mini'
import * as wire from '../../graph/wire.ts'
import { EstateQuery, EstateReply, FindingsReply } from '../../graph/wire-estate.ts'
import { MovesReply, WhatIfReply } from '../../graph/wire-acts.ts'
import { AroundQuery, AroundReply, MapCellReply, MapReply, type MapCellQuery } from '../../graph/wire-map.ts'
import { LinksReply } from '../../graph/wire-links.ts'
import { blastOf, hitsOf, homeOf, itemsOf, nodeOf, sourcesOf, whyOf } from './answers.ts'
import { estateWorld, type EstateWorld } from './estate-world.ts'
import { stubImport } from './imports.ts'
import { reachOf, togetherOf } from './reach-world.ts'
import { TogetherReply } from '../../graph/wire-contain.ts'
import { movesOf, whatIfOf } from './whatif-answers.ts'
import { mapWorld } from './map-world.ts'
import { InvitationReply, MeReply, NewTokenReply, PeopleReply, TokensReply } from '../../graph/wire-people.ts'
import { StateMany, StateManyReply } from '../../graph/wire-overrides.ts'
import { Scenario, ScenarioReply } from '../../graph/wire-scenarios.ts'
import { peopleWorld } from './people-world.ts'
import { worldOf, type WorldName } from './worlds.ts'

const clientDir = fileURLToPath(new URL('../../dist/client', import.meta.url))

/** The policy of client.md section 13, the strictest the page must run under. */
const policy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob: data:", "font-src 'none'",
  "connect-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
  "require-trusted-types-for 'script'", "trusted-types 'none'",
].join('; ') // prettier-ignore

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

export interface Stub {
  readonly url: string
  readonly requests: readonly string[]
  /** The next request for this path is answered with this problem. */
  fail(path: string, status: number): void
  /** Sends an event to every open page. */
  tell(event: string, data: unknown): void
  close(): Promise<void>
}

/**
 * A server that answers from one fictional world, every reply checked against `graph/wire`, and serves the built
 * screen under its strictest policy. With `token`, questions need a session first.
 */
export async function startStub(
  worldName: WorldName,
  options: { token?: string; differs?: boolean } = {},
): Promise<Stub> {
  const world = worldOf(worldName)
  const requests: string[] = []
  const failures = new Map<string, number>()
  const listeners = new Set<ServerResponse>()
  /** The newest snapshot that was told: as the server does, a page that begins to listen hears it at once. */
  let newest: unknown = world.snapshot
  const imports = new Map<string, ReturnType<typeof stubImport>>()

  async function api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const [, , room = '', id = '', part = '', other = ''] = url.pathname.split('/')
    const key = `${request.method} ${room}`
    if (key === 'POST session') return session(request, response)
    if (options.token !== undefined && !(request.headers.cookie ?? '').includes('keyfall=open'))
      return problem(response, 401)
    const failing = [...failures].find(([path]) => url.pathname === path)
    if (failing) {
      failures.delete(failing[0])
      return problem(response, failing[1])
    }
    const operation = wire.Operation.safeParse(url.searchParams.get('op')).data ?? 'revoke'
    if (key === 'GET home') return json(response, wire.HomeReply, homeOf(world))
    if (key === 'GET find') return json(response, wire.FindReply, find(url.searchParams.get('q') ?? ''))
    if (['me', 'people', 'tokens'].includes(room)) return peopleRoute(request, response, room, id)
    if (room === 'scenarios' && id === '') {
      const { path } = Scenario.parse(JSON.parse((await bodyOf(request)).toString()))
      scenarios.push(path)
      return json(response, ScenarioReply, scenarioOf(scenarios.length - 1), 201)
    }
    if (room === 'scenarios')
      return orMissing(response, ScenarioReply, scenarios[Number(id)] === undefined ? null : scenarioOf(Number(id)))
    if (key === 'GET sources') return json(response, wire.SourcesReply, sourcesOf(world))
    if (key === 'GET events') return events(response)
    if (key === 'GET nodes') return orMissing(response, wire.NodeReply, nodeOf(world, id))
    if (key === 'GET blast' && part === 'items')
      return json(response, wire.ItemsReply, itemsOf(world, operation, url.searchParams))
    if (key === 'GET blast' && part === 'why') return orMissing(response, wire.WhyReply, whyOf(world, operation, other))
    if (key === 'GET blast' && part === 'moves') return json(response, MovesReply, movesOf(world, operation))
    if (key === 'GET blast' && part === 'whatif') {
      const steps = (url.searchParams.get('steps') ?? '').split(',')
      return json(response, WhatIfReply, whatIfOf(world, operation, steps, options.differs))
    }
    if (key === 'GET blast')
      return orMissing(
        response,
        wire.BlastReply,
        hitsOf(world).some((hit) => hit.id === id) ? blastOf(world, operation) : null,
      )
    if (key === 'GET reach' && part === 'together') {
      const reply = togetherOf(id, { actions: url.searchParams.get('actions') ?? '' }, worldName === 'hostile')
      const shown = reply && { ...reply, snapshot: world.snapshot }
      return orMissing(response, TogetherReply, shown && options.differs ? differing(shown) : shown)
    }
    if (key === 'GET reach') {
      const query = wire.ReachQuery.parse(Object.fromEntries(url.searchParams))
      const reply = reachOf(id, query, worldName === 'hostile')
      return orMissing(response, wire.ReachReply, reply && { ...reply, snapshot: world.snapshot })
    }
    if (['estate', 'findings', 'connections'].includes(room)) return estateRoute(request, response, url, room, id)
    if (room === 'map' || room === 'map-cell') return mapRoute(response, url, room, id)
    if (room === 'imports') return importRoute(request, response, url, id, part)
    return problem(response, 404)
  }

  function find(query: string): wire.FindReply {
    const words = query.toLowerCase()
    const hits = hitsOf(world).filter(
      (hit) => hit.name.toLowerCase().includes(words) || (hit.where ?? '').toLowerCase().includes(words),
    )
    return { snapshot: world.snapshot, query, total: hits.length, hits }
  }

  let made: EstateWorld | undefined
  async function estateRoute(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    room: string,
    id: string,
  ): Promise<void> {
    const estate = (made ??= estateWorld())
    const asked = Object.fromEntries(url.searchParams)
    if (room === 'estate' && request.method === 'PATCH') {
      const asked = StateMany.parse(JSON.parse((await bodyOf(request)).toString()))
      return json(response, StateManyReply, estate.state(asked))
    }
    if (room === 'estate') return json(response, EstateReply, estate.estate(EstateQuery.parse(asked)))
    if (room === 'findings') return json(response, FindingsReply, estate.findings(asked))
    const body = (await bodyOf(request)).toString()
    const { decision = null } = JSON.parse(body || '{}') as { decision?: 'confirmed' | 'rejected' }
    if (request.method !== 'GET' && !estate.decide(id, decision)) return problem(response, 404)
    return json(response, LinksReply, estate.links())
  }

  const scenarios: string[] = []
  const scenarioOf = (at: number): ScenarioReply => ({
    ...{ code: String(at), path: scenarios[at]!, at: world.snapshot.at ?? '', snapshot: world.snapshot.id },
  })
  const people = peopleWorld()
  async function peopleRoute(
    request: IncomingMessage,
    response: ServerResponse,
    room: string,
    id: string,
  ): Promise<void> {
    const body = JSON.parse((await bodyOf(request)).toString() || '{}') as never
    if (room === 'me') return json(response, MeReply, people.me)
    if (room === 'people' && request.method === 'POST') return json(response, InvitationReply, people.invite(body), 201)
    if (room === 'people' && request.method === 'PUT') people.change(id, body)
    if (room === 'people') return json(response, PeopleReply, { people: people.people() })
    if (request.method === 'POST') return json(response, NewTokenReply, people.make(body), 201)
    if (request.method === 'DELETE') people.revoke(id)
    return json(response, TokensReply, { tokens: people.tokens() })
  }

  function mapRoute(response: ServerResponse, url: URL, room: string, id: string): void {
    const asked = Object.fromEntries(url.searchParams)
    if (room === 'map-cell') return json(response, MapCellReply, mapWorld().cell(asked as unknown as MapCellQuery))
    if (id === '') return json(response, MapReply, mapWorld().matrix(asked))
    orMissing(response, AroundReply, mapWorld().around(id, AroundQuery.parse(asked)))
  }

  async function importRoute(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    id: string,
    part: string,
  ): Promise<void> {
    const body = await bodyOf(request)
    if (request.method === 'GET' && id === '') {
      const told = [...imports.values()].map((job) => {
        const { id: own, state, startedAt, files } = job.reply()
        return { id: own, state, startedAt, files: files.length, bytes: 1 }
      })
      return json(response, wire.ImportsReply, { imports: told })
    }
    if (request.method === 'POST' && id === '') {
      const made = `imp${imports.size + 1}`
      imports.set(made, stubImport(made, world))
      return json(response, wire.ImportReply, imports.get(made)!.reply(), 201)
    }
    const job = imports.get(id)
    if (!job) return problem(response, 404)
    if (request.method === 'PUT' && part === 'files') {
      if (request.headers['x-keyfall-upload'] !== '1') return problem(response, 403)
      job.add(url.searchParams.get('name') ?? '', body.length, url.searchParams.get('as') ?? undefined)
    }
    if (request.method === 'POST' && part === 'start') job.start()
    if (request.method === 'POST' && part === 'commit') {
      const accepted = (JSON.parse(body.toString() || '{}') as { acceptRetire?: number }).acceptRetire
      if (job.guarded() && accepted !== 640) return problem(response, 409)
      job.commit()
    }
    if (request.method === 'DELETE') job.cancel()
    if (request.method === 'GET') job.look()
    return json(response, wire.ImportReply, job.reply())
  }

  async function session(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { token } = JSON.parse((await bodyOf(request)).toString()) as { token?: string }
    if (token !== options.token) return problem(response, 401)
    response.setHeader('Set-Cookie', 'keyfall=open; HttpOnly; SameSite=Strict; Path=/')
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"expiresInSeconds":86400}')
  }

  function events(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    response.write(`event: snapshot\ndata: ${JSON.stringify(newest)}\n\n`)
    listeners.add(response)
    response.on('close', () => listeners.delete(response))
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stub')
    requests.push(`${request.method} ${request.url}`)
    response.setHeader('Content-Security-Policy', policy)
    response.setHeader('X-Content-Type-Options', 'nosniff')
    response.setHeader('Referrer-Policy', 'no-referrer')
    if (!url.pathname.startsWith('/api/')) return file(response, url.pathname)
    api(request, response, url).catch((error: unknown) => {
      console.error(error)
      problem(response, 500)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fail: (path, status) => void failures.set(path, status),
    tell(event, data) {
      if (event === 'snapshot') newest = data
      listeners.forEach((page) => page.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** A server that knows better than the page: one way fewer is cut, and one dependant more breaks. */
const differing = (reply: TogetherReply): TogetherReply => ({
  ...reply,
  cut: Math.max(0, reply.cut - 1),
  price: { ...reply.price, breaks: reply.price.breaks + 1 },
})

function file(response: ServerResponse, pathname: string): void {
  const wanted = join(clientDir, normalize(pathname))
  const found = extname(pathname) !== '' && wanted.startsWith(clientDir) && existsSync(wanted)
  const path = found ? wanted : join(clientDir, 'index.html')
  response.setHeader('Content-Type', types[extname(path)] ?? 'application/octet-stream')
  createReadStream(path).pipe(response)
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Sends only what has the shape the real server promises. */
function json<Shape extends z.ZodMiniType>(response: ServerResponse, shape: Shape, value: unknown, status = 200): void {
  const text = JSON.stringify(shape.parse(value))
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(text)
}

function orMissing<Shape extends z.ZodMiniType>(response: ServerResponse, shape: Shape, value: unknown): void {
  if (value === null) problem(response, 404)
  else json(response, shape, value)
}

function problem(response: ServerResponse, status: number): void {
  const message =
    status === 401 ? 'No session.' : status === 404 ? 'There is no such thing in the graph.' : 'The server failed.'
  const body = { code: `stub-${status}`, message, hint: 'Try again.', requestId: 'r-1234' }
  response.writeHead(status, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify(body))
}
