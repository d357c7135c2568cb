import { useEffect } from 'preact/hooks'
import { MeReply } from '../../../../graph/wire-people.ts'
import { SourcesReply } from '../../../../graph/wire.ts'
import { edition, standsOn } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { here } from '../../app/crumbs.ts'
import { settled } from '../../app/place.ts'
import { Bars, Region } from '../../ui/region.tsx'
import { Choices } from './choices.tsx'
import { Me } from './me.tsx'
import { People } from './people.tsx'
import { Tokens } from './tokens.tsx'

/** Settings: how this browser shows things, who I am here, and for those who may, people and tokens. */
export function SettingsView() {
  const me = useReply(MeReply, '/api/me', `me ${edition.value}`)
  const sees = me.data?.may.includes('map.read') ?? false
  const sources = useReply(SourcesReply, sees ? '/api/sources' : null, `sources ${edition.value}`)
  useEffect(() => {
    if (sources.data) standsOn(sources.data.snapshot)
  }, [sources.data])
  useEffect(() => {
    here(['Settings'], 'Settings')
    settled()
  }, [])
  return (
    <main class="main settings" id="main" data-scroller>
      <div class="column">
        <h1>Settings</h1>
        <Choices />
        <section aria-labelledby="set-me">
          <h2 id="set-me">You</h2>
          <Region reply={me} skeleton={<Bars rows={2} height={24} />}>
            {(reply) => <Me me={reply} />}
          </Region>
        </section>
        {me.data?.may.includes('people.manage') && <People me={me.data} />}
        {me.data && me.data.may.some((one) => one === 'tokens.own' || one === 'tokens.collector') && (
          <Tokens me={me.data} />
        )}
      </div>
    </main>
  )
}
