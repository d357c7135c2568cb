import type { IncomingMessage } from 'node:http'
import type { Response } from 'express'
import type { ZodMiniType as Shape, output } from 'zod/mini'
import type { Access, Person } from '../auth/person.ts'
import type { House } from './house.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** Requests a minute, by session where there is one. */
export const limitsPerMinute = {
  general: 600,
  /** One request a file. */
  upload: 6000,
  /** Failed ones only: who opens his link is not slowed down. */
  login: 10,
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
  readonly requestId: string
  /** For uploads: the bytes. */
  readonly upload: IncomingMessage
  readonly response: Response
}

/**
 * One thing the API does, as data: express, the OpenAPI document and the tests are made from the list of these
 * (`routes.ts`). `audit` is the action code that is appended before the reply leaves; `null` for what shows nothing.
 */
export interface Route {
  readonly method: Method
  /** OpenAPI form: `/api/nodes/{id}`. */
  readonly path: string
  readonly summary: string
  /** Who may. Without: 401 for nobody, 403 naming the permission for somebody else. */
  readonly roles: Access
  readonly audit: string | null
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
    readonly audit?: string | null
    readonly answer: (
      house: House,
      asked: Asked<OutputOf<Q>, OutputOf<B>>,
    ) => R extends Shape ? output<R> | Promise<output<R>> : void | Promise<void>
  },
): Route {
  return { status: 200, limit: 'general', audit: null, ...one } as unknown as Route
}
