import { useState } from 'preact/hooks'
import type { BlastReply } from '../../../../graph/wire.ts'
import { planPlace } from '../../app/for-plan.ts'
import { mayI } from '../../app/rights.ts'
import { at, hrefOf, place, pushHere } from '../../app/place.ts'
import { frontWords, stopsOf } from '../../model/front-position.ts'
import { headlineParts } from '../../model/headline.ts'
import { exact, overallRows, short, verdictRows } from '../../model/verdict.ts'
import { chipChange } from '../../model/whatif-reply.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Link } from '../../ui/link.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Name } from '../../ui/name.tsx'
import { DrawerButton, openDrawer } from '../../ui/panel.tsx'
import { bandId, filter, stopOf } from './blast-queries.ts'
import type { Scenario } from './use-whatif.ts'
import { toggleVerdict } from './verdict-filter.ts'

const FACTS_SHOWN = 3

export function BlastHeader({ scenario, recomputing }: { scenario: Scenario; recomputing: boolean }) {
  const { base: reply, shown } = scenario
  return (
    <header class="blast-header">
      <Subject reply={reply} />
      <section class="answer" aria-label="Answer">
        <Headline reply={shown} recomputing={recomputing} />
        <Chips reply={shown} base={reply} />
        <CoverageLine reply={reply} />
      </section>
    </header>
  )
}

function Subject({ reply }: { reply: BlastReply }) {
  const { subject } = reply
  return (
    <section class="subject" aria-label="Credential and operation">
      <h1>
        <Link to={at('node', subject.id)} id="subject">
          <Name value={subject.name} tip />
        </Link>
      </h1>
      <p class="mut facts-line">
        {subject.title}
        {subject.facts.slice(0, FACTS_SHOWN).map((fact) => (
          <span key={fact.label}>
            {' · '}
            {fact.label.toLowerCase()} {fact.at ? <Moment at={fact.at} /> : <Name value={fact.value} tip />}
          </span>
        ))}
        {' · '}
        {subject.lastUsedAt === null ? (
          'no use seen'
        ) : (
          <>
            last used <Moment at={subject.lastUsedAt} />
          </>
        )}
        {' · '}
        {subject.owner === null ? (
          'owner unknown'
        ) : (
          <>
            owner <Name value={subject.owner} />
          </>
        )}
      </p>
      <Operations reply={reply} />
      <p class="elsewhere">
        {mayI('plan.write') && (
          <>
            <Link to={planPlace([subject.id], reply.op)} id="plan-this">
              Plan this cutover
            </Link>
            {' · '}
          </>
        )}
        <Link to={at('reach', subject.id)} id="to-reach">
          Open reach
        </Link>
        {' · '}
        <Link to={at('map', subject.id)}>Open in the map</Link>
      </p>
    </section>
  )
}

function Operations({ reply }: { reply: BlastReply }) {
  const [explained, explain] = useState<string | null>(null)
  return (
    <>
      <div class="switch" role="group" aria-label="Operation">
        {reply.ops.map((entry) => (
          <button
            type="button"
            key={entry.op}
            id={`op-${entry.op}`}
            aria-pressed={entry.op === reply.op}
            aria-disabled={!entry.available}
            title={entry.available ? undefined : entry.why}
            onClick={() => {
              if (!entry.available)
                return explain(`${entry.title} is not possible: ${entry.why ?? 'not for this kind'}`)
              explain(null)
              pushHere({ op: entry.op })
            }}
          >
            {entry.title}
          </button>
        ))}
      </div>
      <p class="mut change" role="status">
        <Name value={explained ?? reply.change.words} tip />
      </p>
    </>
  )
}

function Headline({ reply, recomputing }: { reply: BlastReply; recomputing: boolean }) {
  const { first, title, sentence } = reply.headline
  return (
    <div>
      <h2 class="headline">
        <Glyph verdict={overallRows[reply.verdict].glyph} size={20} />
        <span data-headline>{title}</span>
        {recomputing && <span class="mut busy">recomputing</span>}
      </h2>
      <p class="sentence">
        <span data-sentence>
          {headlineParts(sentence, first).map((part) =>
            part.link && first ? (
              <a
                href={hrefOf({ ...place.value, why: first.id })}
                onClick={(event) => {
                  if (event.metaKey || event.ctrlKey) return
                  event.preventDefault()
                  pushHere({ why: first.id, whyPath: 0 })
                }}
              >
                <Name value={part.text} />
              </a>
            ) : (
              <Name value={part.text} />
            ),
          )}
        </span>
        <AtFront reply={reply} />
      </p>
    </div>
  )
}

/** Second sentence, while the front stands anywhere but at its first or last stop. */
function AtFront({ reply }: { reply: BlastReply }) {
  const stop = stopOf(reply)
  if (bandId.value === '' || stop === stopsOf(reply.bands) - 1) return null
  return <span class="at-front"> {frontWords(reply, stop)}.</span>
}

function Chips({ reply, base }: { reply: BlastReply; base: BlastReply }) {
  const on = filter.value.split(',')
  return (
    <div class="chips" role="group" aria-label="Dependants by verdict; choose to keep only some bright">
      {verdictRows.map((row) => {
        const count = reply.counts[row.verdict]
        const changed = chipChange(base.counts[row.verdict], count)
        return (
          <button
            type="button"
            class="chip"
            key={row.verdict}
            data-count={count}
            data-verdict={row.verdict}
            aria-pressed={on.includes(row.verdict)}
            disabled={count === 0 && base.counts[row.verdict] === 0}
            title={`${exact(count)}: ${row.means}`}
            onClick={() => toggleVerdict(row.verdict)}
          >
            <Glyph verdict={row.verdict} /> {short(count)} {count === 1 ? row.word : row.many}
            {changed !== '' && (
              <span class="mut" data-change={count - base.counts[row.verdict]}>
                {changed}
              </span>
            )}
          </button>
        )
      })}
      <DrawerButton>Steps and unknowns</DrawerButton>
    </div>
  )
}

const coverageWords = {
  complete: null,
  partial: 'Partly seen',
  stale: 'Stale',
  truncated: 'Cut short',
  unverified: 'Not verified',
} as const

function CoverageLine({ reply }: { reply: BlastReply }) {
  const state = coverageWords[reply.coverage.state]
  if (state === null) return null
  return (
    <p class="coverage">
      <strong>{state}.</strong> <Name value={reply.coverage.sentence} />{' '}
      <button
        type="button"
        class="quiet"
        onClick={() => {
          pushHere({ tab: 'sources' })
          openDrawer()
        }}
      >
        Sources
      </button>
    </p>
  )
}
