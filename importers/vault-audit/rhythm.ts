/** Minutes in which something was seen, as long as they are few: what goes on all the time has no rhythm. */
const minutesKept = 600
const minute = 60_000
/** Runs that have to be seen before a rhythm is believed, and how far a gap may be from the usual one. */
const runs = 5
const loose = 0.2

export interface Rhythm {
  add(time: string | undefined): void
  /** Seconds between two runs, where uses come in bursts at regular intervals; undefined where they do not. */
  seconds(): number | undefined
}

export function rhythm(): Rhythm {
  let minutes: Set<number> | undefined
  let always = false
  return {
    add(time) {
      const at = always || time === undefined ? NaN : Math.floor(Date.parse(time) / minute)
      if (Number.isNaN(at)) return
      minutes ??= new Set()
      minutes.add(at)
      if (minutes.size <= minutesKept) return
      always = true
      minutes = undefined
    },
    seconds() {
      const marks = [...(minutes ?? [])].sort((a, b) => a - b)
      const starts = marks.filter((mark, index) => index === 0 || mark - marks[index - 1]! > 1)
      if (starts.length < runs) return undefined
      const gaps = starts.slice(1).map((start, index) => start - starts[index]!)
      const usual = [...gaps].sort((a, b) => a - b)[gaps.length >> 1]!
      const room = Math.max(1, usual * loose)
      return gaps.every((gap) => Math.abs(gap - usual) <= room) ? usual * 60 : undefined
    },
  }
}
