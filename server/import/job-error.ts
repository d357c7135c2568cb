/** Why an import can't do what it is asked. `code` is one of http/problem.ts. */
export class JobError extends Error {
  readonly code: 'wrong-state' | 'needs-yes' | 'too-large' | 'too-many'

  constructor(code: JobError['code'], message: string) {
    super(message)
    this.name = 'JobError'
    this.code = code
  }
}
