import { useEffect, useLayoutEffect } from 'preact/hooks'
import { PlansReply, type PlanRow } from '../../../../graph/wire-cutover.ts'
import { edition, standsOn } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { setOfView } from '../../app/commands.ts'
import { here } from '../../app/crumbs.ts'
import { at, place, pushHere, settled } from '../../app/place.ts'
import { cleanText } from '../../model/clean-name.ts'
import { exact, plural } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Link } from '../../ui/link.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Name } from '../../ui/name.tsx'
import { Bars, Region } from '../../ui/region.tsx'
import { dayWords, statusWords } from './cutover-words.ts'
import { CreateForm } from './create-form.tsx'
import { plansUrl } from './plan-calls.ts'
import { useMe } from './use-plan.ts'

const startPlan = (): void => pushHere({ tab: 'new' })

/** Every plan that is kept, last changed first, and the form that makes one. */
export function PlansView() {
  const reply = useReply(PlansReply, plansUrl, `plans ${edition.value}`)
  const me = useMe()
  const mayWrite = me.data?.may.includes('plan.write') ?? false
  const creating = place.value.tab === 'new'
  useEffect(() => here(['Cutover'], 'Cutover'), [])
  useEffect(() => {
    if (!reply.data) return
    standsOn(reply.data.snapshot)
    settled()
  }, [reply.data])
  useLayoutEffect(
    () => setOfView(mayWrite ? [{ id: 'new-plan', title: 'New plan', key: 'n', run: startPlan }] : []),
    [mayWrite],
  )
  return (
    <main class="main cutover" id="main" data-scroller>
      <header class="cutover-head">
        <h1>Cutover plans</h1>
        <p class="mut grow">Waves, runbooks, gates and sign-offs. Keyfall plans and checks; people run the commands.</p>
        {mayWrite && !creating && (
          <p class="acts">
            <button type="button" class="primary" id="new-plan" onClick={startPlan}>
              New plan
            </button>
          </p>
        )}
      </header>
      {creating && mayWrite && <CreateForm />}
      {creating && me.data !== null && !mayWrite && (
        <p class="guard" role="status">
          Writing a plan takes the role analyst (permission plan.write); {cleanText(me.data.name)} may read plans.
        </p>
      )}
      <Region reply={reply} skeleton={<Bars rows={5} height={52} />}>
        {({ plans }) =>
          plans.length === 0 ? !creating && <Nothing mayWrite={mayWrite} /> : <PlanTable plans={plans} />
        }
      </Region>
    </main>
  )
}

function PlanTable({ plans }: { plans: readonly PlanRow[] }) {
  return (
    <div class="table-scroll" role="region" aria-label="Plans" tabIndex={0}>
      <table class="plans-table">
        <thead>
          <tr>
            <th scope="col">Plan</th>
            <th scope="col">State</th>
            <th scope="col">Next window</th>
            <th scope="col" class="number">
              Credentials
            </th>
            <th scope="col" class="number">
              In the way
            </th>
            <th scope="col">Sign-offs</th>
            <th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          {plans.map((plan) => (
            <tr key={plan.id}>
              <th scope="row">
                <Link to={at('cutover', plan.id)} id={`plan-${plan.id}`}>
                  <Name value={plan.name} tip />
                </Link>
                <span class="mut sub">
                  {plural(plan.waves, 'wave')} · by {plan.authors.map(({ name }) => cleanText(name)).join(', ')}
                </span>
              </th>
              <td class="nowrap">
                <Glyph verdict={plan.ready ? 'keeps' : 'steps'} />{' '}
                {plan.ready && plan.status === 'draft' ? 'could go' : statusWords[plan.status]}
              </td>
              <td class="nowrap">{plan.next === null ? <span class="mut">none</span> : dayWords(plan.next)}</td>
              <td class="number">{exact(plan.credentials)}</td>
              <td class="number">{exact(plan.blockers)}</td>
              <td class="nowrap">
                {plan.needs === 0 ? (
                  <span class="mut">nobody has to</span>
                ) : (
                  <>
                    {exact(plan.signed)} of {exact(plan.needs)}
                    {plan.lapsed > 0 && <strong>, {exact(plan.lapsed)} lapsed</strong>}
                  </>
                )}
              </td>
              <td class="nowrap">
                <Moment at={plan.changed.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Nothing({ mayWrite }: { mayWrite: boolean }) {
  return (
    <section class="first-run">
      <h2>No plan is kept yet</h2>
      <p>
        A plan takes credentials, puts them into waves that no one’s outage pays for twice, and says of each who does
        what when, how it is proved, and how it goes back.
      </p>
      {mayWrite && (
        <p class="mut">
          Make one with New plan, from credentials chosen in the <Link to={at('estate')}>Estate</Link>, or from the
          Blast of a credential.
        </p>
      )}
    </section>
  )
}
