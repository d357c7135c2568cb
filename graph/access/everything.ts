import { watchedActions } from './actions.ts'
import type { Compiled } from './request.ts'

/** Allows everything: for what a policy that is not known may allow. */
export function everything(): Compiled {
  return {
    allows: true,
    actions: ['*'],
    notActions: false,
    resources: ['*'],
    notResources: false,
    notPrincipals: false,
    tests: [],
    speaksOf: new Uint8Array(watchedActions.length).fill(1),
  }
}
