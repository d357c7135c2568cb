import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import type { KeptPlanReply } from '../../graph/wire-cutover.ts'
import { idOf } from '../../graph/ids.ts'
import type { InvitationReply, Role } from '../../graph/wire-people.ts'
import { testServer, type TestServer } from '../http/running-server.ts'
import { watchedPage, type Watched } from './browser.ts'
import { hostileNames } from './worlds.ts'

const clientDir = fileURLToPath(new URL('../../dist/client', import.meta.url))
const KEYS = 6
const keyName = (n: number): string => `AKIAEXAMPLEHARBOUR${String(n).padStart(2, '0')}`
const keyId = (n: number): string => `aws:key:${keyName(n)}`
/** Ids of the credentials, as the API has them. */
export const keyIds = Array.from({ length: KEYS }, (_, n) => idOf(keyId(n)))
export { keyName }

const systems = ['Billing', 'Checkout', 'Reporting']

/** Six keys of three systems; `more` are further consumers of the first. The last ones have hostile names. */
export function harbour(more: readonly string[] = []): string {
  const entities: object[] = systems.map((name) => ({
    ...{ id: `system:${name}`, role: 'system', name },
    props: { businessOwner: `Head of ${name}`, tier: 2 },
  }))
  const relationships: object[] = []
  const use = (id: string, name: string, key: number): void => {
    entities.push({ id, role: 'workload', name })
    relationships.push(
      { kind: 'USES_CREDENTIAL', from: id, to: keyId(key), cadence: 86_400 },
      { kind: 'DEPENDS_ON', from: `system:${systems[key % systems.length]!}`, to: id },
    )
  }
  for (let n = 0; n < KEYS; n++) {
    entities.push({ id: keyId(n), kind: 'aws.iam_access_key', name: keyName(n), props: { owner: 'Quay team' } })
    use(`app:${n}`, n === 0 ? 'quay-api' : hostileNames[n % hostileNames.length]!.slice(0, 200), n)
  }
  for (const name of more) use(`app:${name}`, name, 0)
  return JSON.stringify({ format: 'keyfall.bundle/1', scope: 'harbour', entities, relationships })
}

export interface Cutover {
  readonly server: TestServer
  /** A fresh profile signed in as this person; known console errors of refused requests may be expected. */
  page(who: Person, options?: Parameters<typeof watchedPage>[2]): Promise<Watched>
  ask<T>(who: Person, method: string, path: string, json?: unknown): Promise<T>
  plan(name: string): Promise<KeptPlanReply>
}
export type Person = 'author' | 'approver' | 'auditor'
const roles: Readonly<Record<Person, { name: string; roles: Role[] }>> = {
  author: { name: 'Cloud team', roles: ['analyst'] },
  approver: { name: 'Head of Billing', roles: ['approver'] },
  auditor: { name: 'Auditor', roles: ['auditor', 'viewer'] },
}

/** A real server with the real screen, an estate of its own and three people. */
export async function startCutover(browser: () => Browser): Promise<Cutover> {
  const server = await testServer({ clientDir })
  await server.importText('harbour.json', harbour())
  const cookies = new Map<Person, string>()
  for (const who of Object.keys(roles) as Person[]) {
    const invited = await server.request('POST', '/api/people', { json: roles[who] })
    const { url } = (await invited.json()) as InvitationReply
    const json = { token: url.split('#k=')[1] }
    const signedIn = await server.request('POST', '/api/session', { json, headers: { Cookie: '' } })
    cookies.set(who, signedIn.headers.get('set-cookie')!.split(';')[0]!)
  }
  const ask: Cutover['ask'] = async (who, method, path, json) => {
    const headers = { Cookie: cookies.get(who)! }
    const reply = await server.request(method, path, { headers, ...(json !== undefined && { json }) })
    if (!reply.ok) throw new Error(`${method} ${path}: ${await reply.text()}`)
    return (await reply.json()) as never
  }
  return {
    server,
    ask,
    async page(who, options) {
      const watched = await watchedPage(browser(), server.url, options)
      const [name = '', value = ''] = cookies.get(who)!.split(/=(.*)/s)
      await watched.page.context().addCookies([{ name, value, url: server.url }])
      return watched
    },
    plan: (name) =>
      ask('author', 'POST', '/api/plans', { name, credentials: keyIds.join(','), op: 'rotate', from: '2036-12-01' }),
  }
}
