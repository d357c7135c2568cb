import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { z } from 'zod'
import { ConfigError } from '../config.ts'

const KEY_BYTES = 32
/** 128 MiB and some 0.4 s for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1 }
const MOST_MEMORY = 256 * 2 ** 20

const base64 = z.base64()
/** The data key as it lies in the store: opened by who has the secret, and by nobody else. */
export const WrappedKey = z.object({
  v: z.literal(1),
  kdf: z.literal('scrypt'),
  N: z
    .int()
    .min(2 ** 14)
    .max(2 ** 20),
  r: z.literal(8),
  p: z.literal(1),
  salt: base64,
  nonce: base64,
  key: base64,
  tag: base64,
})
export type WrappedKey = z.infer<typeof WrappedKey>

/** The secret does not open this store. */
export class WrongSecret extends ConfigError {
  readonly hint = 'check the passphrase, the key file or the command of KEYFALL_SEAL'
  constructor() {
    super('this secret does not unseal the store')
    this.name = 'WrongSecret'
  }
}

/** A fresh data key, and what is kept of it. `secret`: a passphrase, or the bytes of a key file or of a command. */
export async function makeWrapped(secret: Uint8Array): Promise<{ key: Buffer; wrapped: WrappedKey }> {
  const [key, salt, nonce] = [randomBytes(KEY_BYTES), randomBytes(16), randomBytes(12)]
  const head = {
    v: 1 as const,
    kdf: 'scrypt' as const,
    ...COST,
    r: 8 as const,
    p: 1 as const,
    salt: salt.toString('base64'),
  }
  const cipher = createCipheriv('aes-256-gcm', await stretched(secret, salt, COST.N), nonce).setAAD(aadOf(head))
  const sealed = Buffer.concat([cipher.update(key), cipher.final()])
  const [text, tag] = [sealed.toString('base64'), cipher.getAuthTag().toString('base64')]
  return { key, wrapped: { ...head, nonce: nonce.toString('base64'), key: text, tag } }
}

/** Throws `WrongSecret`. */
export async function openWrapped(wrapped: WrappedKey, secret: Uint8Array): Promise<Buffer> {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64')
  const { nonce, key, tag, ...head } = wrapped
  const wrap = await stretched(secret, bytes(wrapped.salt), wrapped.N)
  try {
    const decipher = createDecipheriv('aes-256-gcm', wrap, bytes(nonce), { authTagLength: 16 })
    decipher.setAAD(aadOf(head)).setAuthTag(bytes(tag))
    return Buffer.concat([decipher.update(bytes(key)), decipher.final()])
  } catch {
    throw new WrongSecret()
  }
}

/** The cost is bound too: it can't be lowered in the store. */
function aadOf({ v, kdf, N, r, p, salt }: Omit<WrappedKey, 'nonce' | 'key' | 'tag'>): Buffer {
  return Buffer.from(JSON.stringify(['keyfall seal', v, kdf, N, r, p, salt]))
}

function stretched(secret: Uint8Array, salt: Uint8Array, N: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, KEY_BYTES, { ...COST, N, maxmem: MOST_MEMORY }, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}
