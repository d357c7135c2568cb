import type { ReachReply } from '../../../../graph/wire.ts'
import { place, pushHere } from '../../app/place.ts'
import { Panel } from '../../ui/panel.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import type { ReachGraph, Routes } from '../../viz/reach-graph.ts'
import { ContainTab } from './contain-tab.tsx'
import { exportTimeline } from './export-reach.ts'
import { notes } from './notes.ts'
import { RotateTab } from './rotate-tab.tsx'
import { ChosenTab } from './chosen-tab.tsx'
import { TimelineTab } from './timeline-tab.tsx'
import type { Together } from './together.ts'

interface PanelProps {
  readonly reply: ReachReply
  readonly graph: ReachGraph
  readonly routes: Routes
  readonly together: Together
}

/** What to do now, what to rotate afterwards, and the chosen box. */
export function ReachPanel({ reply, graph, routes, together }: PanelProps) {
  const { tab } = place.value
  return (
    <Panel label="Contain now, rotate, selection, timeline">
      <Tabs
        label="Side panel"
        chosen={tab === '' ? 'contain' : tab}
        choose={(next) => pushHere({ tab: next === 'contain' ? '' : next })}
        tabs={[
          {
            id: 'contain',
            title: 'Contain now',
            body: () => <ContainTab reply={reply} graph={graph} routes={routes} together={together} />,
          },
          {
            id: 'rotate',
            title: 'Rotate',
            count: reply.rotation.steps.length,
            body: () => <RotateTab reply={reply} />,
          },
          { id: 'selection', title: 'Selection', body: () => <ChosenTab reply={reply} graph={graph} /> },
          {
            id: 'timeline',
            title: 'Timeline',
            count: notes.value.length,
            body: () => <TimelineTab reply={reply} together={together} save={() => exportTimeline(reply)} />,
          },
        ]}
      />
    </Panel>
  )
}
