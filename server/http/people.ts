import {
  ChangePerson,
  InvitationReply,
  InvitePerson,
  MeReply,
  PeopleReply,
  permissionNames,
  permissions,
  type Role,
} from '../../graph/wire-people.ts'
import type { Invited } from '../auth/people.ts'
import { may } from '../auth/person.ts'
import type { House } from './house.ts'
import { RequestProblem } from './problem.ts'
import { route } from './route.ts'

const all = (house: House): PeopleReply => ({ people: house.people.rows(house.sessions.count) })

function invitation(house: House, { id, token, until }: Invited): InvitationReply {
  const person = all(house).people.find((one) => one.id === id)!
  return { person, url: `${house.url()}/#k=${token}`, until }
}

/** A token may not give rights to anybody. */
function inPerson({ via }: { via: string }): void {
  if (via === 'token') throw new RequestProblem('in-person')
}

export const peopleRoutes = [
  route({
    method: 'GET',
    path: '/api/me',
    summary: 'Who you are here, your roles, and what you may do.',
    roles: 'signed-in',
    reply: MeReply,
    answer: (_house, { person, until }) => ({
      id: person.id,
      name: person.name,
      roles: [...person.roles],
      may: permissionNames.filter((name) =>
        (permissions[name] as readonly Role[]).some((role) => person.roles.includes(role)),
      ),
      scopes: person.scopes ? [...person.scopes] : null,
      via: person.via === 'none' ? 'session' : person.via,
      until,
    }),
  }),
  route({
    method: 'GET',
    path: '/api/people',
    summary: 'Everybody who may sign in, with roles, limits and live sessions.',
    roles: may['people.manage'],
    audit: 'people.read',
    reply: PeopleReply,
    answer: all,
  }),
  route({
    method: 'POST',
    path: '/api/people',
    summary: 'Invite somebody. The link is shown once, works once, for 24 h.',
    roles: may['people.manage'],
    audit: 'people.invite',
    status: 201,
    body: InvitePerson,
    reply: InvitationReply,
    async answer(house, { person, body }) {
      inPerson(person)
      return invitation(house, await house.people.invite(person.id, body))
    },
  }),
  route({
    method: 'POST',
    path: '/api/people/{id}/invite',
    summary: 'A new link for somebody whose session is over; the one before stops working.',
    roles: may['people.manage'],
    audit: 'people.invite',
    reply: InvitationReply,
    async answer(house, { person, params }) {
      inPerson(person)
      return invitation(house, await house.people.inviteAgain(params.id!))
    },
  }),
  route({
    method: 'PUT',
    path: '/api/people/{id}',
    summary: 'Change name, roles, limits; disable or enable. It counts from the next request on.',
    roles: may['people.manage'],
    audit: 'people.change',
    body: ChangePerson,
    reply: PeopleReply,
    async answer(house, { person, params, body }) {
      inPerson(person)
      await house.people.change(params.id!, body)
      if (body.disabled) await house.sessions.endAll(params.id!)
      return all(house)
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/people/{id}/sessions',
    summary: 'End every session of somebody at once.',
    roles: may['people.manage'],
    audit: 'people.sessions.end',
    reply: PeopleReply,
    async answer(house, { person, params }) {
      inPerson(person)
      await house.people.endSessions(params.id!)
      await house.sessions.endAll(params.id!)
      return all(house)
    },
  }),
]
