import type * as z from 'zod/mini'
import {
  InvitationReply,
  NewTokenReply,
  PeopleReply,
  TokensReply,
  type ChangePerson,
  type InvitePerson,
  type MakeToken,
} from '../../graph/wire-people.ts'
import type { Action } from '../audit/actions.ts'
import { findLocalDoor } from '../auth/local-token.ts'
import { openPeople } from '../auth/people.ts'
import { OWNER_ID, ownerVia } from '../auth/person.ts'
import { openTokens } from '../auth/tokens.ts'
import { readConfig, type Config } from '../config.ts'
import { openStore } from '../store/open.ts'
import { answers, askServer } from './desk-of-server.ts'
import { commandEntries } from './entered.ts'
import { UsageProblem } from './usage-problem.ts'

/** People and tokens, whoever answers: the server that runs on this data directory, or its store. */
export interface PeopleDesk {
  people(): Promise<PeopleReply>
  invite(asked: InvitePerson): Promise<InvitationReply>
  inviteAgain(id: string): Promise<InvitationReply>
  change(id: string, asked: ChangePerson): Promise<PeopleReply>
  endSessions(id: string): Promise<PeopleReply>
  tokens(): Promise<TokensReply>
  makeToken(asked: MakeToken): Promise<NewTokenReply>
  revokeToken(id: string): Promise<TokensReply>
  close(): Promise<void>
}

export async function openPeopleDesk(given: { dataDir?: string }): Promise<PeopleDesk> {
  const config = readConfig(process.env, given)
  const door = findLocalDoor(config.dataDir)
  if (!door || !(await answers(door))) return ofStore(config)
  const ask = <T>(shape: z.ZodMiniType<T>, method: string, path: string, body?: object): Promise<T> =>
    askServer(door, shape, method, path, body)
  const of = (path: string, id: string, rest = ''): string => `${path}/${encodeURIComponent(id)}${rest}`
  return {
    people: () => ask(PeopleReply, 'GET', '/api/people'),
    invite: (asked) => ask(InvitationReply, 'POST', '/api/people', asked),
    inviteAgain: (id) => ask(InvitationReply, 'POST', of('/api/people', id, '/invite')),
    change: (id, asked) => ask(PeopleReply, 'PUT', of('/api/people', id), asked),
    endSessions: (id) => ask(PeopleReply, 'DELETE', of('/api/people', id, '/sessions')),
    tokens: () => ask(TokensReply, 'GET', '/api/tokens'),
    makeToken: (asked) => ask(NewTokenReply, 'POST', '/api/tokens', asked),
    revokeToken: (id) => ask(TokensReply, 'DELETE', of('/api/tokens', id)),
    close: async () => undefined,
  }
}

/** Without a server nobody has a live session here; a link opens once one runs. */
async function ofStore(config: Config): Promise<PeopleDesk> {
  const { dataDir, neo4j, outside, port } = config
  const store = await openStore({
    dataDir,
    neo4jUri: neo4j?.uri,
    neo4jUser: neo4j?.user,
    neo4jPassword: neo4j?.password,
  })
  const entries = commandEntries(store, dataDir)
  const audited = <T>(action: Action, object: string | null, work: () => Promise<T>): Promise<T> =>
    entries.change(action, { object }, work)
  const people = await openPeople(store)
  const tokens = await openTokens(store, people)
  const all = (): PeopleReply => ({ people: people.rows(() => 0) })
  const url = outside.publicUrl ?? `http://localhost:${port}`
  const invitation = ({ id, token, until }: { id: string; token: string; until: string }): InvitationReply => ({
    person: all().people.find((one) => one.id === id)!,
    url: `${url}/#k=${token}`,
    until,
  })
  return {
    people: async () => all(),
    invite: (asked) => audited('people.invite', null, async () => invitation(await people.invite(OWNER_ID, asked))),
    inviteAgain: (id) => audited('people.invite', id, async () => invitation(await people.inviteAgain(id))),
    async change(id, asked) {
      await audited('people.change', id, () => people.change(id, asked))
      return all()
    },
    async endSessions(id) {
      await audited('people.sessions.end', id, () => people.endSessions(id))
      return all()
    },
    tokens: async () => ({ tokens: tokens.rows() }),
    makeToken: (asked) => audited('tokens.make', null, () => tokens.make(ownerVia('local'), asked)),
    async revokeToken(id) {
      if (!(await audited('tokens.revoke', id, () => tokens.revoke(id))))
        throw new UsageProblem('there is no such token', '`keyfall token list` lists them')
      return { tokens: tokens.rows() }
    },
    async close() {
      await entries.close()
      await store.close()
    },
  }
}
