import type { BlastReply } from '../../../../graph/wire.ts'
import { pushHere } from '../../app/place.ts'
import { exact } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { tab } from './blast-queries.ts'
import { SelectionTab } from './selection-tab.tsx'
import { SignsTab } from './signs-tab.tsx'
import { SourcesTab } from './sources-tab.tsx'
import { StepList } from './steps-tab.tsx'
import type { Scenario } from './use-whatif.ts'

export function BlastPanel({ scenario }: { scenario: Scenario }) {
  const { base: reply, shown } = scenario
  return (
    <Panel label="Steps, selection, unknowns, who signs, sources">
      <Tabs
        label="Side panel"
        chosen={tab.value === '' ? 'steps' : tab.value}
        choose={(next) => pushHere({ tab: next === 'steps' ? '' : next })}
        tabs={[
          { id: 'steps', title: 'Steps', body: () => <StepsTab scenario={scenario} /> },
          { id: 'selection', title: 'Selection', body: () => <SelectionTab scenario={scenario} /> },
          { id: 'unknowns', title: 'Unknowns', count: shown.counts.unknown, body: () => <UnknownsTab reply={reply} /> },
          { id: 'signs', title: 'Who signs', body: () => <SignsTab reply={shown} /> },
          { id: 'sources', title: 'Sources', body: () => <SourcesTab reply={reply} /> },
        ]}
      />
    </Panel>
  )
}

function StepsTab({ scenario }: { scenario: Scenario }) {
  const { base } = scenario
  return (
    <>
      <StepList scenario={scenario} />
      {base.unknowns.length > 0 && (
        <>
          <h2>Cannot be seen</h2>
          <UnknownList reply={base} most={3} />
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
