import { APP, atStart, CREDENTIAL, facts, keeps, uses, VAULT, within, workload } from '../facts.ts'
import { after, fileWith, put } from '../files.ts'
import type { Make } from '../run.ts'
import { startFront } from '../servers/issuer.ts'
import { canConnect, newRole, type Postgres } from '../servers/postgres.ts'

const KIND = 'db.postgres_password'

/** What is done to a login, and what stands beside it: an overlap, a fallback, somebody who depends on the workload. */
export function postgresActions(server: Postgres, folder: string): readonly Make[] {
  const base = { kind: 'postgres', port: server.port } as const
  const sql = async (text: string): Promise<void> => void (await server.sql(text))

  return [
    async (clock) => {
      const [login, next] = [await newRole(server), await newRole(server)]
      const vault = fileWith(folder, login)
      return {
        ...{ name: 'alternating users, 3 s of overlap, polls every 2 s: nothing', subject: CREDENTIAL, watch: 6 },
        query: { op: 'rotate', overlap: 3 },
        facts: facts(KIND, [uses(APP, VAULT, within(2))]),
        workloads: [{ id: APP, work: { ...base, delivery: 'poll', file: vault, refresh: 1_600 } }],
        act: async () => {
          put(vault, next)
          after(3_000, clock, () => sql(`alter role ${login.user} nologin`))
        },
      }
    },
    async (clock) => {
      const [login, next] = [await newRole(server), await newRole(server)]
      const vault = fileWith(folder, login)
      return {
        ...{ name: 'alternating users, 1 s of overlap, polls every 4 s: too short', subject: CREDENTIAL, watch: 6 },
        query: { op: 'rotate', overlap: 1 },
        facts: facts(KIND, [uses(APP, VAULT, within(4))]),
        workloads: [{ id: APP, work: { ...base, delivery: 'poll', file: vault, refresh: 3_500 } }],
        act: async () => {
          put(vault, next)
          after(1_000, clock, () => sql(`alter role ${login.user} nologin`))
        },
      }
    },
    async () => {
      const login = await newRole(server)
      return {
        ...{ name: 'revoke (no password any more); a connection each time', subject: CREDENTIAL, watch: 2 },
        query: { op: 'revoke' },
        facts: facts(KIND, [uses(APP, VAULT, atStart)]),
        workloads: [{ id: APP, work: { ...base, delivery: 'env', secret: login } }],
        act: () => sql(`alter role ${login.user} password null`),
      }
    },
    async (clock) => {
      const login = await newRole(server)
      return {
        ...{ name: 'disable for 3 s; a connection each time', subject: CREDENTIAL, watch: 5 },
        query: { op: 'disable', lasts: 3 },
        facts: facts(KIND, [uses(APP, VAULT, atStart)]),
        workloads: [{ id: APP, work: { ...base, delivery: 'env', secret: login } }],
        act: async () => {
          await sql(`alter role ${login.user} nologin`)
          after(3_000, clock, () => sql(`alter role ${login.user} login`))
        },
      }
    },
    async () => {
      const login = await newRole(server)
      const young = 'lab:young-connections'
      return {
        ...{ name: 'disable; one connection for ever goes on, those kept 2 s end', subject: CREDENTIAL, watch: 4 },
        query: { op: 'disable' },
        facts: facts(
          KIND,
          [uses(APP, VAULT, { ...atStart, ...keeps(null) }), uses(young, VAULT, { ...atStart, ...keeps(2) })],
          [workload(young)],
        ),
        workloads: [
          { id: APP, work: { ...base, delivery: 'env', secret: login, keep: 1e9 }, failsAfterRestart: true },
          { id: young, work: { ...base, delivery: 'env', secret: login, keep: 1_700 } },
        ],
        act: () => sql(`alter role ${login.user} nologin`),
      }
    },
    async () => {
      const login = await newRole(server)
      const ends = new Date(Date.now() + 6_000)
      await sql(`alter role ${login.user} valid until '${ends.toISOString()}'`)
      return {
        ...{ name: 'expire (valid until)', subject: CREDENTIAL, watch: 2, begins: ends },
        query: { op: 'expire' },
        facts: facts(KIND, [uses(APP, VAULT, atStart)], [], { expiresAt: ends.toISOString() }),
        workloads: [{ id: APP, work: { ...base, delivery: 'env', secret: login } }],
        act: async () => undefined,
      }
    },
    async () => {
      const login = await newRole(server)
      return {
        ...{ name: 'disable; a job that runs every 2 s', subject: CREDENTIAL, watch: 5 },
        query: { op: 'disable' },
        facts: facts(KIND, [uses(APP, VAULT, { ...atStart, cadence: 2 })]),
        workloads: [{ id: APP, work: { ...base, delivery: 'env', secret: login, every: 1_700 } }],
        act: () => sql(`alter role ${login.user} nologin`),
      }
    },
    async () => {
      const [login, second] = [await newRole(server), await newRole(server)]
      const [vault, fallback] = [fileWith(folder, login), fileWith(folder, second)]
      const other = 'lab:second-vault'
      return {
        ...{ name: 'disable; a fallback to a second login carries it', subject: CREDENTIAL, watch: 3 },
        query: { op: 'disable' },
        facts: facts(
          KIND,
          [
            uses(APP, VAULT, { ...within(0), need: 'database' }),
            uses(APP, other, { ...within(0), need: 'database' }),
            { kind: 'HOLDS', from: other, to: 'lab:second' },
          ],
          [
            { id: 'lab:second', kind: KIND, name: 'lab:second' },
            { id: other, kind: 'vault.kv2_secret', name: other },
          ],
        ),
        workloads: [{ id: APP, work: { ...base, delivery: 'file', file: vault, fallback } }],
        act: () => sql(`alter role ${login.user} nologin`),
      }
    },
    async (clock) => {
      const login = await newRole(server)
      const front = await startFront(() => canConnect(server, login))
      const api = 'lab:api'
      return {
        ...{ name: 'disable for 3 s; who depends on the workload fails with it', subject: CREDENTIAL, watch: 6 },
        query: { op: 'disable', lasts: 3 },
        facts: facts(KIND, [uses(api, VAULT, atStart), { kind: 'DEPENDS_ON', from: APP, to: api }], [workload(api)]),
        workloads: [{ id: APP, work: { kind: 'http', port: front.port, delivery: 'none' } }],
        act: async () => {
          await sql(`alter role ${login.user} nologin`)
          after(3_000, clock, () => sql(`alter role ${login.user} login`))
        },
        end: () => void front.stop(),
      }
    },
  ]
}
