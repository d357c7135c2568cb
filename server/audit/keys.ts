import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'

const KEY_BYTES = 32
/** RFC 8410: a PKCS #8 wrapping of 32 bytes of Ed25519. */
const ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/** What entries are chained and checkpoints are signed with. All of it follows from 32 secret bytes. */
export interface AuditKeys {
  /** First 16 hex digits of the SHA-256 of the public key. */
  readonly id: string
  readonly sign: KeyObject
  readonly verify: KeyObject
  /** The public key, PEM: what an auditor needs to check checkpoints and extracts. */
  readonly publicPem: string
  /** HMAC-SHA-256 of previous mac and body, 64 hex digits. */
  mac(prev: string, body: string): string
  /** Keyed, so that who reads the audit cannot try guesses of what somebody asked. 32 hex digits. */
  requestHash(text: string): string
}

export function auditKeys(secret: Uint8Array): AuditKeys {
  const part = (name: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', `keyfall audit ${name}`, KEY_BYTES))
  const [macKey, requestKey] = [part('chain'), part('request')]
  const sign = createPrivateKey({
    key: Buffer.concat([ED25519_PREFIX, part('checkpoint')]),
    format: 'der',
    type: 'pkcs8',
  })
  const verify = createPublicKey(sign)
  return {
    id: keyIdOf(verify),
    sign,
    verify,
    publicPem: verify.export({ type: 'spki', format: 'pem' }).toString(),
    mac: (prev, body) => createHmac('sha256', macKey).update(Buffer.from(prev, 'hex')).update(body).digest('hex'),
    requestHash: (text) => createHmac('sha256', requestKey).update(text).digest('hex').slice(0, 32),
  }
}

export function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16)
}

/** The key of the audit can be neither read nor made. Nothing is served without one. */
export class NoAuditKey extends Error {
  readonly hint = 'name a file of your own with KEYFALL_AUDIT_KEY_FILE, 0600, outside the data directory'
  constructor(file: string, why: string) {
    super(`the key of the audit, ${file}, ${why}`)
    this.name = 'NoAuditKey'
  }
}

/** Where the key lies: outside the data directory, so that who can edit the entries cannot make their macs. */
export function auditKeyFile(environment: Readonly<Record<string, string | undefined>>): string {
  const { KEYFALL_AUDIT_KEY_FILE: named, XDG_CONFIG_HOME: config } = environment
  return named ?? join(config && isAbsolute(config) ? config : join(homedir(), '.config'), 'keyfall', 'audit.key')
}

/** 32 bytes of that file, made at first use for its owner alone. Throws `NoAuditKey`. */
export function readAuditSecret(file: string): Uint8Array {
  const found = readSecret(file)
  if (found) return found
  try {
    makeSecret(file)
  } catch (error) {
    throw new NoAuditKey(file, `cannot be made (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`)
  }
  const made = readSecret(file)
  if (!made) throw new NoAuditKey(file, 'is gone again')
  return made
}

function readSecret(file: string): Uint8Array | undefined {
  let text: string
  try {
    const mode = statSync(file).mode & 0o777
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new NoAuditKey(file, `is open to others (mode ${mode.toString(8)}): run \`chmod go= ${file}\``)
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (error instanceof NoAuditKey) throw error
    throw new NoAuditKey(file, `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`)
  }
  const secret = Buffer.from(text.trim(), 'base64')
  if (secret.length !== KEY_BYTES) throw new NoAuditKey(file, 'does not hold 32 bytes as base64')
  return secret
}

/** Whole or not at all, and never over another's: two processes that start together end with one key. */
function makeSecret(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  try {
    chmodSync(draft, 0o600)
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
}
