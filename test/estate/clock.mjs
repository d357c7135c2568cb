/** The moment the estate was exported. Everything in it is dated relative to this; no clock is ever read. */
export const NOW = Date.UTC(2026, 10, 20, 4, 0, 0)

const DAY = 86_400_000

/** `days` (may be a fraction) before the export, as ISO 8601 in UTC, to the second. */
export const ago = (days) => iso(NOW - Math.round(days * DAY))

/** `days` after the export. */
export const ahead = (days) => iso(NOW + Math.round(days * DAY))

/** Seconds before the export. */
export const secondsAgo = (seconds) => iso(NOW - seconds * 1000)

/** ISO 8601 without milliseconds: `2026-11-20T04:00:00Z`. */
export const iso = (milliseconds) => new Date(milliseconds).toISOString().replace('.000Z', 'Z')

/** As the AWS command line prints moments: `2026-11-20T04:00:00+00:00`. */
export const awsTime = (isoTime) => isoTime.replace('Z', '+00:00')
