import { signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import { WhyReply, type BlastReply } from '../../../../graph/wire.ts'
import { useReply } from '../../api/use-reply.ts'
import { mayI } from '../../app/rights.ts'
import { pushHere, replaceHere } from '../../app/place.ts'
import { Name } from '../../ui/name.tsx'
import { Region } from '../../ui/region.tsx'
import { KeyCap } from '../../ui/key-cap.tsx'
import { shows, ticks, whyOf, whyPath, whyUrl } from './blast-queries.ts'
import type { Doubt } from './doubt.tsx'
import { EvidenceTable } from './evidence-table.tsx'
import { PathHops } from './path-hops.tsx'
import { strengthWords } from './strength.ts'

/** Which side of the proof is open; not worth a place in the address. */
export const proof = signal<'path' | 'evidence'>('path')

/** The dialog in which a hop is doubted, or a missing one stated; loaded when it is first opened. */
export const doubtOpen = signal(false)

/** Bottom strip: why one dependant breaks, hop by hop, with what each hop stands on. */
export function PathStrip({ reply }: { reply: BlastReply }) {
  const dependent = whyOf(reply)
  const why = useReply(WhyReply, dependent === null ? null : whyUrl(reply, dependent), `${reply.op} ${dependent}`)
  const paths = why.data?.paths.length ?? 0
  useEffect(() => {
    if (paths > 0 && whyPath.peek() >= paths) replaceHere({ whyPath: 0 })
  }, [paths])
  if (dependent === null) return <Closed />
  return (
    <section class="strip" aria-label="Why">
      <Region reply={why} skeleton={<div class="hops-skeleton" />}>
        {(answer) => <Answer answer={answer} subject={reply.subject} />}
      </Region>
    </section>
  )
}

function Closed() {
  return (
    <section class="strip closed" aria-label="Why">
      <span class="mut">Choose a glyph to see why it breaks.</span>
      <ViewSwitch />
    </section>
  )
}

function Answer({ answer, subject }: { answer: WhyReply; subject: BlastReply['subject'] }) {
  const k = Math.min(whyPath.value, Math.max(0, answer.paths.length - 1))
  const path = answer.paths[k]
  const evidence = path?.hops.reduce((sum, hop) => sum + hop.evidence.length, 0) ?? 0
  return (
    <>
      <div class="strip-head">
        <h2 data-claim>
          <Name value={answer.claim} />
        </h2>
        {path && (
          <span class="mut">
            {ticks.value !== '' && 'without the ticked steps · '}weakest link: {strengthWords[path.weakest].word}
            {' · '}
            {k + 1} of {answer.paths.length} {answer.paths.length === 1 ? 'path' : 'paths'}
          </span>
        )}
        {answer.paths.length > 1 && <PathSwitch k={k} of={answer.paths.length} />}
        <span class="grow" />
        <div class="proof" role="group" aria-label="Proof">
          <button type="button" aria-pressed={proof.value === 'path'} onClick={() => void (proof.value = 'path')}>
            Path
          </button>
          <button
            type="button"
            aria-pressed={proof.value === 'evidence'}
            onClick={() => void (proof.value = 'evidence')}
          >
            Evidence <span class="count">{evidence}</span>
          </button>
          {mayI('map.annotate') && (
            <button type="button" id="doubt" aria-haspopup="dialog" onClick={() => void (doubtOpen.value = true)}>
              Doubt it
            </button>
          )}
          <ViewSwitch />
          <button
            type="button"
            class="close"
            aria-label="Close the path"
            onClick={() => pushHere({ why: 'none', whyPath: 0 })}
          >
            ✕
          </button>
        </div>
      </div>
      {path && proof.value === 'path' && <PathHops path={path} />}
      {path && proof.value === 'evidence' && <EvidenceTable path={path} />}
      {proof.value === 'path' && <Reasons answer={answer} />}
      {doubtOpen.value && <DoubtDialog subject={subject} path={path} />}
    </>
  )
}

function DoubtDialog(props: { subject: BlastReply['subject']; path: WhyReply['paths'][number] | undefined }) {
  const [loaded, setLoaded] = useState<{ Doubt: typeof Doubt } | null>(null)
  useEffect(() => void import('./doubt.tsx').then(setLoaded, () => (doubtOpen.value = false)), [])
  return loaded && <loaded.Doubt {...props} close={() => void (doubtOpen.value = false)} />
}

function PathSwitch({ k, of }: { k: number; of: number }) {
  return (
    <span class="path-switch">
      <button type="button" aria-label="Previous path" disabled={k === 0} onClick={() => pushHere({ whyPath: k - 1 })}>
        ←
      </button>
      <button type="button" aria-label="Next path" disabled={k === of - 1} onClick={() => pushHere({ whyPath: k + 1 })}>
        →
      </button>
    </span>
  )
}

function ViewSwitch() {
  const table = shows.value === 'table'
  return (
    <button type="button" class="view-switch" onClick={() => pushHere({ shows: table ? 'picture' : 'table' })}>
      {table ? 'Picture' : 'Table'} <KeyCap keys="t" />
    </button>
  )
}

/** Why at this time, and what became of every other way. */
function Reasons({ answer }: { answer: WhyReply }) {
  return (
    <p class="reasons">
      <Name value={answer.whyThisTime} />
      {answer.alternatives.map((way) => (
        <span key={way.thing.id + way.words} class="mut">
          {' '}
          {way.out ? 'Also out: ' : 'Holds: '}
          <Name value={way.words} />. <Name value={way.why} />
        </span>
      ))}
    </p>
  )
}
