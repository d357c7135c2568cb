/** `2024-05-01T10:00:00Z`, and whatever else begins like that and is a time: ms since 1970; NaN for anything else. */
export function timeOf(text: string | undefined): number {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}T\d{2}:/.test(text) ? Date.parse(text) : Number.NaN
}

const [letterT, letterZ, colon] = [0x54, 0x5a, 0x3a]

/** The same of bytes. Events of one day come together, so the day is found out once. */
export function byteTimes(): (bytes: Uint8Array, start: number, end: number) => number {
  const day = new Uint8Array(10)
  let midnight = Number.NaN

  const isSameDay = (bytes: Uint8Array, start: number): boolean => {
    for (let at = 0; at < 10; at++) if (bytes[start + at] !== day[at]) return false
    return true
  }

  return (bytes, start, end) => {
    const hour = twoDigits(bytes, start + 11)
    const minute = twoDigits(bytes, start + 14)
    const second = twoDigits(bytes, start + 17)
    const isUsual =
      end - start === 20 &&
      bytes[start + 10] === letterT &&
      bytes[start + 13] === colon &&
      bytes[start + 16] === colon &&
      bytes[start + 19] === letterZ &&
      hour < 24 &&
      minute < 60 &&
      second < 60
    if (!isUsual) return timeOf(textOf(bytes, start, end))
    if (!isSameDay(bytes, start)) {
      midnight = timeOf(`${textOf(bytes, start, start + 10)}T00:00:00Z`)
      day.set(bytes.subarray(start, start + 10))
    }
    return midnight + ((hour * 60 + minute) * 60 + second) * 1000
  }
}

const textOf = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')

/** 100 for what is not two digits. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 0x30
  const ones = bytes[at + 1]! - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 100
}
