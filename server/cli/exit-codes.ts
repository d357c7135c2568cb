/** What an exit code says. Those of `impact` are part of the contract with scripts. */
export const exitCodes = {
  done: 0,
  /** `impact`: nothing breaks. */
  safe: 0,
  ourFailure: 1,
  wrongUse: 2,
  /** `serve`: the data directory can't be used. */
  storeRefused: 3,
  /** `impact`: nothing breaks once the named steps are done. */
  safeAfterSteps: 10,
  /** `impact`: something breaks. */
  notSafe: 20,
  /** `reach`: something is. */
  withinReach: 20,
  /** `impact`: too much is not known. */
  cannotSay: 30,
  /** `plan`, `runbook`: a gate is open, or a name is missing. */
  notReady: 30,
} as const
