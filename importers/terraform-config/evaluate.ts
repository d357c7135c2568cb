import type { HclExpression } from '../read/hcl-expression.ts'
import { functions } from './functions.ts'
import { isList, isMap, member, textOf, unknown, type Value } from './value.ts'

/** What names mean at one place of a configuration. */
export interface Names {
  /** What the first name and the steps behind it come to, and how many of the steps that used up. */
  look(name: string, steps: readonly Value[]): { readonly value: Value; readonly used: number }
  /** What is left to spend on this configuration: loops in loops end in `unknown`, not in a hang. */
  readonly budget: { left: number }
}

/** Evaluates an expression as far as it stands on what the files say. Never throws. */
export function evaluate(expression: HclExpression | undefined, names: Names): Value {
  if (!expression || --names.budget.left < 0) return unknown
  const value = (inner: HclExpression): Value => evaluate(inner, names)
  const form = forms[expression.kind] as Form<typeof expression>
  return form(expression, value, names)
}

type Form<E> = (expression: E, value: (inner: HclExpression) => Value, names: Names) => Value
type Forms = { readonly [K in HclExpression['kind']]: Form<Extract<HclExpression, { kind: K }>> }

const forms: Forms = {
  literal: ({ value }) => value,
  unknown: () => unknown,
  template: ({ parts }, value) => {
    const texts = parts.map((part) => textOf(value(part)))
    return texts.includes(undefined) ? unknown : texts.join('')
  },
  tuple: ({ items }, value) => items.map(value),
  object: ({ entries }, value) => {
    const map = new Map<string, Value>()
    for (const [key, inner] of entries) {
      const name = textOf(value(key))
      if (name === undefined) return unknown
      map.set(name, value(inner))
    }
    return map
  },
  name: (expression, _value, names) => traversed(expression, names),
  step: (expression, _value, names) => traversed(expression, names),
  splat: ({ of, steps }, value) => {
    const list = value(of)
    const each = isList(list) ? list : list === null ? [] : list === unknown ? undefined : [list]
    return each ? each.map((one) => steps.reduce<Value>((at, step) => member(at, value(step)), one)) : unknown
  },
  call: called,
  if: ({ test, then, else: otherwise }, value) => {
    const answer = value(test)
    return answer === true || answer === 'true'
      ? value(then)
      : answer === false || answer === 'false'
        ? value(otherwise)
        : unknown
  },
  for: looped,
  unary: ({ operator, of }, value) => {
    const one = value(of)
    if (operator === '!') return typeof one === 'boolean' ? !one : unknown
    return typeof one === 'number' ? -one : unknown
  },
  binary: ({ operator, left, right }, value) => compared(operator, value(left), value(right)),
}

/** `module.shop.name`, `var.list[0].name`: the first name and its steps together. */
function traversed(expression: HclExpression, names: Names): Value {
  const steps: Value[] = []
  let at = expression
  while (at.kind === 'step') {
    steps.unshift(evaluate(at.step, names))
    at = at.of
  }
  if (at.kind !== 'name') return steps.reduce<Value>(member, evaluate(at, names))
  const { value, used } = names.look(at.name, steps)
  return steps.slice(used).reduce<Value>(member, value)
}

function called(
  { name, args, spread }: Extract<HclExpression, { kind: 'call' }>,
  value: (one: HclExpression) => Value,
): Value {
  if (name === 'try') return args.map(value).find((one) => one !== unknown) ?? unknown
  const given = args.map(value)
  if (spread) {
    const last = given.pop() ?? unknown
    if (!isList(last)) return unknown
    given.push(...last)
  }
  return functions.get(name)?.(...given) ?? unknown
}

function looped(
  loop: Extract<HclExpression, { kind: 'for' }>,
  value: (one: HclExpression) => Value,
  names: Names,
): Value {
  const over = value(loop.of)
  const pairs: (readonly [Value, Value])[] | undefined = isList(over)
    ? over.map((one, at) => [at, one] as const)
    : isMap(over)
      ? [...over]
      : undefined
  if (!pairs) return unknown
  const results: Value[] = []
  const map = new Map<string, Value>()
  for (const [key, one] of pairs) {
    const [first = '', second] = loop.names
    const inner = new Map<string, Value>(
      second === undefined
        ? [[first, one]]
        : [
            [first, key],
            [second, one],
          ],
    )
    const inside = within(names, inner)
    if (loop.test) {
      const keep = evaluate(loop.test, inside)
      if (keep === false) continue
      if (keep !== true) return unknown
    }
    const result = evaluate(loop.value, inside)
    if (!loop.key) {
      results.push(result)
      continue
    }
    const name = textOf(evaluate(loop.key, inside))
    if (name === undefined) return unknown
    const before = map.get(name) ?? []
    map.set(name, loop.grouped ? [...(isList(before) ? before : []), result] : result)
  }
  return loop.key ? map : results
}

/** The same names, and some that are only known inside. */
export function within(names: Names, inner: ReadonlyMap<string, Value>): Names {
  return {
    budget: names.budget,
    look: (name, steps) => (inner.has(name) ? { value: inner.get(name)!, used: 0 } : names.look(name, steps)),
  }
}

function compared(operator: string, left: Value, right: Value): Value {
  if (left === unknown || right === unknown) return unknown
  if (operator === '==' || operator === '!=') {
    if (isList(left) || isMap(left) || isList(right) || isMap(right)) return unknown
    return (left === right) === (operator === '==')
  }
  if (typeof left === 'boolean' && typeof right === 'boolean') {
    return operator === '&&' ? left && right : operator === '||' ? left || right : unknown
  }
  return typeof left === 'number' && typeof right === 'number' ? calculated(operator, left, right) : unknown
}

function calculated(operator: string, left: number, right: number): Value {
  const calculations = new Map<string, Value>([
    ['+', left + right],
    ['-', left - right],
    ['*', left * right],
    ['/', left / right],
    ['%', left % right],
    ['<', left < right],
    ['<=', left <= right],
    ['>', left > right],
    ['>=', left >= right],
  ])
  return calculations.get(operator) ?? unknown
}
