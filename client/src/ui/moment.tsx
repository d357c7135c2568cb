import { ago, utc } from '../model/moments.ts'

/** A moment relative to now, with UTC in the tip. */
export function Moment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={utc(at)}>
      {ago(at, Date.now())}
    </time>
  )
}
