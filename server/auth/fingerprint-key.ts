import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'

const KEY_BYTES = 32

/**
 * The key of this installation's fingerprints: outside the data directory, so that a copy of the data is no oracle
 * for guessed values. Made at first use. Undefined where it can be neither read nor written: then no two values are
 * linked, which hides copies but gives nothing away.
 */
export function fingerprintKey(environment: Readonly<Record<string, string | undefined>>): Uint8Array | undefined {
  const file = environment.KEYFALL_FINGERPRINT_KEY_FILE ?? join(configHome(environment), 'keyfall', 'fingerprint.key')
  try {
    return keyOf(readFileSync(file, 'utf8'))
  } catch {
    try {
      const key = randomBytes(KEY_BYTES)
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      writeFileSync(file, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
      return key
    } catch {
      return undefined
    }
  }
}

function configHome({ XDG_CONFIG_HOME: given }: Readonly<Record<string, string | undefined>>): string {
  return given && isAbsolute(given) ? given : join(homedir(), '.config')
}

function keyOf(text: string): Uint8Array | undefined {
  const key = Buffer.from(text.trim(), 'base64')
  return key.length === KEY_BYTES ? key : undefined
}
