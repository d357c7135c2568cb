import { range } from 'd3'
import type { BlastReply } from '../../../../graph/wire.ts'
import { replaceHere } from '../../app/place.ts'
import { frontWords, knobWords, stopsOf } from '../../model/front-position.ts'
import { stopOf } from './blast-queries.ts'

/** Sets the front behind a stop; the first is the default and leaves the address. */
export function setStop(reply: BlastReply, stop: number): void {
  const clamped = Math.max(0, Math.min(stopsOf(reply.bands) - 1, stop))
  replaceHere({ t: clamped === 0 ? '' : reply.bands[clamped]!.id })
}

/** The scrubber: a native range input laid over the drawn track, so that keys, touch and readers work as they know. */
export function FrontSlider({ reply }: { reply: BlastReply }) {
  const stops = stopsOf(reply.bands)
  const stop = stopOf(reply)
  const band = reply.bands[stop]!
  return (
    <div class="slider" style={{ '--stop': stop + 1, '--stops': stops }}>
      <label class="mut" for="front-slider">
        After the change, at
      </label>
      <div class="track" aria-hidden="true">
        <span class="rail-line" />
        <span class="passed" />
        {range(stops + 1).map((i) => (
          <span key={i} class={i <= stop + 1 ? 'tick past' : 'tick'} style={{ '--at': i }} />
        ))}
        <span class={stop === 0 ? 'knob first' : 'knob'}>{knobWords(band, stop)}</span>
      </div>
      <input
        id="front-slider"
        type="range"
        min={0}
        max={stops - 1}
        step={1}
        value={stop}
        disabled={stops < 2}
        aria-valuetext={frontWords(reply, stop)}
        onInput={(event) => setStop(reply, Number(event.currentTarget.value))}
      />
    </div>
  )
}
