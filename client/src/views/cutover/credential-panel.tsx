import { place, pushHere } from '../../app/place.ts'
import { Panel } from '../../ui/panel.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import type { Board, Found } from './board.ts'
import { signCount } from './cutover-words.ts'
import { GatesTab } from './gates-tab.tsx'
import { NamesTab } from './names-tab.tsx'
import { RollbackTab } from './rollback-tab.tsx'
import { SignsTab } from './signs-tab.tsx'

/** What is asked before this credential may go. */
export function CredentialPanel({ board, found }: { board: Board; found: Found }) {
  const count = signCount(found.item.signOffs)
  const props = { board, found }
  return (
    <Panel label="Gates, sign-offs, rollback">
      <Tabs
        label="Side panel"
        chosen={place.value.tab}
        choose={(tab) => pushHere({ tab: tab === 'gates' ? '' : tab })}
        tabs={[
          { id: 'gates', title: 'Gates', body: () => <GatesTab {...props} /> },
          {
            id: 'signs',
            title: count === null ? 'Sign-offs' : `Sign-offs ${count.signed}/${count.of}`,
            body: () => <SignsTab {...props} />,
          },
          { id: 'rollback', title: 'Rollback', body: () => <RollbackTab {...props} /> },
          { id: 'names', title: 'Names', body: () => <NamesTab {...props} /> },
        ]}
      />
    </Panel>
  )
}
