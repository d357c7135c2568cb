import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { freePort, launchServer, program } from './process.ts'

export interface Sshd {
  readonly port: number
  readonly account: string
  /** A new key pair; where the private half lies, and the public line. */
  keyPair(name: string): { readonly key: string; readonly line: string }
  authorize(line: string): void
  /** Leaves these lines and no other. */
  authorizeOnly(lines: readonly string[]): void
  /** A certificate for the key, valid until then (whole seconds), beside it where `ssh` finds it. */
  certify(key: string, until: Date): void
  stop(): Promise<void>
}

export const sshPrograms = ['sshd', 'ssh', 'ssh-keygen']

/** A real OpenSSH server for the account that runs the laboratory, on loopback, with keys of its own. */
export async function startSshd(folder: string): Promise<Sshd> {
  const port = await freePort()
  const home = join(folder, 'ssh')
  mkdirSync(home, { mode: 0o700 })
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  const keyPair = (name: string): { key: string; line: string } => {
    const key = join(home, name)
    rmSync(key, { force: true })
    execFileSync(program('ssh-keygen')!, ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', key])
    return { key, line: readFileSync(`${key}.pub`, 'utf8').trim() }
  }
  const host = keyPair('host')
  const authority = keyPair('authority')
  const authorized = join(home, 'authorized_keys')
  writeFileSync(authorized, '', { mode: 0o600 })
  const config = join(home, 'sshd_config')
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${host.key}`,
    `AuthorizedKeysFile ${authorized}`,
    `TrustedUserCAKeys ${authority.key}.pub`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'MaxStartups 200',
    'LogLevel ERROR',
  ]
  writeFileSync(config, `${settings.join('\n')}\n`)
  const server = await launchServer(program('sshd')!, ['-D', '-f', config], port)
  const account = userInfo().username
  return {
    port,
    account,
    keyPair,
    authorize: (line) => appendFileSync(authorized, `${line}\n`),
    authorizeOnly: (lines) => writeFileSync(authorized, lines.map((line) => `${line}\n`).join('')),
    certify(key, until) {
      const time = `${until.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`
      execFileSync(
        program('ssh-keygen')!,
        ['-q', '-s', authority.key, '-I', 'lab', '-n', account, '-V', `20200101000000Z:${time}`, `${key}.pub`],
        { stdio: 'ignore' },
      )
    },
    stop: server.stop,
  }
}
