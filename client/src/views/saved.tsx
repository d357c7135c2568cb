import { useEffect } from 'preact/hooks'
import { ScenarioReply } from '../../../graph/wire-scenarios.ts'
import { useReply } from '../api/use-reply.ts'
import { place, replace } from '../app/place.ts'
import { readPlace } from '../app/url.ts'
import { Bars, Region } from '../ui/region.tsx'

/** A saved scenario: its state takes the place of the code, so that Back leads to where one came from. */
export function SavedView() {
  const code = place.value.id
  const reply = useReply(ScenarioReply, `/api/scenarios/${encodeURIComponent(code)}`, `saved ${code}`)
  useEffect(() => {
    if (!reply.data) return
    const { pathname, search } = new URL(reply.data.path, location.origin)
    const saved = readPlace(pathname, search)
    replace({ ...saved, snap: saved.snap === '' ? reply.data.snapshot : saved.snap })
  }, [reply.data])
  return (
    <main class="main" id="main">
      <h1>Saved scenario</h1>
      <Region reply={reply} skeleton={<Bars rows={4} height={40} />}>
        {() => <p>Opening it.</p>}
      </Region>
    </main>
  )
}
