import { randomBytes } from 'node:crypto'
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { canonicalValue, fingerprinter } from './fingerprint.ts'

const fingerprint = fingerprinter(Buffer.alloc(32, 7))
const strong = 'Zx9-wQ27_kLmP0aBvN4e'

describe('fingerprints', () => {
  it('are equal for one value in its several spellings', () => {
    const spellings = [
      strong,
      `${strong}\n`,
      `${strong}\r\n`,
      `postgres://app:${strong}@db.shop.example/shop`,
      `Server=db;User Id=app;Password=${strong};`,
      `host=db user=app password=${strong}`,
    ]
    expect(new Set(spellings.map((value) => fingerprint(value, 'password'))).size).toBe(1)
  })
  it('differ by kind and by key, and only equal key ids compare', () => {
    const other = fingerprinter(Buffer.alloc(32, 8))(strong, 'password')!
    const mine = fingerprint(strong, 'password')!
    expect(fingerprint(strong, 'token')).not.toBe(mine)
    expect(other.split(':')[1]).not.toBe(mine.split(':')[1])
    expect(mine).toMatch(/^fp1:[0-9a-f]{8}:[0-9a-f]{32}$/)
  })
  it.each(['short', 'password12345', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'abababababababababababab', ''])(
    'are not made of what could be guessed: %s',
    (value) => expect(fingerprint(value, 'password')).toBeUndefined(),
  )
  it('take the password of an address as it is typed, escapes undone', () => {
    expect(canonicalValue('amqp://u:p%40ss@h/x')).toBe('p@ss')
    expect(canonicalValue('amqp://u:p%zz@h')).toBe('p%zz')
    expect(canonicalValue('https://shop.example/a:b@c')).toBe('https://shop.example/a:b@c')
  })
})

property.prop([fc.uint8Array({ minLength: 24, maxLength: 64 })])('never hold any of the value', (bytes) => {
  const value = Buffer.from(bytes).toString('base64')
  const made = fingerprinter(randomBytes(32))(value, 'x')
  if (made !== undefined) expect(made).not.toContain(value.slice(0, 8))
})
