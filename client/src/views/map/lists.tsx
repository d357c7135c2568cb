import type { AroundReply } from '../../../../graph/wire-map.ts'
import { exact } from '../../model/verdict.ts'
import { FocusBox, GroupButton, Pager, ThingLink } from './boxes.tsx'
import { natureWords, sideWords, type Side } from './map-words.ts'

/** The same as the columns, one under the other, for narrow screens. */
export function Lists({ answer }: { answer: AroundReply }) {
  return (
    <div class="map-lists">
      <FocusBox answer={answer} />
      <SideList answer={answer} side="down" />
      <SideList answer={answer} side="up" />
    </div>
  )
}

function SideList({ answer, side }: { answer: AroundReply; side: Side }) {
  const groups = answer.groups.filter((group) => group.side === side)
  return (
    <section>
      <h2>
        {sideWords[side].title} <span class="count">{exact(answer[side])}</span>
      </h2>
      {groups.length === 0 && <p class="mut">{sideWords[side].none}</p>}
      {groups.map((group, i) => (
        <div key={group.id}>
          {group.nature !== groups[i - 1]?.nature && <h3>{natureWords[side][group.nature]}</h3>}
          <GroupButton answer={answer} group={group} />
          {group.things.length > 0 && (
            <ul>
              {group.things.map((thing) => (
                <li key={thing.id}>
                  <ThingLink thing={thing} beside={group.things} />
                </li>
              ))}
            </ul>
          )}
          {group.page > 0 && group.pages > 1 && <Pager answer={answer} group={group} />}
        </div>
      ))}
    </section>
  )
}
