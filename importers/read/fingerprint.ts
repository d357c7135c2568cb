import { createHmac } from 'node:crypto'

const MIN_BYTES = 16
const MIN_ENTROPY_BITS = 64
const FINGERPRINT_BYTES = 16
const KEY_ID_BYTES = 4

/**
 * Keyed fingerprints of secret values (security-reliability.md 3.5), so that two places with one value are found
 * without keeping it: the first 128 bits of HMAC-SHA-256 as `fp1:<key id>:<hex>`. Only equal key ids compare.
 * Undefined for values under 16 bytes or an estimated 64 bits of entropy: those could be found again by guessing.
 * @param key 32 random bytes of the installation.
 */
export function fingerprinter(key: Uint8Array): (value: string, kind: string) => string | undefined {
  const keyId = createHmac('sha256', key)
    .update('keyfall fingerprint key id')
    .digest('hex')
    .slice(0, KEY_ID_BYTES * 2)
  return (value, kind) => {
    const bytes = Buffer.from(canonicalValue(value), 'utf8')
    if (bytes.length < MIN_BYTES || entropyBits(bytes) < MIN_ENTROPY_BITS) return undefined
    const digest = createHmac('sha256', key).update('kf1\0').update(kind).update('\0').update(bytes).digest()
    return `fp1:${keyId}:${digest.subarray(0, FINGERPRINT_BYTES).toString('hex')}`
  }
}

/**
 * One spelling of one value: without the newline that editors add at its end, and of a URL or a connection string
 * only the password. What a platform encodes (base64 in Kubernetes) its importer decodes.
 */
export function canonicalValue(value: string): string {
  const line = value.endsWith('\r\n') ? value.slice(0, -2) : value.endsWith('\n') ? value.slice(0, -1) : value
  return passwordOfUrl(line) ?? passwordOfConnectionString(line) ?? line
}

/** `postgres://app:PASSWORD@db/shop`. */
function passwordOfUrl(text: string): string | undefined {
  const start = text.indexOf('://')
  if (start < 1 || text.includes('\n')) return undefined
  const authority = text.slice(start + 3).split('/', 1)[0]!
  const at = authority.lastIndexOf('@')
  const colon = authority.indexOf(':')
  if (at < 0 || colon < 0 || colon > at) return undefined
  const password = authority.slice(colon + 1, at)
  try {
    return decodeURIComponent(password)
  } catch {
    return password
  }
}

const passwordFields = new Set(['password', 'pwd', 'accountkey', 'sharedaccesskey'])

/** `Server=db;User Id=app;Password=PASSWORD`, `host=db password=PASSWORD`. */
function passwordOfConnectionString(text: string): string | undefined {
  if (text.includes('\n')) return undefined
  const parts = text.split(text.includes(';') ? ';' : ' ')
  if (parts.length < 2) return undefined
  for (const part of parts) {
    const equals = part.indexOf('=')
    if (equals > 0 && passwordFields.has(part.slice(0, equals).trim().toLowerCase()))
      return part.slice(equals + 1).trim()
  }
  return undefined
}

/** Shannon's measure over the bytes, times their number: too low for passphrases, which is the safe side. */
export function entropyBits(bytes: Uint8Array): number {
  const counts = new Uint32Array(256)
  for (const byte of bytes) counts[byte]!++
  let bits = 0
  for (const count of counts) if (count > 0) bits -= count * Math.log2(count / bytes.length)
  return bits
}
