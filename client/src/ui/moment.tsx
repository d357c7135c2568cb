import { clock } from '../app/choices.ts'
import { ago, local, utc } from '../model/moments.ts'

/** A moment relative to now, with the full one in the tip. */
export function Moment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={written(at)}>
      {ago(at, Date.now())}
    </time>
  )
}

/** A moment in the zone that this browser chose. */
export const written = (at: string): string => (clock.value === 'local' ? local(at) : utc(at))
