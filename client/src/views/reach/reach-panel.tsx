import type { ReachReply } from '../../../../graph/wire.ts'
import { place, pushHere } from '../../app/place.ts'
import { Panel } from '../../ui/panel.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import type { ReachGraph, Routes } from '../../viz/reach-graph.ts'
import { ContainTab } from './contain-tab.tsx'
import { RotateTab } from './rotate-tab.tsx'
import { ChosenTab } from './chosen-tab.tsx'

/** What to do now, what to rotate afterwards, and the chosen box. */
export function ReachPanel({ reply, graph, routes }: { reply: ReachReply; graph: ReachGraph; routes: Routes }) {
  const { tab } = place.value
  return (
    <Panel label="Contain now, rotate, selection">
      <Tabs
        label="Side panel"
        chosen={tab === '' ? 'contain' : tab}
        choose={(next) => pushHere({ tab: next === 'contain' ? '' : next })}
        tabs={[
          {
            id: 'contain',
            title: 'Contain now',
            body: () => <ContainTab reply={reply} graph={graph} routes={routes} />,
          },
          {
            id: 'rotate',
            title: 'Rotate',
            count: reply.rotation.steps.length,
            body: () => <RotateTab reply={reply} />,
          },
          { id: 'selection', title: 'Selection', body: () => <ChosenTab reply={reply} graph={graph} /> },
        ]}
      />
    </Panel>
  )
}
