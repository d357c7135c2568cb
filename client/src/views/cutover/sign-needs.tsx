import { useState } from 'preact/hooks'
import type { SignOffNeed, SignOffPage } from '../../../../graph/wire-cutover.ts'
import { exact, plural } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'
import { needRows, sentence } from './cutover-words.ts'
import { Difference } from './difference.tsx'
import { Given } from './signs-tab.tsx'

const SHOWN = 4
const order: readonly SignOffNeed['state'][] = [
  ...(['declined', 'lapsed', 'expired', 'withdrawn', 'valid', 'asked', 'missing'] as const),
]

/** Who else has to agree, what lapsed and why, and what was given before. */
export function SignNeeds({ page: { needs, signOffs } }: { page: SignOffPage }) {
  const [all, showAll] = useState(false)
  const signed = needs.filter(({ state }) => state === 'valid').length
  const sorted = [...needs].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
  return (
    <section aria-labelledby="sign-needs">
      <h2 id="sign-needs">
        {needs.length === 0 ? 'Nobody else has to agree' : `${exact(signed)} of ${exact(needs.length)} agreed so far`}
      </h2>
      <ul class="needs">
        {(all ? sorted : sorted.slice(0, SHOWN)).map((need) => {
          const of = signOffs.find(({ id }) => id === need.signOff)
          return (
            <li key={need.system?.id ?? 'whole'}>
              <Glyph verdict={needRows[need.state].glyph} size={16} />
              <div class="grow">
                <strong>
                  {need.system === null ? 'Everything without a system' : <Name value={need.system.name} />}
                </strong>
                <span class="mut sub">
                  {need.owner === null ? 'nobody is named' : <Name value={need.owner} />} ·{' '}
                  {plural(need.dependents, 'dependant')}
                </span>
                <span class="sub">
                  <span class="hidden-words">{needRows[need.state].word}: </span>
                  <Name value={sentence(need.words)} />
                </span>
                {of && of.state === 'lapsed' && <Difference difference={of.difference} said />}
              </div>
            </li>
          )
        })}
      </ul>
      {needs.length > SHOWN && (
        <button type="button" class="sign-more" aria-expanded={all} onClick={() => showAll(!all)}>
          {all ? 'Show fewer' : `Show all ${exact(needs.length)}`}
        </button>
      )}
      {signOffs.length > 0 && (
        <details>
          <summary>{plural(signOffs.length, 'sign-off')} given so far</summary>
          <ul class="found">
            {signOffs.map((one) => (
              <Given key={one.id} signOff={one} />
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}
