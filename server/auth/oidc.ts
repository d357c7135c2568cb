import * as client from 'openid-client'
import type { Role } from '../../graph/wire-people.ts'
import type { OidcSettings } from '../outside.ts'
import type { Vouched } from './people.ts'
import { randomToken, tokenHash } from './random-token.ts'

const PENDING_MS = 10 * 60_000
const PENDING = 1_000
/** Seconds, for each request to the provider. */
const TIMEOUT = 8
const NAME_CHARACTERS = 80

/** Signing in at an identity provider: the authorization code flow with PKCE, state and nonce. */
export interface Oidc {
  readonly name: string
  /** Where to send the browser, and what it has to bring back in a cookie. */
  start(redirectUri: string): Promise<{ url: string; ticket: string }>
  /**
   * Who came back. `current` is the address of the callback with its query. Issuer, audience, signature, expiry, nonce
   * and state are checked. Throws `OidcRefused`.
   */
  finish(current: URL, ticket: string): Promise<Vouched>
}

/** `provider`: it does not answer; `refused`: what came back is not believed. Never says what it was. */
export class OidcRefused extends Error {
  readonly why: 'provider' | 'refused'

  constructor(why: 'provider' | 'refused', cause?: unknown) {
    super(`sign-in at the identity provider failed (${why})`, { cause })
    this.name = 'OidcRefused'
    this.why = why
  }
}

interface Pending {
  readonly ticketHash: string
  readonly verifier: string
  readonly nonce: string
  readonly until: number
}

/** `clock` gives milliseconds that never go back. */
export function openOidc(settings: OidcSettings, clock: () => number = () => performance.now()): Oidc {
  let discovered: Promise<client.Configuration> | undefined
  const provider = (): Promise<client.Configuration> => {
    discovered ??= discover(settings).catch((error: unknown) => {
      // It may be back the next time.
      discovered = undefined
      throw new OidcRefused('provider', error)
    })
    return discovered
  }
  const pending = new Map<string, Pending>()
  return {
    name: settings.name,
    async start(redirectUri) {
      const config = await provider()
      const [state, nonce, verifier, ticket] = [
        client.randomState(),
        client.randomNonce(),
        client.randomPKCECodeVerifier(),
        randomToken(),
      ]
      pending.set(state, { ticketHash: tokenHash(ticket), verifier, nonce, until: clock() + PENDING_MS })
      if (pending.size > PENDING) pending.delete(pending.keys().next().value!)
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid profile email',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      })
      return { url: url.href, ticket }
    },
    async finish(current, ticket) {
      const state = current.searchParams.get('state') ?? ''
      const begun = pending.get(state)
      pending.delete(state)
      // The browser that comes back has to be the one that was sent: the ticket is in its cookie.
      if (!begun || clock() > begun.until || begun.ticketHash !== tokenHash(ticket)) throw new OidcRefused('refused')
      const config = await provider()
      try {
        const tokens = await client.authorizationCodeGrant(config, current, {
          pkceCodeVerifier: begun.verifier,
          expectedState: state,
          expectedNonce: begun.nonce,
          idTokenExpected: true,
        })
        const claims = tokens.claims()!
        const isAllSaid = claims[settings.rolesClaim] !== undefined && nameOf(claims) !== undefined
        const more =
          !isAllSaid && config.serverMetadata().userinfo_endpoint !== undefined
            ? await client.fetchUserInfo(config, tokens.access_token, claims.sub)
            : {}
        return vouchedOf(settings, { ...more, ...claims })
      } catch (error) {
        throw new OidcRefused('refused', error)
      }
    },
  }
}

function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<client.Configuration> {
  const url = new URL(issuer)
  // Plain http only to this machine (outside.ts).
  const execute = url.protocol === 'http:' ? [client.allowInsecureRequests] : []
  return client.discovery(
    url,
    clientId,
    undefined,
    clientSecret === null ? client.None() : client.ClientSecretBasic(clientSecret),
    { execute, timeout: TIMEOUT },
  )
}

interface Claims {
  readonly iss: string
  readonly sub: string
  readonly [claim: string]: unknown
}

function vouchedOf({ rolesClaim, roleMap }: OidcSettings, claims: Claims): Vouched {
  const name = (nameOf(claims) ?? claims.sub).trim().slice(0, NAME_CHARACTERS)
  return { issuer: claims.iss, subject: claims.sub, name, roles: rolesOf(roleMap, claims[rolesClaim]) }
}

function nameOf({ name, preferred_username: user, email }: Claims): string | undefined {
  return [name, user, email].find((one): one is string => typeof one === 'string' && one.trim() !== '')
}

/** A string or a list of them; whatever is not in the map gives no role. */
export function rolesOf(map: ReadonlyMap<string, readonly Role[]>, claim: unknown): Role[] {
  const values = typeof claim === 'string' ? [claim] : Array.isArray(claim) ? claim : []
  return [...new Set(values.flatMap((value) => (typeof value === 'string' ? (map.get(value) ?? []) : [])))]
}
