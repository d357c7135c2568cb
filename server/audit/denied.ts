import type { Ledger } from './ledger.ts'

const PER_MINUTE = 30
const KNOWN = 1_000

/**
 * Enters who was refused for want of a role: 30 a minute of each, so that asking in vain fills no disk. The refusal
 * stands whether or not it could be entered.
 */
export function deniedEntries(
  ledger: () => Ledger,
): (
  who: { readonly id: string; readonly roles: readonly string[]; readonly via: string },
  detail: { readonly route: string; readonly requestId: string },
) => Promise<void> {
  const counts = new Map<string, { minute: number; count: number }>()
  return async ({ id, roles, via }, detail) => {
    const minute = Math.floor(performance.now() / 60_000)
    const before = counts.get(id)
    const count = before?.minute === minute ? before.count + 1 : 1
    if (counts.size >= KNOWN) counts.clear()
    counts.set(id, { minute, count })
    if (count > PER_MINUTE) return
    const role = roles.join(' ') || null
    const draft = { action: 'access.denied', outcome: 'failed', actor: id, role, via, detail } as const
    await ledger()
      .append(draft)
      .catch(() => undefined)
  }
}
