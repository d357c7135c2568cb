import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { cipherOf } from '../../server/seal/cipher.ts'
import { sealSettings } from '../../server/seal/settings.ts'
import { makeWrapped, openWrapped } from '../../server/seal/wrap.ts'
import { sealedStore } from '../../server/seal/sealed-store.ts'
import { describeStore } from './contract.ts'
import { embeddedPlace } from './embedded-place.ts'
import { memoryStore } from './memory-store.ts'
import type { StoreUnderTest } from './contract.ts'

/** The same store with everything in it sealed. */
export function sealed<T extends StoreUnderTest>(place: T, key: Uint8Array = randomBytes(32)): StoreUnderTest {
  return { open: async () => sealedStore(await place.open(), key), remove: () => place.remove() }
}

describeStore('sealed embedded', async () => sealed(await embeddedPlace()))
describeStore('sealed memory', async () => sealed(memoryStore()))

describe('sealed bytes', () => {
  const key = randomBytes(32)
  const cipher = cipherOf(key)

  it('open in their own row, with their own key, unchanged; nowhere else', () => {
    const plain = Buffer.from('who can reach what')
    const sealed = cipher.seal('row 1', plain)
    expect(cipher.open('row 1', sealed)).toEqual(plain)
    expect(sealed.includes('reach')).toBe(false)
    expect(cipher.seal('row 1', plain)).not.toEqual(sealed)
    expect(cipher.open('row 2', sealed)).toBeUndefined()
    expect(cipherOf(randomBytes(32)).open('row 1', sealed)).toBeUndefined()
    for (let at = 0; at < sealed.length; at++)
      for (const bit of [1, 128]) {
        const flipped = Buffer.from(sealed)
        flipped[at] = flipped[at]! ^ bit
        expect(cipher.open('row 1', flipped)).toBeUndefined()
      }
    for (let end = 0; end < sealed.length; end++) expect(cipher.open('row 1', sealed.subarray(0, end))).toBeUndefined()
  })

  it('rows that were put in each other’s place are found', async () => {
    const place = memoryStore()
    const inner = await place.open()
    const store = sealedStore(inner, key)
    await store.docs.put('plan', 'a', 0, Buffer.from('one'))
    await store.docs.put('plan', 'b', 0, Buffer.from('two'))
    await store.audit.append('c', 1, 'first')
    await store.audit.append('c', 2, 'second')
    const [a, b] = ['a', 'b'].map((id) => cipher.nameOf('document plan', id))
    const kind = cipher.nameOf('kind', 'plan')
    const other = (await inner.docs.get(kind, b!))!
    await inner.docs.remove(kind, a!, 1)
    await inner.docs.put(kind, a!, 0, other.bytes)
    await expect(store.docs.get('plan', 'a')).rejects.toMatchObject({ name: 'CorruptSegment' })
    const [first] = await inner.audit.read('c', 0, 1)
    const swapped = { ...inner, audit: { ...inner.audit, read: async () => [{ seq: 2, body: first!.body }] } }
    await expect(sealedStore(swapped, key).audit.read('c', 1, 1)).rejects.toMatchObject({ name: 'CorruptSegment' })
  })

  it('the wrapped key opens with its secret alone, and its cost is bound to it', async () => {
    const { key: made, wrapped } = await makeWrapped(Buffer.from('a long passphrase'))
    expect(wrapped.N).toBe(2 ** 17)
    expect(await openWrapped(wrapped, Buffer.from('a long passphrase'))).toEqual(made)
    await expect(openWrapped(wrapped, Buffer.from('a long passphrasf'))).rejects.toMatchObject({ name: 'WrongSecret' })
    await expect(openWrapped({ ...wrapped, N: 2 ** 16 }, Buffer.from('a long passphrase'))).rejects.toMatchObject({
      name: 'WrongSecret',
    })
    expect(JSON.stringify(wrapped)).not.toContain(made.toString('base64'))
  })

  it.each([
    [{ KEYFALL_SEAL: 'maybe' }, 'must be passphrase, keyfile or command'],
    [{ KEYFALL_SEAL: 'keyfile' }, 'KEYFALL_SEAL_KEYFILE'],
    [{ KEYFALL_SEAL: 'command' }, 'KEYFALL_SEAL_COMMAND'],
  ])('%j says what is missing', (environment, words) => {
    expect(() => sealSettings(environment)).toThrow(words)
  })

  it('a command gives the secret, and what it prints is in no message', async () => {
    const command = (text: string) => sealSettings({ KEYFALL_SEAL: 'command', KEYFALL_SEAL_COMMAND: text })!.secret()
    expect(Buffer.from((await command('printf 0123456789abcdef\\n'))!).toString()).toBe('0123456789abcdef')
    await expect(command('printf short')).rejects.toThrow('shorter than 16 bytes')
    const failure = await command('cat /nowhere/KEYFALL-CANARY').catch((error: Error) => error.message)
    expect(failure).toContain('failed')
    expect(failure).not.toContain('CANARY')
  })
})
