import type { Evidence } from '../../graph/facts.ts'
import type { Confidence } from '../../graph/kinds/evidence.ts'
import { isToken } from './count-references.ts'
import type { Alternatives, Reference } from './secret-references.ts'
import type { Target } from './resolve-secrets.ts'

/** What a job takes: a secret by name (of the repository that calls the workflow, where that is another), the job's own token, or any secret there is. */
export type Taken = { readonly secret: string; readonly repository?: string | undefined } | 'token' | 'any'

export interface Use {
  readonly taken: Taken
  /** Uses of one job with the same need are alternatives. */
  readonly need?: string | undefined
  confidence: Confidence
  readonly evidence: Evidence[]
}

export interface JobUses {
  /** `resolve`: what a name stands for; it is the name itself but in called workflows. */
  add(alternatives: Alternatives, evidence: Evidence, resolve: (name: string) => readonly Target[]): void
  /** All secrets in scope are handed on: to whom, says the evidence. */
  addAny(evidence: Evidence, confidence: Confidence): void
  all(): Use[]
}

const MAX_EVIDENCE = 20
const rank: Record<Confidence, number> = { none: 0, possible: 1, confirmed: 2 }
const nameOf = ({ secret }: Reference): string => (typeof secret === 'object' ? secret.name : '*')

/** Gathers the uses of one job: one for each secret and need, however many places name it. */
export function jobUses(): JobUses {
  const uses = new Map<string, Use>()
  const put = (taken: Taken, need: string | undefined, confidence: Confidence, evidence: Evidence) => {
    const key = `${typeof taken === 'object' ? `secret ${taken.secret} ${taken.repository ?? ''}` : taken}\n${need ?? ''}`
    const use = uses.get(key) ?? { taken, need, confidence, evidence: [] }
    if (rank[confidence] > rank[use.confidence]) use.confidence = confidence
    if (use.evidence.length < MAX_EVIDENCE) use.evidence.push(evidence)
    uses.set(key, use)
  }
  const putOne = (
    reference: Reference,
    need: string | undefined,
    most: Confidence,
    evidence: Evidence,
    resolve: (name: string) => readonly Target[],
  ) => {
    const { secret, use } = reference
    const capped = (confidence: Confidence): Confidence => (use === 'test' ? 'none' : weaker(confidence, most))
    if (secret === 'all') put('any', need, capped('confirmed'), noted(evidence, 'all secrets in scope'))
    else if (secret === 'unknown') put('any', need, capped('possible'), noted(evidence, 'which secret is not known'))
    else if (isToken(secret.name)) put('token', need, capped('confirmed'), evidence)
    else {
      for (const target of resolve(secret.name)) {
        const passed = target.name === secret.name ? evidence : noted(evidence, `passed on as ${secret.name}`)
        const outside = target.certain ? passed : noted(evidence, 'passed by a caller that is not in this export')
        put(
          isToken(target.name) ? 'token' : { secret: target.name, repository: target.repository },
          need,
          capped(target.certain ? 'confirmed' : 'possible'),
          outside,
        )
      }
    }
  }
  return {
    add(alternatives, evidence, resolve) {
      const names = [...new Set(alternatives.map(nameOf))]
      const need = names.length > 1 ? names.join(' || ') : undefined
      for (const [index, reference] of alternatives.entries()) {
        if (need === undefined) putOne(reference, undefined, 'confirmed', evidence, resolve)
        else {
          // A later one is taken where the earlier ones are not set. A value that is set and refused is no such case,
          // and which are set no file says: so the first is what the job needs, the others may save it.
          const place = noted(evidence, `alternative ${index + 1} of ${alternatives.length}: the first that is set`)
          putOne(reference, need, index === 0 ? 'confirmed' : 'possible', place, resolve)
        }
      }
    },
    addAny: (evidence, confidence) => put('any', undefined, confidence, evidence),
    all: () => [...uses.values()],
  }
}

function weaker(a: Confidence, b: Confidence): Confidence {
  return rank[a] < rank[b] ? a : b
}

function noted(evidence: Evidence, note: string): Evidence {
  return { ...evidence, note: evidence.note === undefined ? note : `${evidence.note}; ${note}`.slice(0, 400) }
}
