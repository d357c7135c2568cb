import { APP, atStart, CREDENTIAL, facts, keeps, uses, VAULT, within } from '../facts.ts'
import { after, fileWith, freshName, freshPassword, put, type Login } from '../files.ts'
import type { Make } from '../run.ts'
import type { Redis } from '../servers/redis.ts'

const KIND = 'db.redis_acl_user'

/** ACL users of Redis: deleting one cuts its connections, switching it off or changing its password does not. */
export function redisRuns(server: Redis, folder: string): readonly Make[] {
  const base = { kind: 'redis', port: server.port } as const
  const acl = async (user: string, ...rules: string[]): Promise<void> =>
    void (await server.send('ACL', 'SETUSER', user, ...rules))
  const newUser = async (): Promise<Login> => {
    const login = { user: freshName(), password: freshPassword() }
    await acl(login.user, 'on', `>${login.password}`, '~*', '+@all')
    return login
  }
  return [
    async () => {
      const login = await newUser()
      return {
        ...{ name: 'Redis: revoke (DELUSER) cuts a connection for ever', subject: CREDENTIAL, watch: 2 },
        query: { op: 'revoke' },
        facts: facts(KIND, [uses(APP, VAULT, { delivery: 'env_at_start', session: undefined })]),
        workloads: [{ id: APP, work: { ...base, delivery: 'env', secret: login, keep: 1e9 } }],
        act: async () => void (await server.send('ACL', 'DELUSER', login.user)),
      }
    },
    async () => {
      const login = await newUser()
      return {
        ...{ name: 'Redis: disable (off) leaves a connection for ever', subject: CREDENTIAL, watch: 3 },
        query: { op: 'disable' },
        facts: facts(KIND, [uses(APP, VAULT, { ...atStart, ...keeps(null) })]),
        workloads: [{ id: APP, work: { ...base, delivery: 'env', secret: login, keep: 1e9 }, failsAfterRestart: true }],
        act: () => acl(login.user, 'off'),
      }
    },
    async () => {
      const login = await newUser()
      const next = { ...login, password: freshPassword() }
      return {
        ...{ name: 'Redis: rotate in place; environment, a connection each time', subject: CREDENTIAL, watch: 2 },
        query: { op: 'rotate', overlap: 0 },
        facts: facts(KIND, [uses(APP, VAULT, atStart)]),
        workloads: [{ id: APP, work: { ...base, delivery: 'env', secret: login }, restartWith: next }],
        act: () => acl(login.user, 'resetpass', `>${next.password}`),
      }
    },
    async (clock) => {
      const login = await newUser()
      const next = { ...login, password: freshPassword() }
      const vault = fileWith(folder, login)
      return {
        ...{ name: 'Redis: two passwords for 3 s, polls every 2 s: nothing', subject: CREDENTIAL, watch: 6 },
        query: { op: 'rotate', overlap: 3 },
        facts: facts(KIND, [uses(APP, VAULT, within(2))]),
        workloads: [{ id: APP, work: { ...base, delivery: 'poll', file: vault, refresh: 1_600 } }],
        act: async () => {
          await acl(login.user, `>${next.password}`)
          put(vault, next)
          after(3_000, clock, () => acl(login.user, `<${login.password}`))
        },
      }
    },
  ]
}
