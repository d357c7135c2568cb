/** The eight ways a store fails. `status` is what HTTP says, `hint` what to do. */
const storeErrors = {
  ScopeMoved: {
    status: 409,
    hint: 'Somebody else imported this scope meanwhile: look at the new preview and try again.',
  },
  VersionConflict: { status: 409, hint: 'Somebody else changed this meanwhile: read it again and repeat your change.' },
  CorruptSegment: {
    status: 500,
    hint: 'Run `keyfall verify` to see what is damaged. Then restore a copy of the data directory, or move it away and import its sources into a new one.',
  },
  StoreFull: { status: 503, hint: 'Free some space on the disk of the data directory, then try again.' },
  StoreReadOnly: { status: 503, hint: 'Make the store writable for the user that runs the server.' },
  StoreUnavailable: { status: 503, hint: 'Check that the store is running and reachable, then try again.' },
  StoreLocked: { status: 503, hint: 'Stop the other server first, or give this one its own data directory.' },
  SchemaTooNew: { status: 500, hint: 'Install the version of Keyfall that wrote this store, or a later one.' },
} as const satisfies Record<string, { status: number; hint: string }>

export type StoreErrorName = keyof typeof storeErrors

/** All that a store throws, but for mistakes of ours. `name` is one of eight; messages hold no value and no query. */
export class StoreError extends Error {
  override readonly name: StoreErrorName
  readonly status: number
  readonly hint: string

  constructor(name: StoreErrorName, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = name
    this.status = storeErrors[name].status
    this.hint = storeErrors[name].hint
  }
}

export function isStoreError(error: unknown, name?: StoreErrorName): error is StoreError {
  return error instanceof StoreError && (name === undefined || error.name === name)
}
