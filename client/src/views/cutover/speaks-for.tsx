import type { SignOffNeed, SignOffPage } from '../../../../graph/wire-cutover.ts'
import { cleanText } from '../../model/clean-name.ts'
import { plural } from '../../model/verdict.ts'
import { Name } from '../../ui/name.tsx'
import { needRows } from './cutover-words.ts'

/** The whole change, and what has no business system. */
export const WHOLE = 'whole'
export const keyOf = (need: SignOffNeed): string => need.system?.id ?? WHOLE
export const openNeeds = ({ needs }: SignOffPage): SignOffNeed[] => needs.filter(({ state }) => state !== 'valid')

/** For what this person most likely answers: the system that names him, what lapsed, what was asked, else the first. */
export function usualNeed(page: SignOffPage, me: string): string {
  const open = openNeeds(page)
  const need =
    open.find(({ owner, asked }) => me !== '' && (owner === me || asked?.of === me)) ??
    open.find(({ state }) => state === 'lapsed') ??
    open.find(({ state }) => state === 'asked') ??
    open[0]
  return need ? keyOf(need) : WHOLE
}

interface SpeaksForProps {
  readonly page: SignOffPage
  readonly chosen: string
  readonly choose: (key: string) => void
}

/** For which business system this person answers; the page then shows its dependants first. */
export function SpeaksFor({ page, chosen, choose }: SpeaksForProps) {
  const open = openNeeds(page)
  if (open.length === 0) return null
  if (open.length === 1 && page.needs.length === 1)
    return (
      <p class="speaks-for">
        You answer for{' '}
        <strong>{open[0]!.system === null ? 'the whole change' : <Name value={open[0]!.system.name} />}</strong>.
      </p>
    )
  const named = open.some((need) => keyOf(need) === WHOLE)
  return (
    <p class="speaks-for">
      <label>
        You answer for
        <select id="sign-system" value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
          {open.map((need) => (
            <option key={keyOf(need)} value={keyOf(need)}>
              {need.system === null ? 'All that has no system' : cleanText(need.system.name)},{' '}
              {plural(need.dependents, 'dependant')}
              {need.state === 'missing' ? '' : ` (${needRows[need.state].word})`}
            </option>
          ))}
          {!named && <option value={WHOLE}>The whole change</option>}
        </select>
      </label>
    </p>
  )
}
