import { Fragment } from 'preact'
import type { AroundReply, MapGroup, MapThing } from '../../../../graph/wire-map.ts'
import { place } from '../../app/place.ts'
import { exact } from '../../model/verdict.ts'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { strengthWords } from '../blast/strength.ts'
import { GroupButton, Pager } from './boxes.tsx'
import { hopTo } from './map-place.ts'
import { natureWords, sideWords, verbsOf } from './map-words.ts'

/** The picture as a table: the same groups and things in the same order, and every line in words. */
export function AroundTable({ answer }: { answer: AroundReply }) {
  return (
    <div class="table-scroll" role="region" aria-label="What stands around it" tabIndex={0}>
      <table class="around-table">
        <thead>
          <tr>
            <th scope="col">Side</th>
            <th scope="col">Meaning</th>
            <th scope="col">Thing</th>
            <th scope="col">From the focus</th>
            <th scope="col">Known from</th>
            <th scope="col" class="number">
              Leads on to
            </th>
          </tr>
        </thead>
        <tbody>
          {answer.groups.length === 0 && (
            <tr>
              <td colSpan={6} class="mut">
                No source that was imported names a relationship of this thing.
              </td>
            </tr>
          )}
          {answer.groups.map((group) => (
            <Fragment key={group.id}>
              <tr class="group">
                <td>{sideWords[group.side].title}</td>
                <td>{natureWords[group.side][group.nature]}</td>
                <th scope="rowgroup" colSpan={4}>
                  <GroupButton answer={answer} group={group} />
                </th>
              </tr>
              {group.things.map((thing) => (
                <ThingRow key={thing.id} group={group} thing={thing} />
              ))}
              {group.page > 0 && group.pages > 1 && (
                <tr>
                  <td colSpan={2} />
                  <td colSpan={4}>
                    <Pager answer={answer} group={group} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ThingRow({ group, thing }: { group: MapGroup; thing: MapThing }) {
  const facts = thing.edges.map(({ strength, fact }) => `${strengthWords[strength].word}: ${fact}`)
  return (
    <tr>
      <td>{sideWords[group.side].title}</td>
      <td>{natureWords[group.side][group.nature]}</td>
      <th scope="row">
        <Link to={hopTo(place.value, thing.id)} id={`row-${thing.id}`}>
          <Name value={thing.name} tip />
        </Link>
        {thing.where !== undefined && (
          <span class="mut sub">
            <Name value={thing.where} />
          </span>
        )}
      </th>
      <td>{verbsOf(thing)}</td>
      <td>{thing.implied ? 'implied, through what is hidden' : <Name value={facts.join('; ')} />}</td>
      <td class="number">{exact(thing.onward)}</td>
    </tr>
  )
}
