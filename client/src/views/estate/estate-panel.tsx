import { FindingsReply, type EstateReply } from '../../../../graph/wire-estate.ts'
import { SourcesReply } from '../../../../graph/wire.ts'
import { edition } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { at, place, pushHere } from '../../app/place.ts'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bars, Region } from '../../ui/region.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { SourceList } from '../import/what-changed.tsx'
import { LinksTab } from './links-tab.tsx'

/** What answers stand on, what was found about the chosen credential, and links that wait for a word. */
export function EstatePanel({ reply }: { reply: EstateReply | null }) {
  const sources = useReply(SourcesReply, '/api/sources', `sources ${edition.value}`)
  const { tab, selected } = place.value
  const chosen = reply?.rows.find(({ id }) => id === selected)
  return (
    <Panel label="What we can see, links">
      <Tabs
        label="Side panel"
        chosen={tab === '' ? 'seen' : tab}
        choose={(next) => pushHere({ tab: next })}
        tabs={[
          { id: 'seen', title: 'What we can see', body: () => <SourceList reply={sources.data} /> },
          { id: 'links', title: 'Links', body: () => <LinksTab /> },
          {
            id: 'found',
            title: 'Selection',
            body: () =>
              selected === '' ? (
                <p class="mut">Choose the gaps of a row to see why each was found.</p>
              ) : (
                <Found id={selected} {...(chosen && { name: chosen.name })} />
              ),
          },
        ]}
      />
    </Panel>
  )
}

function Found({ id, name }: { id: string; name?: string }) {
  const reply = useReply(FindingsReply, `/api/findings?credential=${id}`, `found ${id}`)
  return (
    <Region reply={reply} skeleton={<Bars rows={4} height={56} />}>
      {({ items }) => (
        <>
          <h2>
            <Name value={name ?? items[0]?.credential.name ?? 'This credential'} />
          </h2>
          <p>
            <Link to={at('blast', id)}>What breaks if it goes</Link> · <Link to={at('node', id)}>its page</Link>
          </p>
          {items.length === 0 && <p class="mut">Nothing was found about it.</p>}
          <ul class="found">
            {items.map(({ finding, title, reason, todo, controls }) => (
              <li key={finding}>
                <strong>{title}</strong>
                <span class="sub">
                  <Name value={reason} />
                </span>
                <span class="mut sub">Next: {todo}</span>
                <span class="mut sub controls">
                  {controls.map((control) => (
                    <abbr key={control.id} title={`${control.framework}: ${control.title}`}>
                      {control.id}
                    </abbr>
                  ))}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Region>
  )
}
