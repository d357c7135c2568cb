import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod/mini'
import {
  BlastReply,
  FindReply,
  ImportReply,
  ItemsReply,
  Problem,
  ReachReply,
  SourcesReply,
  Thing,
  WhyReply,
} from '../../graph/wire.ts'
import { EstateReply, FindingsReply } from '../../graph/wire-estate.ts'
import { LinksReply } from '../../graph/wire-links.ts'
import { OverridesReply } from '../../graph/wire-overrides.ts'
import type { LocalDoor } from '../auth/local-token.ts'
import type { Source } from '../import/read-files.ts'
import { walkFiles } from '../import/walk-files.ts'
import type { Desk } from './desk.ts'
import { actsOfServer } from './desk-acts.ts'
import { plansOfServer } from './desk-plans.ts'
import { ServerFailed } from './server-failed.ts'
import { UsageProblem } from './usage-problem.ts'

const POLL_MS = 150

/** Is there a server behind this door? A crashed one leaves its file. */
export async function answers({ url }: LocalDoor): Promise<boolean> {
  try {
    return (await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(2_000) })).ok
  } catch {
    return false
  }
}

/** A new one-time link of the running server. */
export async function newLink(door: LocalDoor): Promise<string> {
  return (await ask(door, z.object({ url: z.string() }), 'POST', '/api/links')).url
}

/** Answers through the API of the server that holds the store. */
export function deskOfServer(door: LocalDoor): Desk {
  const get = <T>(shape: z.ZodMiniType<T>, path: string): Promise<T> => ask(door, shape, 'GET', path)
  const ofImport = (id: string): string => `/api/imports/${encodeURIComponent(id)}`
  return {
    server: `the server at ${door.url}${door.pid === 0 ? '' : ` (pid ${door.pid})`}`,
    ...actsOfServer((shape, method, path, body) => ask(door, shape, method, path, body)),
    find: (q, limit) => get(FindReply, `/api/find?${query({ q, limit })}`),
    credential: async (text) =>
      (await get(z.object({ credential: Thing }), `/api/resolve?${query({ text })}`)).credential,
    subject: async (text, op) =>
      (await get(z.object({ credential: Thing }), `/api/resolve?${query({ text, op })}`)).credential,
    blast: (id, asked) => get(BlastReply, `/api/blast/${id}?${query(asked)}`),
    items: (id, asked) => get(ItemsReply, `/api/blast/${id}/items?${query(asked)}`),
    why: (id, dependent, asked) => get(WhyReply, `/api/blast/${id}/why/${dependent}?${query(asked)}`),
    thing: async (text) => (await get(z.object({ thing: Thing }), `/api/reach?${query({ text })}`)).thing,
    reach: (id, asked) => get(ReachReply, `/api/reach/${id}?${query(asked)}`),
    sources: () => get(SourcesReply, '/api/sources'),
    estate: (asked) => get(EstateReply, `/api/estate?${query(asked)}`),
    findings: (asked) => get(FindingsReply, `/api/findings?${query(asked)}`),
    links: () => get(LinksReply, '/api/connections'),
    overrides: () => get(OverridesReply, '/api/overrides'),
    setOverride: (asked) => ask(door, OverridesReply, 'PUT', '/api/overrides', asked),
    removeOverride: (id) => ask(door, OverridesReply, 'DELETE', `/api/overrides/${encodeURIComponent(id)}`),
    decide: (id, decision, note) =>
      decision === 'forget'
        ? ask(door, LinksReply, 'DELETE', `/api/connections/${id}`)
        : ask(door, LinksReply, 'PUT', `/api/connections/${id}`, { decision, ...(note !== undefined && { note }) }),
    plans: plansOfServer(
      (shape, method, path, body) => ask(door, shape, method, path, body),
      (path) => request(door, 'GET', path),
    ),
    async *bundle() {
      const response = await request(door, 'GET', '/api/export')
      yield* response.body!.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>
    },
    async readImport(sources, { scopeName, onProgress }) {
      const { id } = await ask(door, ImportReply, 'POST', '/api/imports', {
        ...(scopeName !== undefined && { scope: scopeName }),
      })
      for await (const { name, path } of filesOf(sources))
        await upload(door, `${ofImport(id)}/files?${query({ name })}`, path)
      let reply = await ask(door, ImportReply, 'POST', `${ofImport(id)}/start`)
      while (reply.state === 'reading') {
        await wait(POLL_MS)
        reply = await get(ImportReply, ofImport(id))
        onProgress(reply)
      }
      return orThrow(reply)
    },
    async commitImport(id, acceptRetire) {
      const asked = { ...(acceptRetire !== undefined && { acceptRetire }) }
      const own = await ask(door, ImportReply, 'POST', `${ofImport(id)}/commit`, asked).catch((error: unknown) => {
        if (isBrokenOff(error)) return undefined
        throw error
      })
      if (own) return orThrow(own)
      // It goes on without the connection on which it was asked for.
      for (;;) {
        const reply = await get(ImportReply, ofImport(id))
        if (reply.state === 'preview') throw new ServerFailed('Nothing was imported: the server was not heard.', AGAIN)
        if (reply.state !== 'committing') return orThrow(reply)
        await wait(POLL_MS)
      }
    },
    cancelImport: async (id) => void (await request(door, 'DELETE', ofImport(id))),
    close: async () => undefined,
  }
}

function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
}

/** The same names that reading them here would give. */
async function* filesOf(sources: readonly Source[]): AsyncGenerator<{ name: string; path: string }> {
  for (const source of sources) {
    if (!('path' in source)) continue
    for await (const { name, path, error } of walkFiles(source.path)) if (error === undefined) yield { name, path }
  }
}

async function upload(door: LocalDoor, path: string, file: string): Promise<void> {
  const body = Readable.toWeb(createReadStream(file)) as unknown as ReadableStream
  await request(door, 'PUT', path, { body, headers: { 'X-Keyfall-Upload': '1' } })
}

/** One question to the API, by the key of the data directory. Throws what the server refuses as a `UsageProblem`. */
export { ask as askServer }

async function ask<T>(
  door: LocalDoor,
  shape: z.ZodMiniType<T>,
  method: string,
  path: string,
  body: object = {},
): Promise<T> {
  const json = method === 'GET' ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }
  const response = await request(door, method, path, json)
  return shape.parse(await response.json().catch((error: unknown) => unheard(door, error)))
}

/** Asks this machine's server; throws what it refused. */
export async function request(
  door: LocalDoor,
  method: string,
  path: string,
  sent: { body?: string | ReadableStream; headers?: Record<string, string> } = {},
): Promise<Response> {
  const response = await fetch(door.url + path, {
    method,
    headers: { Authorization: `Bearer ${door.token}`, Origin: door.url, ...sent.headers },
    ...(sent.body !== undefined && { body: sent.body, duplex: 'half' }),
  } as RequestInit).catch((error: unknown) => unheard(door, error))
  if (response.ok) return response
  const said = Problem.safeParse(await response.json().catch(() => undefined))
  if (said.success) throw refusal(said.data, response.status)
  throw new ServerFailed(`${door.url} answered ${response.status}, and not as a server of Keyfall does`, ELSEWHERE)
}

const AGAIN = 'Look at its log, then do it again: an import that is repeated changes nothing twice.'
const ELSEWHERE = 'Look whether it runs, and at its log; something in between may have answered in its place.'

/** Of the connection, as `fetch` has it: the reason is the cause, a code of the system or of its own. */
function codeOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {}
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
}

/** Nobody could be asked, or the answer never came. Anything else is thrown as it is: a file that cannot be read. */
function unheard({ url }: LocalDoor, error: unknown): never {
  const code = codeOf(error)
  if (!/^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_|UND_)/.test(code)) throw error
  throw new ServerFailed(`the server at ${url} did not answer (${code})`, AGAIN, { cause: error })
}

/** Broken off before the answer: `fetch` waits 300 s for its first byte, and so may whatever is in between. */
const isBrokenOff = (error: unknown): boolean =>
  error instanceof ServerFailed && /^(UND_|ECONNRESET)/.test(codeOf(error.cause))

/** What the server refused, as it says it: ours when it failed, a wrong use otherwise. */
function refusal({ message, hint, details, requestId }: z.infer<typeof Problem>, status: number): Error {
  if (status < 500) return new UsageProblem(message, [hint, ...(details ?? [])].filter(Boolean).join('\n'))
  return new ServerFailed(`${message} (requestId ${requestId})`, hint ?? '')
}

/** An import that failed says what a request that failed would have said. */
function orThrow(reply: ImportReply): ImportReply {
  if (reply.error) throw refusal(reply.error, 500)
  return reply
}
