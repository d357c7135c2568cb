import type * as z from 'zod/mini'
import type { Health } from '../../graph/wire.ts'
import type { Ledger } from '../audit/ledger.ts'
import type { AuditPlace } from '../audit/open.ts'
import type { Links } from '../auth/links.ts'
import type { Oidc } from '../auth/oidc.ts'
import type { People } from '../auth/people.ts'
import type { Tokens } from '../auth/tokens.ts'
import type { Sessions } from '../auth/sessions.ts'
import type { Keeper } from '../estate/keeper.ts'
import type { Retention } from '../retention/prune.ts'
import type { Store } from '../store/contract.ts'
import type { Jobs } from '../import/jobs.ts'
import type { Log } from '../log.ts'
import type { EventHub } from './event-hub.ts'
import type { OriginOf } from './same-origin.ts'

/** What routes work with. One per server. */
export interface House {
  readonly version: string
  readonly store: Store
  readonly keeper: Keeper
  readonly jobs: Jobs
  readonly retention: Retention
  readonly sessions: Sessions
  readonly links: Links
  readonly people: People
  readonly tokens: Tokens
  /** The identity provider, where one is set. */
  readonly oidc: Oidc | null
  /** What is believed of these scopes alone. */
  limited(scopes: readonly string[]): Keeper
  readonly events: EventHub
  readonly log: Log
  /** Where entries are appended: `audited.ts` does it for every route. */
  readonly ledger: Ledger
  readonly auditPlace: AuditPlace
  /** ISO 8601, UTC. */
  now(): string
  /** Of this server, without a slash at the end. */
  url(): string
  readonly originOf: OriginOf
  /** Addresses or prefixes of proxies that say who is behind them. */
  readonly proxies: readonly string[]
  health(): Promise<z.infer<typeof Health>>
  /** The OpenAPI document. */
  description(): Record<string, unknown>
  /** Does this bearer token open the door for commands on this machine? */
  isLocal(token: string): boolean
  /** Parse our own replies with their shapes: in tests and in development. */
  readonly checkReplies: boolean
  /** Where the built screen lies. */
  readonly clientDir: string
}
