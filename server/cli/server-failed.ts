/** What a running server could not do, in its own words, and what to do about it. Ends a command as our failure. */
export class ServerFailed extends Error {
  readonly hint: string

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ServerFailed'
    this.hint = hint
  }
}
