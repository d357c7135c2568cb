import type { Evidence, RelationshipFact } from '../../graph/facts.ts'
import type { Cluster } from './cluster-facts.ts'
import type { Top, Workload } from './controllers.ts'

/** What is the same in every relationship of one workload. */
export interface Using {
  readonly cluster: Cluster
  readonly workload: Workload
  readonly top: Top
  readonly namespace: string
  readonly id: string
  readonly account: string
  readonly common: Pick<RelationshipFact, 'cadence' | 'confidence'>
  readonly said: (note: string) => Evidence
}

/** A service account as other objects of its cluster note it. */
export interface NotedAccount {
  readonly automount: boolean | undefined
  readonly pullSecrets: readonly string[]
}
