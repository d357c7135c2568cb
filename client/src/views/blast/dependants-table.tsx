import { useEffect, useMemo, useState } from 'preact/hooks'
import { ItemsReply, type BlastReply, type Dependent, type Verdict } from '../../../../graph/wire.ts'
import { ask } from '../../api/ask.ts'
import { useReply } from '../../api/use-reply.ts'
import { pushHere } from '../../app/place.ts'
import { exact, plural, rowOf } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'
import { Bars, Region } from '../../ui/region.tsx'
import { filter, itemsUrl } from './blast-queries.ts'
import { strengthWords } from './strength.ts'
import type { Scenario } from './use-whatif.ts'

/** Pages of dependants from the server, 200 a page, each with a button for the next. */
export function usePages(url: string): {
  readonly first: ReturnType<typeof useReply<typeof ItemsReply>>
  readonly items: readonly Dependent[]
  readonly total: number
  readonly more: (() => void) | null
} {
  const first = useReply(ItemsReply, url)
  const [later, setLater] = useState<{ url: string; items: readonly Dependent[]; next: number | undefined } | null>(
    null,
  )
  useEffect(() => setLater(null), [url])
  const mine = later?.url === url ? later : null
  const items = [...(first.data?.items ?? []), ...(mine?.items ?? [])]
  const next = mine ? mine.next : first.data?.next
  const more = (): void => {
    if (next === undefined) return
    void ask(ItemsReply, `${url}${url.includes('?') ? '&' : '?'}cursor=${next}`).then((outcome) => {
      if (outcome.ok) {
        setLater({ url, items: [...(mine?.items ?? []), ...outcome.reply.items], next: outcome.reply.next })
      }
    })
  }
  return { first, items, total: first.data?.total ?? 0, more: next === undefined ? null : more }
}

/** Every dependant with when, verdict, reason, evidence and owner; the filter of the picture holds here too. */
export function DependantsTable({ scenario }: { scenario: Scenario }) {
  const { base: reply, ticked } = scenario
  const places = useMemo(() => placesAfter(scenario), [scenario.shown, scenario.served])
  const verdicts = filter.value.split(',').filter(Boolean)
  const only = verdicts.length === 1 ? { verdict: verdicts[0]! } : {}
  const { first, items, total, more } = usePages(itemsUrl(reply, only))
  const shown = verdicts.length > 1 ? items.filter((item) => verdicts.includes(item.verdict)) : items
  return (
    <Region reply={first} skeleton={<Bars rows={8} height={32} />}>
      {() => (
        <>
          <table class="dependants">
            <thead>
              <tr>
                <th scope="col">{ticked.length > 0 ? 'Before' : 'Verdict'}</th>
                {ticked.length > 0 && <th scope="col">After</th>}
                <th scope="col">Dependant</th>
                <th scope="col">System</th>
                <th scope="col">When</th>
                <th scope="col">Why</th>
                <th scope="col">Evidence</th>
                <th scope="col">Owner</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((item) => (
                <tr key={item.id}>
                  <td class="nowrap">
                    <Glyph verdict={item.verdict} /> {rowOf(item.verdict).word}
                  </td>
                  {ticked.length > 0 && <After place={places(item)} before={item} reply={scenario.shown} />}
                  <th scope="row">
                    <button type="button" class="text" onClick={() => pushHere({ why: item.id, whyPath: 0 })}>
                      <Name value={item.name} tip />
                    </button>
                    <span class="mut sub">{item.title}</span>
                  </th>
                  <td>
                    <Name value={item.system} tip />
                  </td>
                  <td class="nowrap">{bandTitle(reply, item.band)}</td>
                  <td>
                    <Name value={item.why} />
                  </td>
                  <td>{strengthWords[item.strength].word}</td>
                  <td>{item.owner === null ? <em>unknown</em> : <Name value={item.owner} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <More shown={items.length} total={total} more={more} />
        </>
      )}
    </Region>
  )
}

interface Place {
  readonly verdict: Verdict
  readonly band: string
}

/** Where a dependant stands with the ticked steps; `null`: this screen has not been told. */
function placesAfter({ shown, served, moves }: Scenario): (item: Dependent) => Place | null {
  const known = new Map<string, Place>()
  for (const cell of shown.cells)
    for (const { id, verdict } of cell.members) known.set(id, { verdict, band: shown.bands[cell.band]!.id })
  for (const { dependent, to } of served?.moved ?? []) if (to) known.set(dependent.id, to)
  const isWhole = served !== null && served.moved.length === served.movedCount
  return (item) => known.get(item.id) ?? (isWhole && moves ? { verdict: item.verdict, band: item.band } : null)
}

function After({ place, before, reply }: { place: Place | null; before: Dependent; reply: BlastReply }) {
  if (place === null) return <td class="mut">not listed</td>
  if (place.verdict === before.verdict && place.band === before.band) return <td class="mut">the same</td>
  return (
    <td class="nowrap">
      <Glyph verdict={place.verdict} /> {rowOf(place.verdict).word}
      {place.band !== before.band && place.verdict !== 'keeps' && (
        <span class="mut sub">{bandTitle(reply, place.band)}</span>
      )}
    </td>
  )
}

export const bandTitle = (reply: BlastReply, band: string): string =>
  reply.bands.find((candidate) => candidate.id === band)?.title ?? band

export function More({ shown, total, more }: { shown: number; total: number; more: (() => void) | null }) {
  if (more === null) return <p class="mut">{plural(total, 'dependant')}.</p>
  return (
    <p class="acts">
      <span class="mut">
        {exact(shown)} of {exact(total)}
      </span>
      <button type="button" onClick={more}>
        Show the next 200
      </button>
    </p>
  )
}
