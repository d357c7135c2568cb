/** What a shape found wrong; the part of a zod issue that is needed, so that both of its editions fit. */
export interface ShapeIssue {
  readonly code?: string | undefined
  readonly path: readonly PropertyKey[]
  readonly expected?: unknown
  readonly values?: readonly unknown[]
  readonly minimum?: unknown
  readonly maximum?: unknown
  readonly origin?: unknown
  readonly keys?: readonly unknown[]
  readonly errors?: readonly unknown[]
}

const kinds = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['tuple', 'a list of two'],
  ['object', 'an object'],
  ['record', 'an object'],
  ['null', 'null'],
])

/** In the words of a person what should stand there. Never what does: that is text of a file. */
export function issueWords(issue: ShapeIssue): string {
  const { code, expected, values, minimum, maximum, origin } = issue
  if (code === 'invalid_type') return `${kinds.get(String(expected)) ?? String(expected)} is needed here`
  if (code === 'invalid_value')
    return `one of these is needed here: ${(values ?? []).slice(0, 20).map(String).join(', ')}`
  if (code === 'unrecognized_keys') return 'a field stands here that is not known'
  if (code === 'invalid_union') return 'none of the forms that are known fits here'
  const many = origin === 'array' || origin === 'set' ? 'entries' : origin === 'string' ? 'characters' : ''
  if (code === 'too_small') return `too ${many ? 'short' : 'small'}: at least ${String(minimum)} ${many}`.trim()
  if (code === 'too_big') return `too ${many ? 'long' : 'large'}: at most ${String(maximum)} ${many}`.trim()
  if (code === 'invalid_format') return 'this is not in the form that is needed'
  return 'this does not fit'
}
