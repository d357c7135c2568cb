import { KeptRunbookReply, type RollbackProposal } from '../../../../graph/wire-cutover.ts'
import { edition } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { at } from '../../app/place.ts'
import { seconds } from '../../model/moments.ts'
import { exact, plural } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { Bars, Region } from '../../ui/region.tsx'
import type { Board, Found } from './board.ts'
import { rollbackRows } from './cutover-words.ts'
import { runbookUrl } from './plan-calls.ts'
import { Commands } from './commands.tsx'

/** Whether the way back works, as the engine simulated it, and its steps. */
export function RollbackTab({ board, found }: { board: Board; found: Found }) {
  const { plan } = board
  const { rollback, credential, proposal, proposed } = found.item
  const row = rollbackRows[rollback.verdict]
  const url = runbookUrl(plan.id, credential.id)
  const reply = useReply(KeptRunbookReply, `${url}#${plan.version}`, `rollback ${credential.id} ${edition.value}`)
  return (
    <>
      <h2 class="with-glyph">
        <Glyph verdict={row.glyph} size={16} /> {row.title}
      </h2>
      <p>
        <Name value={rollback.why} />
      </p>
      {rollback.todo !== '' && (
        <p>
          Next: <Name value={rollback.todo} />
        </p>
      )}
      <p class="mut">
        {rollback.until === null ? 'No end is known.' : <Name value={`Possible ${rollback.until}.`} />} After it{' '}
        {rollback.standing === 1 ? 'one value lets somebody in' : `${exact(rollback.standing)} values let somebody in`}
        {rollback.standing > 1 && ': parallel standing access, which a rollback may not leave'}.
      </p>
      {rollback.leftCount > 0 && (
        <details>
          <summary>{plural(rollback.leftCount, 'dependant')} not known to be back</summary>
          <ul class="plain-list">
            {rollback.left.map((thing) => (
              <li key={thing.id}>
                <Link to={at('node', thing.id)}>
                  <Name value={thing.name} />
                </Link>{' '}
                <span class="mut">{thing.title}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <h2>How this plan goes back</h2>
      <ProposalForm board={board} credential={credential.id} proposal={proposal} proposed={proposed} />
      <Region reply={reply} skeleton={<Bars rows={3} height={40} />}>
        {({ rollbackSteps }) => (
          <ol class="rollback-steps">
            {rollbackSteps.map((step) => (
              <li key={step.title}>
                <Name value={step.title} />
                <Commands run={step.run} />
              </li>
            ))}
          </ol>
        )}
      </Region>
    </>
  )
}

interface ProposalProps {
  readonly board: Board
  readonly credential: string
  readonly proposal: RollbackProposal
  readonly proposed: boolean
}

/** What a rollback of this plan does; changed, the engine judges it anew. */
function ProposalForm({ board, credential, proposal, proposed }: ProposalProps) {
  const change = (next: Partial<RollbackProposal>, words: string): void =>
    board.edit([{ do: 'rollback', credential, proposal: { ...proposal, ...next } }], words)
  return (
    <fieldset class="proposal" disabled={!board.mayWrite || board.busy}>
      <legend class="hidden-words">What the rollback does</legend>
      <label class="check">
        <input
          type="checkbox"
          checked={proposal.restores}
          onChange={(event) => change({ restores: event.currentTarget.checked }, 'change the rollback')}
        />{' '}
        makes the old value work again
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={proposal.removesNew}
          onChange={(event) => change({ removesNew: event.currentTarget.checked }, 'change the rollback')}
        />{' '}
        takes the new value away
      </label>
      <p class="mut sub">
        Judged {seconds(proposal.after)} after the cut.{' '}
        {proposed && board.mayWrite && (
          <button
            type="button"
            class="quiet"
            onClick={() => board.edit([{ do: 'rollback', credential, proposal: null }], 'take the usual rollback')}
          >
            Take the usual one
          </button>
        )}
      </p>
    </fieldset>
  )
}
