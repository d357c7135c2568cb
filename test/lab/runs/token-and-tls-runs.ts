import { APP, atStart, CREDENTIAL, facts, keeps, uses, VAULT } from '../facts.ts'
import { freshName, freshPassword } from '../files.ts'
import type { Make } from '../run.ts'
import { openCertificates, startTls } from '../servers/tls.ts'
import { startIssuer } from '../servers/issuer.ts'

/** Certificates of a real TLS server of Node, and tokens of an issuer of ours (simulated, see issuer.ts). */
export function tokenAndTlsRuns(folder: string): readonly Make[] {
  const certificates = openCertificates(folder)
  return [
    async () => {
      const authority = certificates.authority(freshName())
      const ends = new Date(Math.ceil(Date.now() / 1000) * 1000 + 6_000)
      const files = certificates.issue(authority, freshName(), ends)
      const server = await startTls(files)
      const work = { kind: 'tls', port: server.port, delivery: 'none', ca: authority.cert } as const
      const open = 'lab:open-connection'
      return {
        ...{ name: 'TLS: the server’s certificate ends; handshakes fail, open connections go on', subject: CREDENTIAL },
        ...{ query: { op: 'expire' as const }, watch: 3, begins: ends },
        facts: facts(
          'tls.certificate',
          [uses(APP, VAULT, atStart), uses(open, VAULT, { ...atStart, ...keeps(null) })],
          [{ id: open, kind: 'generic.workload', name: open }],
          { expiresAt: ends.toISOString() },
        ),
        workloads: [
          { id: APP, work },
          { id: open, work: { ...work, keep: 1e9 }, failsAfterRestart: true },
        ],
        act: async () => undefined,
        end: () => void server.stop(),
      }
    },
    async () => {
      const [servers, clients] = [certificates.authority(freshName()), certificates.authority(freshName())]
      const other = certificates.authority(freshName())
      const later = new Date(Date.now() + 3_600_000)
      const files = certificates.issue(servers, freshName(), later)
      const own = certificates.issue(clients, freshName(), later)
      const server = await startTls({ ...files, ca: clients.cert })
      const work = { kind: 'tls', port: server.port, delivery: 'none', ca: servers.cert, ...own } as const
      return {
        ...{ name: 'TLS: the authority of client certificates is no longer trusted', subject: CREDENTIAL, watch: 3 },
        query: { op: 'revoke' },
        facts: facts('ca.issuer', [uses(APP, VAULT, atStart)]),
        workloads: [{ id: APP, work }],
        // The server reads its trust anew at once; the product allows three days for trust stores in general.
        act: async () => server.use({ ...files, ca: other.cert }),
        end: () => void server.stop(),
      }
    },
    async () => {
      const LIFETIME_S = 3
      const issuer = await startIssuer(LIFETIME_S * 1000)
      const login = { user: freshName(), password: freshPassword() }
      issuer.clients.set(login.user, login.password)
      return {
        ...{
          name: 'Tokens: the secret is revoked, what it was traded for lives its 3 s',
          subject: CREDENTIAL,
          watch: 5,
        },
        query: { op: 'revoke' },
        facts: facts('generic.api_key', [uses(APP, VAULT, { ...atStart, ...keeps(LIFETIME_S) })]),
        workloads: [
          { id: APP, work: { kind: 'token', port: issuer.port, delivery: 'env', secret: login, keep: 2_600 } },
        ],
        act: async () => void issuer.clients.delete(login.user),
        end: () => void issuer.stop(),
      }
    },
  ]
}
