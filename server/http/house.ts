import type * as z from 'zod/mini'
import type { Health } from '../../graph/wire.ts'
import type { Links } from '../auth/links.ts'
import type { Sessions } from '../auth/sessions.ts'
import type { Keeper } from '../estate/keeper.ts'
import type { Store } from '../store/contract.ts'
import type { Jobs } from '../import/jobs.ts'
import type { Log } from '../log.ts'
import type { EventHub } from './event-hub.ts'

/** What routes work with. One per server. */
export interface House {
  readonly version: string
  readonly store: Store
  readonly keeper: Keeper
  readonly jobs: Jobs
  readonly sessions: Sessions
  readonly links: Links
  readonly events: EventHub
  readonly log: Log
  /** Appends one entry and resolves when it is on disk. */
  audit(entry: { action: string; actor: string; object: string | null; requestId: string }): Promise<void>
  /** ISO 8601, UTC. */
  now(): string
  /** Of this server, without a slash at the end. */
  url(): string
  port(): number
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
