import type { BlastReply } from '../../../../graph/wire.ts'
import { copy } from '../../app/say.ts'
import { pushHere } from '../../app/place.ts'
import { summaryMarkdown } from '../../model/summary.ts'
import { exact, plural } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { tab } from './blast-queries.ts'
import { exportCsv } from './export-csv.ts'
import { SelectionTab } from './selection-tab.tsx'
import { SourcesTab } from './sources-tab.tsx'

export function BlastPanel({ reply }: { reply: BlastReply }) {
  return (
    <Panel label="Steps, selection, unknowns, sources">
      <Tabs
        label="Side panel"
        chosen={tab.value === '' ? 'steps' : tab.value}
        choose={(next) => pushHere({ tab: next === 'steps' ? '' : next })}
        tabs={[
          { id: 'steps', title: 'Steps', body: () => <StepsTab reply={reply} /> },
          { id: 'selection', title: 'Selection', body: () => <SelectionTab reply={reply} /> },
          { id: 'unknowns', title: 'Unknowns', count: reply.counts.unknown, body: () => <UnknownsTab reply={reply} /> },
          { id: 'sources', title: 'Sources', body: () => <SourcesTab reply={reply} /> },
        ]}
      />
    </Panel>
  )
}

export const copySummary = (reply: BlastReply): void => void copy(summaryMarkdown(reply, location.href), 'Summary')

function StepsTab({ reply }: { reply: BlastReply }) {
  return (
    <>
      <h2>What would make it safe</h2>
      {reply.steps.length === 0 ? (
        <p class="mut">
          {reply.counts.breaks + reply.counts.steps === 0
            ? 'No step is needed for what is seen.'
            : 'No standard step is known for this.'}
        </p>
      ) : (
        <p class="mut">Most effect first. Keyfall changes nothing; people do these.</p>
      )}
      <ol class="step-list">
        {reply.steps.map((step) => (
          <li key={step.id}>
            <span class="grow">
              <strong>
                <Name value={step.title} />
              </strong>
              <span class="mut sub">
                <Name value={step.detail} />
              </span>
              <span class="mut sub">
                {step.who === undefined ? 'nobody named' : <Name value={step.who} />}
                {step.confirmed ? '' : ' · assumed ✎'}
              </span>
            </span>
            <span
              class="effect"
              title={`${plural(step.settles, 'dependant')} are safe with all steps, and not without this one`}
            >
              needed by {exact(step.settles)}
            </span>
          </li>
        ))}
      </ol>
      <p class="acts">
        <button type="button" class="primary" onClick={() => copySummary(reply)}>
          Copy summary
        </button>
        <button type="button" onClick={() => void copy(location.href, 'Link')}>
          Copy link
        </button>
        <button type="button" onClick={() => void exportCsv(reply)}>
          Export CSV
        </button>
      </p>
      {reply.unknowns.length > 0 && (
        <>
          <h2>Cannot be seen</h2>
          <UnknownList reply={reply} most={3} />
        </>
      )}
    </>
  )
}

function UnknownsTab({ reply }: { reply: BlastReply }) {
  return (
    <>
      <h2>What is not known</h2>
      <p class="mut">
        {reply.unknowns.length === 0
          ? 'No dependant is unknown. What no source can see is under Sources.'
          : 'Each with what would settle it; most first.'}
      </p>
      <UnknownList reply={reply} most={Infinity} />
    </>
  )
}

function UnknownList({ reply, most }: { reply: BlastReply; most: number }) {
  const unknowns = reply.unknowns.toSorted((a, b) => b.count - a.count)
  return (
    <ul class="unknowns">
      {unknowns.slice(0, most).map((unknown) => (
        <li key={unknown.reason}>
          <Glyph verdict="unknown" />
          <span class="grow">
            <strong>
              <Name value={unknown.reason} />
            </strong>
            <span class="mut sub">
              Would settle it: <Name value={unknown.settles} />
            </span>
          </span>
          <span class="effect">{exact(unknown.count)}</span>
        </li>
      ))}
      {unknowns.length > most && (
        <li>
          <button type="button" class="quiet" onClick={() => pushHere({ tab: 'unknowns' })}>
            {unknowns.length - most} more reasons
          </button>
        </li>
      )}
    </ul>
  )
}
