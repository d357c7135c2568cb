/** What can be wrong with a question. `status` is what HTTP says; the CLI exits with 2 for all of them. */
const codes = {
  'not-found': 404,
  'wrong-kind': 422,
  'bad-change': 422,
} as const

export type QuestionErrorCode = keyof typeof codes

/** A question that cannot be answered as asked: says what was wrong and what to ask instead. Never holds a value from a file but names. */
export class QuestionError extends Error {
  readonly code: QuestionErrorCode
  readonly status: number
  readonly hint: string

  constructor(code: QuestionErrorCode, message: string, hint: string) {
    super(message)
    this.name = 'QuestionError'
    this.code = code
    this.status = codes[code]
    this.hint = hint
  }
}
