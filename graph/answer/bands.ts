import type { Band, Verdict } from '../wire.ts'
import type { OutSpan } from './spans.ts'

/** When an effect shows (client.md 2). */
export const bands = [
  { id: 'now', title: 'Now', subtitle: 'within a minute', kind: 'time', until: 60 },
  { id: '15m', title: '≤ 15 min', subtitle: 'caches, syncs', kind: 'time', until: 900 },
  { id: '1h', title: '≤ 1 hour', subtitle: 'sessions end', kind: 'time', until: 3600 },
  { id: '24h', title: '≤ 24 hours', subtitle: 'daily jobs', kind: 'time', until: 86_400 },
  { id: 'later', title: 'Later', subtitle: 'after a day', kind: 'time', until: null },
  { id: 'restart', title: 'Next restart', subtitle: 'or deploy, reconnect', kind: 'event', until: null },
  { id: 'keeps', title: 'Keeps working', subtitle: 'another path, or no loss', kind: 'keeps', until: null },
] as const satisfies readonly Band[]

export type BandId = (typeof bands)[number]['id']

/**
 * The band a dependent sits in: that of the earliest moment it may be out; `restart` where only a restart brings it
 * to light.
 */
export function bandOf(verdict: Verdict, earliest: OutSpan): BandId {
  if (verdict === 'keeps') return 'keeps'
  if (earliest === null) return 'restart'
  const start = earliest[0]
  return bands.find((band) => band.kind === 'time' && (band.until === null || start < band.until))!.id
}
