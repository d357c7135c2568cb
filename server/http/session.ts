import * as z from 'zod/mini'
import { SESSION_MS } from '../auth/sessions.ts'
import { cookie, cookieOf, SESSION_COOKIE } from './cookies.ts'
import type { House } from './house.ts'
import { RequestProblem } from './problem.ts'
import { route, type Asked } from './route.ts'

const SESSION_SECONDS = SESSION_MS / 1000

const Link = z.object({ url: z.string() })
const SessionReply = z.object({ expiresInSeconds: z.number() })

/** Signs somebody in with a fresh cookie; the session that this browser had is over. */
export async function signIn(house: House, user: string, asked: Asked<unknown, unknown>): Promise<void> {
  const { request, origin, response } = asked
  const before = cookieOf(request, SESSION_COOKIE, origin)
  if (before !== undefined) await house.sessions.end(before)
  const value = await house.sessions.start(user)
  await house.people.signedIn(user)
  response.append('Set-Cookie', cookie(SESSION_COOKIE, value, { origin, seconds: SESSION_SECONDS }))
}

export const sessionRoutes = [
  route({
    method: 'POST',
    path: '/api/session',
    summary: 'Trade the one-time token of a link or an invitation (its fragment, #k=…) for the session cookie.',
    roles: 'open',
    audit: 'session.start',
    limit: 'login',
    body: z.object({ token: z.string().check(z.maxLength(200)) }),
    reply: SessionReply,
    async answer(house, asked) {
      const { token } = asked.body
      const linked = house.links.trade(token)
      const user = linked ?? (await house.people.redeem(token))
      if (user === undefined || !house.people.person(user, 'session')) throw new RequestProblem('link-used')
      await signIn(house, user, asked)
      return { expiresInSeconds: SESSION_SECONDS }
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/session',
    summary: 'Sign out: this session is over on the server too.',
    roles: 'signed-in',
    audit: 'session.end',
    reply: z.object({ signedOut: z.boolean() }),
    async answer({ sessions }, { request, origin, response }) {
      const value = cookieOf(request, SESSION_COOKIE, origin)
      if (value !== undefined) await sessions.end(value)
      response.append('Set-Cookie', cookie(SESSION_COOKIE, '', { origin, seconds: 0 }))
      // What the browser kept (order of rows, drafts, choices) goes too.
      response.set('Clear-Site-Data', '"cache", "storage"')
      return { signedOut: value !== undefined }
    },
  }),
  route({
    method: 'POST',
    path: '/api/links',
    summary: 'A one-time link that signs you in once more: for another browser of yours.',
    roles: 'signed-in',
    audit: 'link.make',
    limit: 'login',
    reply: Link,
    answer({ links, url }, { person }) {
      if (person.via === 'token') throw new RequestProblem('in-person')
      return { url: `${url()}/#k=${links.make(person.id)}` }
    },
  }),
]
