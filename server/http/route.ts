import type { IncomingMessage } from 'node:http'
import type { Response } from 'express'
import type { ZodMiniType as Shape, output } from 'zod/mini'
import type { Access, Person } from '../auth/person.ts'
import type { Action } from '../audit/actions.ts'
import type { AuditNote } from '../audit/note.ts'
import type { House } from './house.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Requests a minute, by session where there is one. */
export const limitsPerMinute = {
  general: 600,
  /** One request a file. */
  upload: 6000,
  /** Failed ones only: who opens his link is not slowed down. */
  login: 10,
  /** Beginnings at the identity provider: each holds a little memory. */
  signIn: 30,
  export: 10,
} as const
export type LimitName = keyof typeof limitsPerMinute

/** Who asks: the id of a person, the same in the browser, by token and on the command line. */
export type Who = string

export interface Asked<Q, B> {
  readonly params: Readonly<Record<string, string>>
  readonly query: Q
  readonly body: B
  readonly who: Who
  readonly person: Person
  /** Adds ids and numbers to the audit entry of this request, which is written when the answer stands. */
  readonly note: (more: AuditNote) => void
  readonly requestId: string
  /** Of this server, as the request named it: `http://localhost:8420`. */
  readonly origin: string
  /** When his session or token ends in any case, ISO 8601; `null`: never. */
  readonly until: string | null
  /** May he ask still? For replies that go on. */
  readonly stillIn: () => boolean
  readonly request: IncomingMessage
  /** For uploads: the bytes. */
  readonly upload: IncomingMessage
  readonly response: Response
}

/**
 * One thing the API does, as data: express, the OpenAPI document and the tests are made from the list of these
 * (`routes.ts`). `audit` is a code of server/audit/actions.ts, whose entry is on disk before the reply leaves
 * (audited.ts); `null` for what shows nothing.
 */
export interface Route {
  readonly method: Method
  /** OpenAPI form: `/api/nodes/{id}`. */
  readonly path: string
  readonly summary: string
  /** Who may. Without: 401 for nobody, 403 naming the permission for somebody else. */
  readonly roles: Access
  /**
   * Open to somebody who is limited to scopes too: the answer comes from `house.keeper` alone, which is his own then
   * (or the route holds back by itself what is not his). Not said: refused to him.
   */
  readonly limited?: true
  /** A GET that another site may send the browser to: the way back from the identity provider. */
  readonly fromElsewhere?: true
  readonly audit: Action | null
  readonly limit: LimitName
  readonly query?: Shape
  readonly body?: Shape
  /** The body is a file, not JSON. */
  readonly upload?: boolean
  /** The shape of the reply, or the media type of one that is streamed. */
  readonly reply: Shape | string
  readonly status: number
  readonly answer: (house: House, asked: Asked<never, never>) => unknown
}

type OutputOf<S> = S extends Shape ? output<S> : undefined

/** Types `answer` by the shapes beside it; a streamed reply writes to `asked.response` itself. */
export function route<Q extends Shape | undefined, B extends Shape | undefined, R extends Shape | string>(
  one: Omit<Route, 'query' | 'body' | 'reply' | 'answer' | 'status' | 'limit' | 'audit'> & {
    readonly query?: Q
    readonly body?: B
    readonly reply: R
    readonly status?: number
    readonly limit?: LimitName
    readonly audit?: Action | null
    readonly answer: (
      house: House,
      asked: Asked<OutputOf<Q>, OutputOf<B>>,
    ) => R extends Shape ? output<R> | Promise<output<R>> : void | Promise<void>
  },
): Route {
  return { status: 200, limit: 'general', audit: null, ...one } as unknown as Route
}
