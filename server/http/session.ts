import * as z from 'zod/mini'
import { RequestProblem } from './problem.ts'
import { route } from './route.ts'

export const SESSION_COOKIE = 'keyfall'
const SESSION_SECONDS = 24 * 3600

const Link = z.object({ url: z.string() })
const SessionReply = z.object({ expiresInSeconds: z.number() })

export const sessionRoutes = [
  route({
    method: 'POST',
    path: '/api/session',
    summary: 'Trade the one-time token of a link (its fragment, #k=…) for the session cookie.',
    roles: 'open',
    audit: 'session.start',
    limit: 'login',
    body: z.object({ token: z.string().check(z.maxLength(200)) }),
    reply: SessionReply,
    async answer({ links, sessions }, { body, response }) {
      if (!links.trade(body.token)) throw new RequestProblem('link-used')
      const cookie = await sessions.start()
      response.set(
        'Set-Cookie',
        `${SESSION_COOKIE}=${cookie}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${SESSION_SECONDS}`,
      )
      return { expiresInSeconds: SESSION_SECONDS }
    },
  }),
  route({
    method: 'POST',
    path: '/api/links',
    summary: 'A new one-time link to this server, for another browser.',
    roles: 'signed-in',
    audit: 'link.make',
    limit: 'login',
    reply: Link,
    answer: ({ links, url }) => ({ url: `${url()}/#k=${links.make()}` }),
  }),
]
