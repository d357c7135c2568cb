import '../../styles/cutover.css'
import { place } from '../../app/place.ts'
import { PlanView } from './plan.tsx'
import { PlansView } from './plans.tsx'
import { SignView } from './sign.tsx'

/** Cutover: the plans; one plan; the page of whoever is asked to sign. */
export function CutoverView() {
  const { id, part, tab } = place.value
  if (id === '') return <PlansView />
  if (part !== '' && tab === 'sign') return <SignView key={`${id} ${part}`} plan={id} credential={part} />
  return <PlanView key={id} id={id} />
}
