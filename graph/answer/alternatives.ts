import { explain, type Alternative, type ReasonWords } from '../outage/explain.ts'
import { relationshipKinds } from '../kinds/relationship-kinds.ts'
import type { WhyReply } from '../wire.ts'
import type { AssessedDependent, Assessment } from './assess.ts'
import { thingOf } from './things.ts'

/**
 * The ways of each need that has more than one, in the worst case, and why each is out too, or that it holds. For a
 * loss that only a restart brings to light, the ways as they are then.
 */
export function alternativesOf(assessment: Assessment, one: AssessedDependent): WhyReply['alternatives'] {
  const { estate } = assessment
  const spans = one.latent ? assessment.unveiled : assessment.base
  const { needs } = explain(spans.outages, estate.entities[one.index]!.id).possible
  return needs
    .filter((need) => need.alternatives.length > 1)
    .flatMap((need) =>
      need.alternatives.map((way) => ({
        words: `${need.need === null ? '' : `${need.need}: `}${relationshipKinds[way.kind].sentence.split(' ')[1] ?? 'needs'} ${nameOf(assessment, way)}`,
        thing: thingOf(estate, estate.indexOf.get(way.to)!),
        out: way.span !== null,
        why: whyOf(assessment, way),
      })),
    )
}

function nameOf({ estate }: Assessment, way: Alternative): string {
  return estate.entities[estate.indexOf.get(way.to)!]!.name
}

const whys = {
  cut: () => 'it is cut',
  'made-again': () => 'what issued or encrypts it is replaced, and it is not made again yet',
  down: () => 'it is out itself',
  rotated: (credential: string) => `holds the old value of ${credential}, which is refused`,
  refused: (credential: string) => `holds ${credential}, which is refused`,
  lost: (credential: string) => `holds ${credential}, which is refused because of what it needs itself`,
} as const satisfies Record<ReasonWords['why'], (credential: string) => string>

const keptWords = {
  tolerance: 'it does without for long enough',
  session: 'an open session outlives the loss',
  pickup: 'it takes the new value in time',
  cadence: 'its next run comes later',
} as const satisfies Record<NonNullable<ReasonWords['keptBy']>, string>

function whyOf({ estate }: Assessment, way: Alternative): string {
  if (!way.counts) return 'only inferred: it does not count as a way'
  const reason = way.reasons.find((one) => (one.keptBy === null) === (way.span !== null)) ?? way.reasons[0]
  if (!reason) return 'still there'
  const credential =
    reason.credential === null ? 'a value' : estate.entities[estate.indexOf.get(reason.credential)!]!.name
  return reason.keptBy === null ? whys[reason.why](credential) : `holds: ${keptWords[reason.keptBy]}`
}
