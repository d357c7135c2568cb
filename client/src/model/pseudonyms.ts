/**
 * Names in answers replaced by stable pseudonyms: the same name is the same pseudonym on every screen and in every
 * export of this browser, and nobody who has only the export can turn one back, because a random salt that never leaves
 * the browser goes into it. Ids and links stay: they hold no name.
 */
export interface Pseudonyms {
  /** A copy of an answer with every name replaced, in fields of names and inside sentences. */
  answer<T>(reply: T): T
  /** A text that is no answer: a heading, a file name. */
  text(words: string): string
}

/** Fields that hold one name each, and the class that its pseudonym says. */
const nameFields: ReadonlyMap<string, string> = new Map([
  ['name', ''],
  ['where', 'place'],
  ['owner', 'owner'],
  ['team', 'team'],
  ['who', 'person'],
  ['by', 'person'],
  ['file', 'file'],
  ['files', 'file'],
  ['systems', 'system'],
  ['system', 'system'],
  ['top', 'system'],
  ['aliases', 'alias'],
  ['matched', 'alias'],
  ['key', 'key'],
  ['networks', 'network'],
  ['seenFrom', 'network'],
  ['purpose', 'purpose'],
  ['missing', 'place'],
])

/** Fields that hold no name, and what must stay for links, keys and commands of ours to work. */
const plainFields: ReadonlySet<string> = new Set([
  'id', 'kind', 'role', 'op', 'verdict', 'state', 'level', 'band', 'snapshot', 'code', 'requestId', 'importer', 'importerTitle', 'nature',
  'scope', 'finding', 'flags', 'at', 'since', 'until', 'startedAt', 'lastUsedAt', 'expiresAt', 'firstSeen', 'lastSeen', 'factAt',
  'readers', 'collect', 'blindTo', 'gaps', 'controls', 'strength', 'weakest', 'mark', 'reason', 'bands', 'reads', 'plane', 'may',
  'roles', 'sources', 'mask', 'reversible',
]) // prettier-ignore

/** Words of ours with a hyphen; all other words with one are names until proved otherwise. */
const ownWords = new Set(
  (
    'break-glass hard-coded on-prem cross-account read-only long-lived short-lived end-to-end sign-off up-to-date what-if ' +
    'access-key key-value one-time third-party built-in in-memory well-known self-signed opt-in roll-out set-up re-run ' +
    'least-privilege run-time start-up non-human two-key dual-key re-import mini-front t-0 deny-and-log by-name'
  ).split(' '),
)

const WORD = /[\p{L}\p{N}_][\p{L}\p{N}_./:@+*~#-]*/gu

export function pseudonyms(salt: string): Pseudonyms {
  const known = new Map<string, string>()
  const taken = new Map<string, string>()
  /** Names of several words, by their first. */
  const phrases = new Map<string, string[]>()

  function pseudonymOf(name: string, kind: string): string {
    const before = known.get(name)
    if (before !== undefined) return before
    let made = `${kind || 'name'}-${code(salt + name)}`
    for (let n = 2; taken.has(made) && taken.get(made) !== name; n++)
      made = `${kind || 'name'}-${code(salt + name)}${n}`
    known.set(name, made)
    taken.set(made, name)
    const words = name.match(WORD)
    if (words && (words.length > 1 || words[0] !== name)) {
      const first = words[0]!
      phrases.set(
        first,
        [...(phrases.get(first) ?? []), name].sort((a, b) => b.length - a.length),
      )
    }
    return made
  }

  /** Learns the names of an answer first, so that a sentence that stands before its name is covered too. */
  function learn(value: unknown, field: string, kind: string): void {
    if (typeof value === 'string') {
      if (nameFields.has(field) && value !== '' && !taken.has(value)) pseudonymOf(value, nameFields.get(field) || kind)
    } else if (Array.isArray(value)) for (const one of value) learn(one, field, kind)
    else if (typeof value === 'object' && value !== null) {
      const role = (value as { role?: unknown }).role
      const own = typeof role === 'string' ? role : 'tier' in value ? 'system' : ''
      for (const [name, one] of Object.entries(value)) if (!plainFields.has(name) || isDeep(one)) learn(one, name, own)
    }
  }

  function text(words: string): string {
    let out = ''
    let from = 0
    WORD.lastIndex = 0
    for (let found = WORD.exec(words); found; found = WORD.exec(words)) {
      if (found.index < from) continue
      const phrase = phrases.get(found[0])?.find((name) => words.startsWith(name, found.index))
      const [old, next] = phrase === undefined ? [found[0], word(found[0])] : [phrase, known.get(phrase)!]
      out += words.slice(from, found.index) + next
      from = found.index + old.length
      WORD.lastIndex = from
    }
    return out + words.slice(from)
  }

  function word(whole: string): string {
    const end = /[./:@+*~#-]+$/.exec(whole)?.[0] ?? ''
    const bare = whole.slice(0, whole.length - end.length)
    const said = known.get(whole) ?? known.get(bare)
    if (said !== undefined) return said + (known.has(whole) ? '' : end)
    if (taken.has(bare) || !isNameLike(bare)) return whole
    return pseudonymOf(bare, '') + end
  }

  function replaced(value: unknown, field: string): unknown {
    if (typeof value === 'string') {
      if (plainFields.has(field) || taken.has(value)) return value
      return nameFields.has(field) ? (known.get(value) ?? text(value)) : text(value)
    }
    if (Array.isArray(value)) return value.map((one) => replaced(one, field))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        name,
        plainFields.has(name) && !isDeep(one) ? one : replaced(one, name),
      ]),
    )
  }

  return {
    answer(reply) {
      learn(reply, '', '')
      return replaced(reply, '') as typeof reply
    },
    text,
  }
}

/** A plain field whose value is a list of things is walked all the same: `sources` holds titles, `bands` holds none. */
const isDeep = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.some((one) => typeof one === 'object' && one !== null && ('name' in one || 'title' in one))

/** Would this word be a name where nobody said so? Ids, paths, addresses, words of letters and digits, words with hyphens. */
function isNameLike(word: string): boolean {
  if (/^\d{12}$/.test(word) || /^\d{1,3}(\.\d{1,3}){3}/.test(word)) return true
  if (/^[\d.,:+-]+[a-z%]{0,3}$/i.test(word)) return false
  if (/^\d{4}-\d\d-\d\d/.test(word)) return false
  if (ownWords.has(word.toLowerCase())) return false
  if (/[@_/:#~]/.test(word)) return word.length > 3 && !/^[a-z]+\/[a-z]+$/.test(word)
  if (/^\p{L}+(-\p{L}+)+$/u.test(word)) return true
  return word.length >= 6 && /\d/.test(word) && /\p{L}/u.test(word)
}

const letters = 'abcdefghijklmnopqrstuvwxyz234567'

/** Six letters out of 53 bits of a mixing hash (cyrb53): enough to tell names apart, and with its salt no way back. */
function code(text: string): string {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 2654435761)
    b = Math.imul(b ^ unit, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  let bits = (b >>> 0) * 2 ** 21 + (a >>> 11)
  let out = ''
  for (let i = 0; i < 6; i++) {
    out += letters[bits % 32]!
    bits = Math.floor(bits / 32)
  }
  return out
}
