/** What can be wrong with a question. `status` is what HTTP says; the CLI exits with 2 for all of them. */
const codes = {
  'not-found': 404,
  'wrong-kind': 422,
  'bad-change': 422,
  /** Somebody else changed the plan since it was read. */
  'plan-moved': 409,
  /** What would be signed is no longer what was read. */
  'set-moved': 409,
  'may-not': 403,
} as const

export type QuestionErrorCode = keyof typeof codes

/** A question that cannot be answered as asked: says what was wrong and what to ask instead. Never holds a value from a file but names. */
export class QuestionError extends Error {
  readonly code: QuestionErrorCode
  readonly status: number
  readonly hint: string
  /** More lines, for who wants to see both sides of a conflict. */
  readonly details: readonly string[]

  constructor(code: QuestionErrorCode, message: string, hint: string, details: readonly string[] = []) {
    super(message)
    this.name = 'QuestionError'
    this.code = code
    this.status = codes[code]
    this.hint = hint
    this.details = details
  }
}
