import { APP, atStart, COPY, CREDENTIAL, facts, keeps, uses, VAULT, within, workload } from '../facts.ts'
import { copyEvery, fileWith, freshPassword, put, type Login } from '../files.ts'
import type { Make } from '../run.ts'
import { newRole, setPassword, type Postgres } from '../servers/postgres.ts'

const KIND = 'db.postgres_password'
const inPlace = { op: 'rotate', overlap: 0 } as const

/** The password of a role is changed in place; what differs is how each workload comes by the new one. */
export function postgresDelivery(server: Postgres, folder: string): readonly Make[] {
  const base = { kind: 'postgres', port: server.port } as const
  const common = { subject: CREDENTIAL, query: inPlace }
  /** The new value is in the vault at the moment the old one is refused. */
  const rotate = async (login: Login, vault?: string): Promise<void> => {
    const next = { ...login, password: freshPassword() }
    if (vault !== undefined) put(vault, next)
    await setPassword(server, next)
  }
  const operated = [{ kind: 'SYNCED_FROM', from: COPY, to: VAULT, pickup: [0, 2] as [number, number] }] as const
  const copy = [{ id: COPY, kind: 'k8s.secret_object', name: COPY }] as const

  return [
    async () => {
      const login = await newRole(server)
      const next = { ...login, password: freshPassword() }
      return {
        ...{ ...common, name: 'rotate; environment, a connection each time', watch: 2 },
        facts: facts(KIND, [uses(APP, VAULT, atStart)]),
        workloads: [{ id: APP, work: { ...base, delivery: 'env', secret: login }, restartWith: next }],
        act: () => setPassword(server, next),
      }
    },
    async () => {
      const login = await newRole(server)
      return {
        ...{ ...common, name: 'rotate; environment, connections kept 2 s', watch: 4 },
        facts: facts(KIND, [uses(APP, VAULT, { ...atStart, ...keeps(2) })]),
        workloads: [{ id: APP, work: { ...base, delivery: 'env', secret: login, keep: 1_700 } }],
        act: () => rotate(login),
      }
    },
    async () => {
      const login = await newRole(server)
      return {
        ...{ ...common, name: 'rotate; environment, one connection for ever: hidden until a restart', watch: 3 },
        facts: facts(KIND, [uses(APP, VAULT, { ...atStart, ...keeps(null) })]),
        workloads: [{ id: APP, work: { ...base, delivery: 'env', secret: login, keep: 1e9 }, failsAfterRestart: true }],
        act: () => rotate(login),
      }
    },
    async () => {
      const login = await newRole(server)
      const vault = fileWith(folder, login)
      return {
        ...{ ...common, name: 'rotate; polls the vault every 2 s', watch: 4 },
        facts: facts(KIND, [uses(APP, VAULT, within(2))]),
        workloads: [{ id: APP, work: { ...base, delivery: 'poll', file: vault, refresh: 1_600 } }],
        act: () => rotate(login, vault),
      }
    },
    async () => {
      const login = await newRole(server)
      const vault = fileWith(folder, login)
      return {
        ...{ ...common, name: 'rotate; cached for 3 s', watch: 5 },
        facts: facts(KIND, [uses(APP, VAULT, within(3))]),
        workloads: [{ id: APP, work: { ...base, delivery: 'cached', file: vault, refresh: 2_500 } }],
        act: () => rotate(login, vault),
      }
    },
    async () => {
      const login = await newRole(server)
      const vault = fileWith(folder, login)
      return {
        ...{ ...common, name: 'rotate; polls every 2 s, connections kept 3 s', watch: 6 },
        facts: facts(KIND, [uses(APP, VAULT, { ...within(2), ...keeps(3) })]),
        workloads: [{ id: APP, work: { ...base, delivery: 'poll', file: vault, refresh: 1_600, keep: 2_600 } }],
        act: () => rotate(login, vault),
      }
    },
    async (clock) => {
      const login = await newRole(server)
      const [vault, file] = [fileWith(folder, login), fileWith(folder, login)]
      return {
        ...{ ...common, name: 'rotate; an operator brings a file every 2 s, read at each connection', watch: 4 },
        facts: facts(KIND, [...operated, uses(APP, COPY, { delivery: 'file_refresh', pickup: [0, 0] })], copy),
        workloads: [{ id: APP, work: { ...base, delivery: 'file', file } }],
        act: () => rotate(login, vault),
        end: copyEvery(1_600, vault, file, clock),
      }
    },
    async (clock) => {
      const login = await newRole(server)
      const [vault, file] = [fileWith(folder, login), fileWith(folder, login)]
      return {
        ...{ ...common, name: 'rotate; an operator every 2 s, and the workload polls every 2 s', watch: 6 },
        facts: facts(KIND, [...operated, uses(APP, COPY, within(2))], copy),
        workloads: [{ id: APP, work: { ...base, delivery: 'poll', file, refresh: 1_600 } }],
        act: () => rotate(login, vault),
        end: copyEvery(1_600, vault, file, clock),
      }
    },
    async () => {
      const login = await newRole(server)
      const [vault, file] = [fileWith(folder, login), fileWith(folder, login)]
      const forgotten = 'lab:forgotten'
      return {
        ...{ ...common, name: 'rotate; a forgotten copy beside one that polls', watch: 4 },
        facts: facts(
          KIND,
          [
            { kind: 'HOLDS', from: COPY, to: CREDENTIAL },
            uses(APP, VAULT, within(2)),
            uses(forgotten, COPY, { delivery: 'file_refresh', pickup: [0, 0] }),
          ],
          [...copy, workload(forgotten)],
        ),
        workloads: [
          { id: APP, work: { ...base, delivery: 'poll', file: vault, refresh: 1_600 } },
          { id: forgotten, work: { ...base, delivery: 'file', file } },
        ],
        act: () => rotate(login, vault),
      }
    },
  ]
}
