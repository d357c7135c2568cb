import type { Span } from './delivery.ts'
import type { Mark } from './marks.ts'

interface ClientRow {
  readonly words: string
  /** Renews when this share of the life is over, at the latest … */
  readonly renewsAt?: number
  /** … or this many seconds before the end. Absent: whenever it likes, so a renewal may be due at once. */
  readonly renewsBefore?: number
  /** Seconds before the end from which it raises an error rather than use what it holds. */
  readonly failsBefore: number
  readonly mark: Mark
  /** Source of change-semantics.md 16.2. */
  readonly source: string
}

/**
 * Libraries that hold a session or token and renew it: one that cannot renew fails before its session ends. A fact of a
 * relationship names one of these in its property `client`. Source: change-semantics.md 13.2 and 13.8.
 */
export const clients = {
  botocore: { words: 'botocore', renewsBefore: 900, failsBefore: 600, mark: 'S', source: 'AWS-9' },
  'google-auth': { words: 'google-auth', renewsBefore: 225, failsBefore: 225, mark: 'S', source: 'GCP-6' },
  msal: { words: 'MSAL', renewsBefore: 300, failsBefore: 300, mark: 'S', source: 'AZ-9' },
  'msal-managed-identity': {
    words: 'MSAL with a managed identity',
    renewsAt: 0.5,
    failsBefore: 300,
    mark: 'S',
    source: 'AZ-9',
  },
  spire: { words: 'SPIRE agent', renewsAt: 0.55, failsBefore: 0, mark: 'S', source: 'SP-2' },
  kubelet: { words: 'kubelet', renewsAt: 0.8, failsBefore: 0, mark: 'S', source: 'K8S-2' },
  'vault-agent': { words: 'Vault agent', failsBefore: 0, mark: 'D', source: 'VLT-7' },
} as const satisfies Record<string, ClientRow>

export type Client = keyof typeof clients

export function isClient(name: unknown): name is Client {
  return typeof name === 'string' && Object.hasOwn(clients, name)
}

/**
 * Seconds that a session of `life` seconds serves on after its renewal is refused, its issue time not known. A client
 * that nobody named may be about to renew and may hold on to the end.
 */
export function aliveFor(client: Client | undefined, life: number): Span {
  if (client === undefined) return [0, life]
  const row: ClientRow = clients[client]
  const longest = Math.max(0, life - row.failsBefore)
  const left =
    row.renewsAt !== undefined
      ? Math.floor(life * (1 - row.renewsAt) + 1e-9) - row.failsBefore
      : (row.renewsBefore ?? 0) - row.failsBefore
  return [
    row.renewsAt === undefined && row.renewsBefore === undefined ? 0 : Math.min(Math.max(0, left), longest),
    longest,
  ]
}
