import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { EstateReply } from '../../../../graph/wire-estate.ts'
import { edition, standsOn } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { setOfView } from '../../app/commands.ts'
import { here } from '../../app/crumbs.ts'
import { redoable, undoable } from '../../app/undo.ts'
import { at, place, pushHere, replaceHere, settled } from '../../app/place.ts'
import { exact, plural } from '../../model/verdict.ts'
import { FilterField } from '../../ui/filter-field.tsx'
import { Link } from '../../ui/link.tsx'
import { DrawerButton } from '../../ui/panel.tsx'
import { Bars, Region } from '../../ui/region.tsx'
import { useSettled } from '../../ui/use-settled.ts'
import { BulkEdit, bulkOpen, ChosenBar } from './bulk-edit.tsx'
import { chosenRows } from './chosen-rows.ts'
import { estateCommands } from './estate-commands.ts'
import { SavedFilters } from './saved-filters.tsx'
import { estateUrl } from './estate-queries.ts'
import { exportEstate } from './export-estate.ts'
import { GapTiles } from './gap-tiles.tsx'
import { EstatePanel } from './estate-panel.tsx'
import { EstateTable } from './estate-table.tsx'

/** Estate: every credential, what is missing of each, and what answers stand on. */
export function EstateView() {
  const { filter, sort, id: gap } = place.value
  const asked = useSettled(filter.trim(), 200)
  const url = estateUrl({ filter: asked, gap, sort })
  const reply = useReply(EstateReply, url, `estate ${edition.value}`)
  useEffect(() => {
    here(['Estate'], 'Estate')
  }, [])
  const undoTitles = `${undoable.value} ${redoable.value}`
  useLayoutEffect(() => setOfView(estateCommands(reply.data, url)), [reply.data, url, undoTitles])
  useEffect(() => {
    if (!reply.data) return
    standsOn(reply.data.snapshot)
    settled()
  }, [reply.data])
  return (
    <>
      <main class="main estate" id="main" data-scroller>
        <Region reply={reply} skeleton={<Bars rows={10} height={34} />}>
          {(data) =>
            data.totals.credentials === 0 ? (
              <Nothing />
            ) : (
              <>
                <Head data={data} url={url} />
                <GapTiles gaps={data.gaps} chosen={gap} />
                <Filter data={data} filter={filter} />
                <SavedFilters />
                <ChosenBar />
                <EstateTable url={url} reply={data} asking={reply.asking} />
              </>
            )
          }
        </Region>
        <DrawerButton>What we can see, links</DrawerButton>
      </main>
      <EstatePanel reply={reply.data} />
      {bulkOpen.value && chosenRows.value.size > 0 && <BulkEdit />}
    </>
  )
}

function Head({ data: { totals, matched }, url }: { data: EstateReply; url: string }) {
  const [hidden, hide] = useState(false)
  const share = Math.round((100 * totals.complete) / totals.credentials)
  const of = (n: number): string => `${Math.round((100 * n) / totals.credentials)} %`
  return (
    <header class="estate-head">
      <h1>
        {plural(totals.credentials, 'credential')}, {plural(totals.systems, 'system')}
      </h1>
      <p class="mut grow">
        {share} % have an owner, a purpose, a rotation rule and a stated expiry{' '}
        <span class="nowrap">
          (owner {of(totals.withOwner)}, purpose {of(totals.withPurpose)}, rule {of(totals.withRotation)}, expiry{' '}
          {of(totals.withExpiry)})
        </span>
      </p>
      <label class="check">
        <input
          type="checkbox"
          id="export-pseudonyms"
          checked={hidden}
          onChange={(event) => hide(event.currentTarget.checked)}
        />{' '}
        Pseudonyms
      </label>
      <button type="button" id="export-estate" onClick={() => void exportEstate(url, matched, hidden)}>
        Export CSV
      </button>
    </header>
  )
}

const keys = ['kind', 'own', 'sys', 'tier', 'plane', 'used', 'age', 'exp', 'flag', 'purpose', 'rule']
const example = 'own:unknown tier:1 used:<7d'

function Filter({ data, filter }: { data: EstateReply; filter: string }) {
  const { problem, matched, totals } = data
  return (
    <div class="filter-row">
      <FilterField
        id="filter"
        keys={keys}
        value={filter}
        change={(next) => replaceHere({ filter: next })}
        example={example}
        says={
          problem
            ? `At character ${problem.at + 1}: ${problem.message}. Nothing is filtered.`
            : matched === totals.credentials
              ? 'By what falls with it'
              : `${exact(matched)} of ${exact(totals.credentials)}`
        }
        wrong={problem !== null}
      />
      {(filter !== '' || place.value.id !== '') && (
        <button type="button" class="quiet" onClick={() => pushHere({ filter: '', id: '' })}>
          Show all
        </button>
      )}
    </div>
  )
}

function Nothing() {
  return (
    <section class="first-run">
      <h1>No credential is known yet</h1>
      <p>
        Here will stand every credential with its owner, its age, its last use, what is missing, and what would break if
        it went.
      </p>
      <p class="acts">
        <Link to={at('import')} class="button primary">
          Import exports
        </Link>
      </p>
    </section>
  )
}
