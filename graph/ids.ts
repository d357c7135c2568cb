import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'

/** RFC 4648 base32, lower case: letters and digits that survive a URL, a file name and a phone call. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const ID_LENGTH = 16

/**
 * Opaque id of whatever has this canonical key: the first 80 bits of its SHA-256, 16 characters of `[a-z2-7]`.
 * The same key gives the same id on every machine and in every import, so links stay true. This is the only place
 * where ids are made. With a million things the chance of any collision is about 4 in 10^13.
 */
export function idOf(key: string): string {
  const digest = sha256(utf8ToBytes(key))
  let text = ''
  let bits = 0
  let held = 0
  for (let i = 0; text.length < ID_LENGTH; i++) {
    held = (held << 8) | digest[i]!
    bits += 8
    while (bits >= 5 && text.length < ID_LENGTH) {
      bits -= 5
      text += alphabet[(held >>> bits) & 31]
    }
    held &= (1 << bits) - 1
  }
  return text
}

/** Canonical key of a relationship: its own id where it has one, else kind and ends. */
export function relationshipKey(relationship: {
  id?: string | undefined
  kind: string
  from: string
  to: string
}): string {
  return relationship.id ?? `${relationship.kind} ${relationship.from} > ${relationship.to}`
}
