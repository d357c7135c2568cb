import {
  permissionNames,
  type ChangePerson,
  type InvitationReply,
  type InvitePerson,
  type MakeToken,
  type MeReply,
  type NewTokenReply,
  type PersonRow,
  type TokenRow,
} from '../../graph/wire-people.ts'
import { WORLD_AT } from './worlds.ts'

const LATER = '2027-01-20T04:00:00.000Z'

/** People and tokens of a fictional server, asked by its owner. */
export function peopleWorld() {
  const row = (id: string, name: string, more: Partial<PersonRow> = {}): PersonRow => ({
    ...{ id, name, from: 'local', state: 'active', roles: ['analyst'], scopes: null, createdAt: WORLD_AT, by: 'owner' },
    ...{ lastSignInAt: WORLD_AT, sessions: 1, invitedUntil: null },
    ...more,
  })
  let people: PersonRow[] = [
    row('owner', 'owner of this server', {
      from: 'owner',
      roles: ['viewer', 'analyst', 'approver', 'auditor', 'admin'],
    }),
    row('p1', 'Release lead'),
    row('p2', '<b>Visitor</b>\u202e', { state: 'invited', roles: ['viewer'], lastSignInAt: null, invitedUntil: LATER }),
  ]
  let tokens: TokenRow[] = [
    {
      ...{ id: 't1', name: 'nightly upload', role: 'collector', scopes: null, createdAt: WORLD_AT, until: LATER },
      ...{ by: { id: 'owner', name: 'owner of this server' }, lastUsedAt: null, state: 'active' },
    },
  ]
  const me: MeReply = {
    ...{ id: 'owner', name: 'owner of this server', roles: people[0]!.roles, may: permissionNames, scopes: null },
    ...{ via: 'session', until: LATER },
  }
  return {
    me,
    people: () => people,
    tokens: () => tokens,
    invite({ name, roles }: InvitePerson): InvitationReply {
      const person = row(`p${people.length}`, name, {
        state: 'invited',
        roles,
        lastSignInAt: null,
        invitedUntil: LATER,
      })
      people = [...people, person]
      return { person, url: 'http://127.0.0.1:8420/#k=one-time', until: LATER }
    },
    change(id: string, { disabled, roles }: ChangePerson): void {
      people = people.map((one) =>
        one.id !== id
          ? one
          : {
              ...one,
              ...(roles && { roles }),
              ...(disabled !== undefined && { state: disabled ? ('disabled' as const) : ('active' as const) }),
            },
      )
    },
    make({ name, role }: MakeToken): NewTokenReply {
      const token: TokenRow = { ...tokens[0]!, id: `t${tokens.length + 1}`, name, role, state: 'active' }
      tokens = [...tokens, token]
      return { token, secret: 'kf_shown_once' }
    },
    revoke(id: string): void {
      tokens = tokens.map((one) => (one.id === id ? { ...one, state: 'revoked' } : one))
    },
  }
}
