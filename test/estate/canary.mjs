/**
 * Where a real export carries a secret value, this one carries a canary. It must be found nowhere after an import.
 * `label` says where it was planted, so a leak names its source. Numbered from the label, not from a counter: adding
 * one canary moves no other.
 */
import { hash } from './prng.mjs'

export function canary(label) {
  const name = label.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 40)
  return `KEYFALL-CANARY-${hash(label) % 100_000}-${name}`
}

export const base64 = (text) => Buffer.from(text, 'utf8').toString('base64')

/** A canary as Kubernetes stores it. */
export const canary64 = (label) => base64(canary(label))
