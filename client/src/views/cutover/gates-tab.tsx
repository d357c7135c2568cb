import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { CutoverGate } from '../../../../graph/wire-cutover.ts'
import { plural } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'
import type { Board, Found } from './board.ts'
import { gateGlyph, gateRows } from './cutover-words.ts'
import { ExceptionForm } from './exception-form.tsx'

/** What has to be so before this credential may go, why it is or is not, and what would change it. */
export function GatesTab({ board, found }: { board: Board; found: Found }) {
  const { item } = found
  const [asking, ask] = useState<string | null>(null)
  const mine = board.plan.exceptions.filter(({ credential }) => credential === item.credential.id)
  return (
    <>
      <h2>
        {item.closed} of {plural(item.gates.length, 'gate')} closed
      </h2>
      <p class="mut">A gate opens again by itself when the graph changes.</p>
      <ul class="gates">
        {item.gates.map((gate) => (
          <GateRow key={gate.id} gate={gate}>
            {board.mayWrite &&
              gate.state === 'unknown' &&
              gate.id !== 'accountable' &&
              gate.id !== 'signoff' &&
              gate.excepted === null && (
                <button type="button" class="quiet" onClick={() => ask(gate.id)}>
                  Make an exception
                </button>
              )}
          </GateRow>
        ))}
      </ul>
      <h2>Exceptions</h2>
      {mine.length === 0 && <p class="mut">None. An exception has a risk, an owner and an end.</p>}
      <ul class="found">
        {mine.map((one) => (
          <li key={one.id}>
            <span>
              <Name value={one.words} />
              {!one.inForce && <strong> Not in force.</strong>}
            </span>
            <span class="mut sub">
              risk {one.risk}, owner <Name value={one.owner} />, until {one.until}, made by <Name value={one.by.name} />
              : <Name value={one.reason} />
            </span>
            {board.mayWrite && (
              <span class="acts">
                <button
                  type="button"
                  class="quiet"
                  onClick={() => board.edit([{ do: 'unexcept', exception: one.id }], 'end an exception')}
                >
                  End it
                </button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {board.mayWrite && (
        <p class="acts">
          <button type="button" onClick={() => ask('stays')}>
            Leave its access for now
          </button>
        </p>
      )}
      {asking !== null && <ExceptionForm board={board} item={item} what={asking} close={() => ask(null)} />}
    </>
  )
}

export function GateRow({ gate, children }: { gate: CutoverGate; children?: ComponentChildren }) {
  return (
    <li>
      <Glyph verdict={gateGlyph(gate)} size={16} />
      <div>
        <strong>{gate.title}</strong>
        <span class="hidden-words">, {gateRows[gate.state].word}</span>
        {gate.excepted !== null && gate.state !== 'met' && <span class="mut"> · by exception</span>}
        <span class="mut sub">
          <Name value={gate.why} />
        </span>
        {gate.todo !== '' && (
          <span class="sub">
            Next: <Name value={gate.todo} />
          </span>
        )}
        {children}
      </div>
    </li>
  )
}
