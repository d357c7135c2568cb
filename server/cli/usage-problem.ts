/** Something a command can't work with: ends it with exit code 2, its message and what to do instead. */
export class UsageProblem extends Error {
  readonly hint: string

  constructor(message: string, hint = '') {
    super(message)
    this.name = 'UsageProblem'
    this.hint = hint
  }
}
