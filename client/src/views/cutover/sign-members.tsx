import { useState } from 'preact/hooks'
import type { SetMember, SignOffPage } from '../../../../graph/wire-cutover.ts'
import type { Verdict } from '../../../../graph/wire.ts'
import { countsInWords, exact, plural, rowOf, worstFirst } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'

const SHOWN = 6

/** Who depends on it: those of the chosen system first, then the worst; a few, then all. */
export function SignMembers({ page: { members }, system }: { page: SignOffPage; system: string }) {
  const [all, showAll] = useState(false)
  const isMine = (one: SetMember): boolean => one.system?.id === system
  const sorted = [...members].sort(
    (a, b) => Number(isMine(b)) - Number(isMine(a)) || worstFirst.indexOf(a.verdict) - worstFirst.indexOf(b.verdict),
  )
  const count = (verdict: Verdict): number => members.filter((one) => one.verdict === verdict).length
  const counts = { breaks: count('breaks'), unknown: count('unknown'), steps: count('steps'), keeps: count('keeps') }
  const systems = new Set(members.flatMap(({ system }) => system?.id ?? [])).size
  return (
    <section aria-labelledby="sign-members">
      <h2 id="sign-members">
        {members.length === 0
          ? 'Nothing that is seen depends on it'
          : `${plural(members.length, 'thing')} ${members.length === 1 ? 'depends' : 'depend'} on it${systems > 0 ? `, in ${plural(systems, 'system')}` : ''}`}
      </h2>
      {members.length > 0 && <p class="mut">{countsInWords(counts)}</p>}
      <ul class="sign-members">
        {(all ? sorted : sorted.slice(0, SHOWN)).map((member) => (
          <Member key={member.id} member={member} mine={isMine(member)} />
        ))}
      </ul>
      {sorted.length > SHOWN && (
        <button type="button" class="sign-more" aria-expanded={all} onClick={() => showAll(!all)}>
          {all ? 'Show fewer' : `Show all ${exact(sorted.length)}`}
        </button>
      )}
    </section>
  )
}

function Member({ member: { name, title, system, verdict }, mine }: { member: SetMember; mine: boolean }) {
  return (
    <li>
      <Glyph verdict={verdict} size={16} />
      <span class="grow">
        <Name value={name} />
        <span class="mut sub">
          {system === null ? title : <Name value={system.name} />}
          {mine && ', yours'} · {rowOf(verdict).word}
        </span>
      </span>
    </li>
  )
}
