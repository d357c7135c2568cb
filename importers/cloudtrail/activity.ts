const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Distinct minutes kept of one use; beyond, hours are kept; beyond those, it goes on all the time. */
const MINUTES = 512
const HOURS = 2_400

/** When something was used: each minute, then each hour, so that what is kept does not depend on the order of events. */
export interface Activity {
  add(time: number): void
  join(other: Activity): void
  /** Times of what is kept; undefined where it goes on all the time. */
  kept(): { readonly marks: Iterable<number>; readonly unit: number } | undefined
  /** Seconds between two runs, where uses come in bursts at regular intervals; undefined where they do not. */
  cadence(): number | undefined
}

export function activity(): Activity {
  let unit = MINUTE
  /** Ascending: events come nearly in order of time. */
  let marks: number[] | undefined = []
  let last = Number.NaN

  const put = (mark: number): void => {
    const list = marks!
    if (list.length === 0 || mark > list[list.length - 1]!) list.push(mark)
    else {
      const place = placeOf(list, mark)
      if (list[place] !== mark) list.splice(place, 0, mark)
    }
  }

  const coarser = (): void => {
    if (unit === HOUR || marks === undefined) marks = undefined
    else {
      const minutes = marks
      unit = HOUR
      marks = []
      for (const minute of minutes) put(Math.floor((minute * MINUTE) / HOUR))
    }
  }

  const own: Activity = {
    add(time) {
      if (marks === undefined || Number.isNaN(time)) return
      const mark = Math.floor(time / unit)
      if (mark === last) return
      last = mark
      put(mark)
      if (marks.length > (unit === MINUTE ? MINUTES : HOURS)) {
        coarser()
        last = Number.NaN
      }
    },
    kept: () => (marks === undefined ? undefined : { marks, unit }),
    join(other) {
      const theirs = other.kept()
      if (theirs === undefined) {
        marks = undefined
        return
      }
      if (theirs.unit > unit) coarser()
      for (const mark of theirs.marks) own.add(mark * theirs.unit)
    },
    cadence: () => (marks === undefined ? undefined : regular(marks, unit / 1000)),
  }
  return own
}

/** First place whose number is not below this one. */
function placeOf(list: readonly number[], mark: number): number {
  let [from, to] = [0, list.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (list[middle]! < mark) from = middle + 1
    else to = middle
  }
  return from
}

/** Runs that have to be seen before a rhythm is believed. */
const RUNS = 5
/** Intervals may differ from the usual one by this part of it. */
const LOOSE = 0.2

/** @param marks when it was active, ascending @param second length of a mark in seconds */
function regular(marks: readonly number[], seconds: number): number | undefined {
  const starts = marks.filter((mark, at) => at === 0 || mark - marks[at - 1]! > 1)
  if (starts.length < RUNS) return undefined
  const gaps = starts.slice(1).map((start, at) => start - starts[at]!)
  const usual = [...gaps].sort((a, b) => a - b)[gaps.length >> 1]!
  const room = Math.max(1, usual * LOOSE)
  return gaps.every((gap) => Math.abs(gap - usual) <= room) ? usual * seconds : undefined
}
