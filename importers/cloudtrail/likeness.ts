import { isMasked } from '../read/arn.ts'
import type { ByteTable } from './byte-table.ts'
import { agentOf, networkOf, runtimeOf } from './caller.ts'
import { sessionLabel } from './identity.ts'
import { outcomeOfCode } from './outcome.ts'
import { isExact } from './workload.ts'

/** For texts that come to the same for what an event shows, one that stands for them. Texts are numbers; 0 is none. */
export interface Likeness {
  /** One address of each network. */
  address(text: number): number
  /** One user agent of each client and runtime. */
  agent(text: number): number
  /** None for an ARN that only repeats who the session is of; itself where it is masked. */
  arn(text: number): number
  /** `AROA…:name` with what differs from session to session left out, unless the name says which workload it is. */
  principal(text: number, agent: number): number
  /** One error code of each outcome. */
  error(text: number): number
  /** May the session be of a workload whose region is told by where it calls? */
  isPlace(principal: number, agent: number): boolean
  isService(type: number): boolean
  isRole(type: number): boolean
  isEmpty(text: number): boolean
  clear(): void
}

const [YES, NO] = [1, 2]

/** A number for each number of a text; 0 for those that have none. */
interface Numbers {
  get(text: number): number
  set(text: number, value: number): void
  clear(): void
}

function numbers(): Numbers {
  let values = new Int32Array(1024)
  return {
    get: (text) => (text < values.length ? values[text]! : 0),
    set(text, value) {
      if (text >= values.length) {
        const more = new Int32Array(text * 2)
        more.set(values)
        values = more
      }
      values[text] = value
    },
    clear: () => void (values = new Int32Array(1024)),
  }
}

export function likeness(texts: ByteTable): Likeness {
  const maps: { clear(): void }[] = []
  const map = <K>(): Map<K, number> => {
    const made = new Map<K, number>()
    maps.push(made)
    return made
  }
  const byNumber = (): Numbers => {
    const made = numbers()
    maps.push(made)
    return made
  }
  const numberOf = (text: string): number => {
    const bytes = Buffer.from(text)
    return texts.idOf(bytes, 0, bytes.length)
  }

  /** By number of the text, the text that stands for it: the first of those with the same `key`. */
  const representative = (key: (text: string) => string) => {
    const known = byNumber()
    const first = map<string>()
    return (text: number): number => {
      if (text === 0) return 0
      let found = known.get(text)
      if (found === 0) {
        const of = key(texts.textOf(text))
        found = first.get(of) ?? text
        first.set(of, found)
        known.set(text, found)
      }
      return found
    }
  }

  const address = representative((text) => networkOf(text, undefined))
  const agent = representative((text) => `${agentOf(text)}|${runtimeOf(text) ?? ''}`)
  const said = <T extends boolean>(test: (text: string) => T) => {
    const known = byNumber()
    return (text: number): boolean => {
      if (text === 0) return false
      let found = known.get(text)
      if (found === 0) known.set(text, (found = test(texts.textOf(text)) ? YES : NO))
      return found === YES
    }
  }
  const error = representative(outcomeOfCode)
  const isInstance = said((text) => isExact(text.slice(text.indexOf(':') + 1)))
  const isMaskedText = said(isMasked)
  const isLambda = said((text) => runtimeOf(text) === 'lambda')
  const labelled = byNumber()
  const principal = (text: number): number => {
    let found = labelled.get(text)
    if (found === 0) {
      const whole = texts.textOf(text)
      const colon = whole.indexOf(':')
      const name = whole.slice(colon + 1)
      found = colon < 0 || isExact(name) ? text : numberOf(`${whole.slice(0, colon)}:${sessionLabel(name)}`)
      labelled.set(text, found)
    }
    return found
  }

  return {
    address,
    agent,
    arn: (text) => (isMaskedText(text) ? text : 0),
    principal: (text, agentText) => (text === 0 || isLambda(agentText) ? text : principal(text)),
    error,
    isPlace: (text, agentText) => isLambda(agentText) || isInstance(text),
    isService: said((text) => text === 'AWSService'),
    isRole: said((text) => text === 'AssumedRole' || text === 'Role'),
    isEmpty: said((text) => text === ''),
    clear: () => {
      for (const one of maps) one.clear()
    },
  }
}
