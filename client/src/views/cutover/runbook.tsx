import { useState } from 'preact/hooks'
import { KeptRunbookReply, type KeptStep } from '../../../../graph/wire-cutover.ts'
import { edition } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { at } from '../../app/place.ts'
import { cleanText } from '../../model/clean-name.ts'
import { utc } from '../../model/moments.ts'
import { exact, overallRows, plural } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Link } from '../../ui/link.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Name } from '../../ui/name.tsx'
import { Bars, Region } from '../../ui/region.tsx'
import type { Board, Found } from './board.ts'
import { Commands } from './commands.tsx'
import { DoneDialog } from './done-dialog.tsx'
import { runbookUrl } from './plan-calls.ts'
import { momentWords } from './cutover-words.ts'
import { Watch } from './watch.tsx'

/** The change of one credential step by step: who, when, proof on the workload's own path, undo. */
export function Runbook({ board, found }: { board: Board; found: Found }) {
  const { plan } = board
  const { credential } = found.item
  // A fragment is not sent: it only says that after an edit the question is asked anew.
  const url = runbookUrl(plan.id, credential.id)
  const reply = useReply(KeptRunbookReply, `${url}#${plan.version}`, `runbook ${credential.id} ${edition.value}`)
  const [proving, prove] = useState<KeptStep | null>(null)
  return (
    <section class="runbook" aria-labelledby="runbook">
      <Region reply={reply} skeleton={<Bars rows={7} height={40} />}>
        {(runbook) => (
          <>
            <h2 id="runbook">
              <Name value={credential.name} />: runbook{' '}
              <span class="mut">
                T is {momentWords(runbook.window.start)}, wave {runbook.wave}
              </span>
            </h2>
            <p class="runbook-says">
              <Glyph verdict={overallRows[runbook.verdict].glyph} /> <Name value={runbook.sentence} />{' '}
              <Link to={{ ...at('blast', credential.id), op: runbook.op }}>What breaks</Link>
            </p>
            <div class={reply.asking || board.busy ? 'table-scroll recomputing' : 'table-scroll'}>
              <table class="runbook-table">
                <thead>
                  <tr>
                    <th scope="col">#</th>
                    <th scope="col">Step</th>
                    <th scope="col">Who</th>
                    <th scope="col">When</th>
                    <th scope="col">Proof, on the workload’s own path</th>
                    <th scope="col">Undo</th>
                  </tr>
                </thead>
                <Steps runbook={runbook} board={board} prove={prove} />
              </table>
            </div>
            {runbook.orphans.length > 0 && (
              <p class="mut">
                {plural(runbook.orphans.length, 'step')} that {runbook.orphans.length === 1 ? 'was' : 'were'} done{' '}
                {runbook.orphans.length === 1 ? 'is' : 'are'} no step any more: the graph has changed since.
              </p>
            )}
            <Watch watch={runbook.watch} />
          </>
        )}
      </Region>
      {proving !== null && (
        <DoneDialog
          step={proving}
          close={() => prove(null)}
          done={(proof) =>
            board.edit(
              [{ do: 'done', credential: credential.id, step: proving.key, proof }],
              `mark step ${proving.number} as done`,
            )
          }
        />
      )}
    </section>
  )
}

interface StepsProps {
  readonly runbook: KeptRunbookReply
  readonly board: Board
  readonly prove: (step: KeptStep) => void
}

/** Two bodies: what can be undone, and what stands after the point of no return. */
function Steps({ runbook, board, prove }: StepsProps) {
  const { steps, pointOfNoReturn } = runbook
  const from = pointOfNoReturn === null ? steps.length : steps.findIndex(({ number }) => number === pointOfNoReturn)
  const row = (step: KeptStep) => (
    <StepRow key={step.key} step={step} board={board} prove={prove} credential={runbook.credential.id} />
  )
  const final = steps.slice(from)
  return (
    <>
      <tbody>{steps.slice(0, from).map(row)}</tbody>
      {final.length > 0 && (
        <tbody class="no-return">
          <tr>
            <th scope="rowgroup" colSpan={6}>
              Point of no return: from step {exact(final[0]!.number)} on there is no undo
            </th>
          </tr>
          {final.map(row)}
        </tbody>
      )}
    </>
  )
}

interface StepProps {
  readonly step: KeptStep
  readonly board: Board
  readonly prove: (step: KeptStep) => void
  readonly credential: string
}

function StepRow({ step, board, prove, credential }: StepProps) {
  const { number, title, detail, who, when, date, run, check, undo, done, key } = step
  const mayMark = board.mayWrite && board.plan.kept === 'running'
  return (
    <tr class={done ? 'done' : undefined}>
      <td class="step-number">
        {done ? (
          <span title={`Done by ${cleanText(done.by.name)}, ${utc(done.at)}`}>
            <span aria-hidden="true">✓</span>
            <span class="hidden-words">{number}, done</span>
          </span>
        ) : (
          number
        )}
      </td>
      <th scope="row">
        <Name value={title} />
        <span class="mut sub">
          <Name value={detail} />
        </span>
        <Commands run={run} />
      </th>
      <td>{who === null ? <em class="mut">nobody named</em> : <Name value={who} />}</td>
      <td class="nowrap" title={date === null ? undefined : utc(date)}>
        {when}
        {date !== null && <span class="mut sub">{momentWords(date)}</span>}
      </td>
      <td class="proof-cell">
        <Clipped text={check} />
        {done ? (
          <span class="mut sub">
            Seen: <Name value={done.proof} /> · <Name value={done.by.name} />, <Moment at={done.at} />{' '}
            {mayMark && (
              <button
                type="button"
                class="quiet"
                onClick={() => board.edit([{ do: 'undone', credential, step: key }], `mark step ${number} as not done`)}
              >
                Not done
              </button>
            )}
          </span>
        ) : (
          mayMark && (
            <button
              type="button"
              class="quiet step-done"
              aria-label={`Done: step ${number}`}
              onClick={() => prove(step)}
            >
              Done
            </button>
          )
        )}
      </td>
      <td class="mut">
        <Clipped text={undo} />
      </td>
    </tr>
  )
}

const CLIP = 160

/** A long sentence is folded at a word; the rest opens in place. */
function Clipped({ text }: { text: string }) {
  const [open, setOpen] = useState(false)
  if (text.length <= CLIP + 20 || open) return <Name value={text} />
  return (
    <>
      <Name value={text.slice(0, text.lastIndexOf(' ', CLIP))} />{' '}
      <button type="button" class="quiet" aria-expanded={false} onClick={() => setOpen(true)}>
        … more
      </button>
    </>
  )
}
