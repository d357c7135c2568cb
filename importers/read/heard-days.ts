import { MS_A_DAY } from '../../graph/log-days.ts'
import type { ScopeSink } from '../importer.ts'

/** On which days a log has an event: a day is noted once, and what comes in order costs a comparison. */
export interface HeardDays {
  /** Ms since 1970; NaN is nothing. */
  at(time: number): void
  /** ISO 8601 of an event, as the log says it. */
  text(at: string | undefined): void
  tell(sink: ScopeSink): void
}

/** More days than a log has; beyond them nothing is noted. */
const MOST = 50_000

export function heardDays(): HeardDays {
  const days = new Set<number>()
  let last = Number.NaN
  let lastHour = ''
  const at = (time: number): void => {
    const day = Math.floor(time / MS_A_DAY)
    if (day === last || Number.isNaN(day)) return
    last = day
    if (days.size < MOST) days.add(day)
  }
  return {
    at,
    text(written) {
      // To the hour, as an offset may move the rest to another day.
      if (written === undefined) return
      const hour = written.endsWith('Z') ? written.slice(0, 13) : ''
      if (hour !== '' && hour === lastHour) return
      lastHour = hour
      at(Date.parse(written))
    },
    tell(sink) {
      for (const day of days) sink.heard(day * MS_A_DAY)
    },
  }
}
