import { OidcRefused, type Oidc } from '../auth/oidc.ts'
import { SignInReply } from '../../graph/wire-people.ts'
import { cookie, cookieOf, SIGN_IN_COOKIE } from './cookies.ts'
import type { House } from './house.ts'
import { RequestProblem } from './problem.ts'
import { route } from './route.ts'
import { signIn } from './session.ts'

const CALLBACK = '/api/oidc/callback'
const MINUTES_10 = 600

function providerOf({ oidc }: House): Oidc {
  if (!oidc) throw new RequestProblem('not-found')
  return oidc
}

/** The library's words may quote what came back: they stay in the log, as a code. */
function refused(error: unknown): unknown {
  if (!(error instanceof OidcRefused)) return error
  return new RequestProblem(error.why === 'provider' ? 'provider-away' : 'sign-in-refused')
}

export const oidcRoutes = [
  route({
    method: 'GET',
    path: '/api/sign-in',
    summary: 'The ways in. `oidc`: go to /api/oidc/start.',
    roles: 'open',
    reply: SignInReply,
    answer: ({ oidc }) => ({ oidc: oidc?.name ?? null }),
  }),
  route({
    method: 'GET',
    path: '/api/oidc/start',
    summary: 'Sends the browser to the identity provider (code flow with PKCE, state and nonce).',
    roles: 'open',
    limit: 'signIn',
    reply: 'text/html',
    async answer(house, { origin, response }) {
      try {
        const { url, ticket } = await providerOf(house).start(origin + CALLBACK)
        response.append('Set-Cookie', cookie(SIGN_IN_COOKIE, ticket, { origin, seconds: MINUTES_10, sameSite: 'Lax' }))
        response.redirect(303, url)
      } catch (error) {
        throw refused(error)
      }
    },
  }),
  route({
    method: 'GET',
    path: CALLBACK,
    summary: 'Where the identity provider sends the browser back to. Signs in and goes on to the page.',
    roles: 'open',
    audit: 'session.oidc',
    limit: 'login',
    fromElsewhere: true,
    reply: 'text/html',
    async answer(house, asked) {
      const { origin, request, response } = asked
      const oidc = providerOf(house)
      const ticket = cookieOf(request, SIGN_IN_COOKIE, origin) ?? ''
      response.append('Set-Cookie', cookie(SIGN_IN_COOKIE, '', { origin, seconds: 0, sameSite: 'Lax' }))
      try {
        const vouched = await oidc.finish(new URL(origin + (request.url ?? '')), ticket)
        const user = await house.people.vouched(vouched)
        if (user === undefined) throw new RequestProblem('sign-in-refused', 'this person is disabled here')
        await signIn(house, user, asked)
      } catch (error) {
        throw refused(error)
      }
      response.redirect(303, '/')
    },
  }),
]
