import { APP, atStart, CREDENTIAL, facts, keeps, uses, VAULT } from '../facts.ts'
import { fileWith, freshName } from '../files.ts'
import type { Make } from '../run.ts'
import type { Sshd } from '../servers/sshd.ts'

/** Keys and certificates of OpenSSH are looked at when somebody comes in, never again. */
export function sshRuns(server: Sshd, folder: string): readonly Make[] {
  const base = { kind: 'ssh', port: server.port, account: server.account, delivery: 'file', every: 150 } as const
  const lines = new Set<string>()
  const newKey = (): { key: string; line: string; file: string } => {
    const pair = server.keyPair(freshName())
    lines.add(pair.line)
    server.authorizeOnly([...lines])
    return { ...pair, file: fileWith(folder, { key: pair.key }) }
  }
  const remove = async (line: string): Promise<void> => {
    lines.delete(line)
    server.authorizeOnly([...lines])
  }
  return [
    async () => {
      const { line, file } = newKey()
      return {
        ...{ name: 'SSH: the key is removed; a session each time', subject: CREDENTIAL, watch: 3 },
        query: { op: 'revoke' },
        facts: facts('ssh.authorized_key', [uses(APP, VAULT, atStart)]),
        workloads: [{ id: APP, work: { ...base, file } }],
        act: () => remove(line),
      }
    },
    async () => {
      const { line, file } = newKey()
      return {
        ...{ name: 'SSH: the key is removed; an open session goes on', subject: CREDENTIAL, watch: 3 },
        query: { op: 'revoke' },
        facts: facts('ssh.authorized_key', [uses(APP, VAULT, { ...atStart, ...keeps(null) })]),
        workloads: [{ id: APP, work: { ...base, file, keep: 1e9 }, failsAfterRestart: true }],
        act: () => remove(line),
      }
    },
    async () => {
      const pair = server.keyPair(freshName())
      // Whole seconds: sshd takes the certificate up to, not in, the second in which it ends.
      const ends = new Date(Math.ceil(Date.now() / 1000) * 1000 + 8_000)
      server.certify(pair.key, ends)
      const file = fileWith(folder, { key: pair.key })
      return {
        ...{ name: 'SSH: a certificate ends; a session each time', subject: CREDENTIAL, watch: 3, begins: ends },
        query: { op: 'expire' },
        facts: facts('ssh.user_certificate', [uses(APP, VAULT, atStart)], [], { expiresAt: ends.toISOString() }),
        workloads: [{ id: APP, work: { ...base, file } }],
        act: async () => undefined,
      }
    },
  ]
}
