import type { BlastReply } from '../../../../graph/wire.ts'
import { planPlace } from '../../app/for-plan.ts'
import { sumCells, systemRows } from '../../model/fold.ts'
import { countsInWords, plural, total, worstOf } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'

/** Whose word a change needs: the accountable of every system that does not simply keep working, the most critical first. */
export function SignsTab({ reply }: { reply: BlastReply }) {
  const touched = systemRows(reply)
    .map((row) => ({ row, counts: sumCells(row.cells) }))
    .filter(({ counts }) => total(counts) > counts.keeps)
  const systems = touched.filter(({ row }) => row.system.kind === 'system')
  const outside = touched.filter(({ row }) => row.system.kind !== 'system')
  const nobody = systems.filter(({ row }) => row.system.owner === null && row.system.team === null).length
  return (
    <>
      <h2>Who signs</h2>
      <p class="mut">
        {systems.length === 0
          ? 'No business system is touched, so nobody has to agree for one.'
          : `${plural(systems.length, 'system')} cannot be sure to keep working. For each, whoever answers for it says yes before the change.`}
      </p>
      <ul class="unknowns">
        {systems.map(({ row, counts }) => (
          <li key={row.id}>
            <Glyph verdict={worstOf(counts)} />
            <span class="grow">
              <strong>
                <Name value={row.system.name} tip />
              </strong>
              <span class="sub">
                {row.system.owner === null && row.system.team === null ? (
                  <em>nobody named: has to be found first</em>
                ) : (
                  <Name value={row.system.owner ?? row.system.team!} />
                )}
                {row.system.tier !== null && <span class="mut"> · tier {row.system.tier}</span>}
              </span>
              <span class="mut sub">{countsInWords(counts)}</span>
            </span>
          </li>
        ))}
      </ul>
      {outside.length > 0 && (
        <p>
          <Glyph verdict="unknown" />{' '}
          {plural(
            outside.reduce((sum, { counts }) => sum + total(counts) - counts.keeps, 0),
            'dependant belongs',
            'dependants belong',
          )}{' '}
          to no known system: nobody can sign for them.
        </p>
      )}
      {nobody > 0 && <p class="mut">{plural(nobody, 'system')} without anybody named.</p>}
      <p class="mut">
        A sign-off is given in a plan, where it is bound to this set of dependants and lapses when the set changes.
      </p>
      <p class="acts">
        <Link to={planPlace([reply.subject.id], reply.op)} class="button primary">
          Plan this cutover
        </Link>
      </p>
    </>
  )
}
