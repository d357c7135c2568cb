import { execFile } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { ConfigError } from '../config.ts'

export const sealWays = ['passphrase', 'keyfile', 'command'] as const
export type SealWay = (typeof sealWays)[number]

/** Where the secret comes from that unseals a store. */
export interface SealSettings {
  readonly way: SealWay
  /** Without anybody: undefined for a passphrase, which somebody has to give. Throws `ConfigError`. */
  secret(): Promise<Uint8Array | undefined>
}

const COMMAND_MS = 30_000
const LEAST_BYTES = 16
const MOST_BYTES = 64 * 1024

/**
 * `KEYFALL_SEAL=passphrase|keyfile|command`, with `KEYFALL_SEAL_KEYFILE` or `KEYFALL_SEAL_COMMAND` (a program and its
 * arguments, no shell). Undefined: not set.
 */
export function sealSettings(environment: Readonly<Record<string, string | undefined>>): SealSettings | undefined {
  const { KEYFALL_SEAL: way, KEYFALL_SEAL_KEYFILE: file, KEYFALL_SEAL_COMMAND: command } = environment
  if (!way) return undefined
  if (way === 'passphrase') return { way, secret: async () => undefined }
  if (way === 'keyfile') {
    if (!file) throw new ConfigError('KEYFALL_SEAL_KEYFILE has to name the key file of KEYFALL_SEAL=keyfile')
    return { way, secret: async () => enough(ofFile(file), 'the key file') }
  }
  if (way === 'command') {
    if (!command) throw new ConfigError('KEYFALL_SEAL_COMMAND has to name the command of KEYFALL_SEAL=command')
    return { way, secret: async () => enough(await ofCommand(command), 'the output of the command') }
  }
  throw new ConfigError('KEYFALL_SEAL must be passphrase, keyfile or command')
}

/** A line end at the end is not of the secret: editors and commands add one. */
export function trimmed(secret: Uint8Array): Uint8Array {
  let end = secret.length
  while (end > 0 && (secret[end - 1] === 0x0a || secret[end - 1] === 0x0d)) end--
  return secret.subarray(0, end)
}

function enough(secret: Uint8Array, what: string): Uint8Array {
  const whole = trimmed(secret)
  if (whole.length < LEAST_BYTES) throw new ConfigError(`${what} is shorter than ${LEAST_BYTES} bytes`)
  return whole
}

function ofFile(file: string): Uint8Array {
  try {
    const { mode, size } = statSync(file)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new ConfigError(`the key file is open to others: run \`chmod go= ${file}\``)
    if (size > MOST_BYTES) throw new ConfigError('the key file is larger than 64 KiB')
    return readFileSync(file)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError(`the key file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`)
  }
}

function ofCommand(command: string): Promise<Uint8Array> {
  const [program, ...given] = command.split(' ').filter(Boolean)
  return new Promise((resolve, reject) => {
    const options = { timeout: COMMAND_MS, maxBuffer: MOST_BYTES, encoding: 'buffer' as const }
    execFile(program!, given, options, (error, out) => {
      // What it printed may be the secret: it is in no message.
      if (error)
        reject(new ConfigError(`the command of KEYFALL_SEAL_COMMAND failed (${String(error.code ?? 'stopped')})`))
      else resolve(out)
    })
  })
}
