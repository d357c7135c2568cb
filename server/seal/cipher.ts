import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

const NONCE = 12
const TAG = 16

/** What a data key does. `row`: the identity of what is sealed; sealed bytes do not open in another row's place. */
export interface Cipher {
  seal(row: string, plain: Uint8Array): Buffer
  /** Undefined: these are not bytes that were sealed for this row with this key. */
  open(row: string, sealed: Uint8Array): Buffer | undefined
  /** A name that says nothing and is the same each time: 32 hex digits. */
  nameOf(what: string, name: string): string
}

/** AES-256-GCM with a random 96-bit nonce before, and the tag after, the encrypted bytes. `key`: 32 bytes. */
export function cipherOf(key: Uint8Array): Cipher {
  const part = (name: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', `keyfall seal ${name}`, 32))
  const [dataKey, nameKey] = [part('data'), part('names')]
  return {
    seal(row, plain) {
      const nonce = randomBytes(NONCE)
      const cipher = createCipheriv('aes-256-gcm', dataKey, nonce).setAAD(Buffer.from(row))
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    open(row, sealed) {
      if (sealed.length < NONCE + TAG) return undefined
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
      const decipher = createDecipheriv('aes-256-gcm', dataKey, bytes.subarray(0, NONCE), { authTagLength: TAG })
      decipher.setAAD(Buffer.from(row)).setAuthTag(bytes.subarray(bytes.length - TAG))
      try {
        return Buffer.concat([decipher.update(bytes.subarray(NONCE, bytes.length - TAG)), decipher.final()])
      } catch {
        return undefined
      }
    },
    nameOf: (what, name) => createHmac('sha256', nameKey).update(`${what}\0${name}`).digest('hex').slice(0, 32),
  }
}
