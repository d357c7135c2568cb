import type { CredentialScore, WaveAfter } from '../../../../graph/wire-cutover.ts'
import { exact, plural } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'

const advices = { close: 'Can be closed', 'roll-back': 'To be rolled back', wait: 'Wait' } as const
const glyphs = { 'as-predicted': 'keeps', differs: 'breaks', 'too-early': 'unknown', 'no-logs': 'unknown' } as const
const verdicts = {
  'as-predicted': 'as predicted',
  differs: 'differs',
  'too-early': 'too early to say',
  'no-logs': 'no log shows it',
} as const
const SHOWN = 5

/** What became of a wave: its prediction against logs, and how it ended. */
export function After({ after: { score, outcome } }: { after: WaveAfter }) {
  return (
    <section aria-labelledby="wave-after">
      <h3 id="wave-after">After the cut{score && <>: {advices[score.advice].toLowerCase()}</>}</h3>
      {outcome && (
        <p>
          <strong>{outcome.outcome === 'closed' ? 'Closed' : 'Rolled back'}</strong> by <Name value={outcome.by.name} />
          : <Name value={outcome.reason} />
        </p>
      )}
      {score ? (
        <>
          <p class="mut sub">
            <Name value={score.reason} />
          </p>
          <ul class="conflicts">
            {score.scores.map((one) => (
              <Scored key={one.credential} of={one} />
            ))}
          </ul>
        </>
      ) : (
        <p class="mut">Not scored yet: import the logs since the cut, then keyfall plan score.</p>
      )}
    </section>
  )
}

function Scored({ of }: { of: CredentialScore }) {
  const rows = [...of.hiddenCopies, ...of.seenNotPredicted.filter(({ failures }) => failures === 0)]
  const more = of.counts.hiddenCopies - Math.min(SHOWN, rows.length)
  return (
    <li>
      <Glyph verdict={glyphs[of.verdict]} />
      <div>
        <p>
          <strong>
            <Name value={of.name} />
          </strong>
          : {verdicts[of.verdict]}
        </p>
        <p class="mut sub">
          <Name value={of.sentence} />
        </p>
        {rows.slice(0, SHOWN).map(({ who, words }) => (
          <p class="sub" key={`${who} ${words}`}>
            <Name value={`${who}: ${words}`} />
          </p>
        ))}
        {more > 0 && (
          <p class="mut sub">
            {plural(more, 'user')} of the old value more, of {exact(of.counts.hiddenCopies)}
          </p>
        )}
      </div>
    </li>
  )
}
