import { MakeToken, NewTokenReply, permissions, TokensReply, type Role } from '../../graph/wire-people.ts'
import { may, type Person } from '../auth/person.ts'
import { RequestProblem } from './problem.ts'
import { route } from './route.ts'

const forCollectors: readonly Role[] = permissions['tokens.collector']
const isAdmin = ({ roles }: Person): boolean => roles.some((role) => forCollectors.includes(role))
/** Undefined: all tokens. */
const ownOnly = (person: Person): string | undefined => (isAdmin(person) ? undefined : person.id)

export const tokenRoutes = [
  route({
    method: 'GET',
    path: '/api/tokens',
    summary: 'Tokens of collectors and of the command line: yours, or all for an admin. Never their secrets.',
    roles: may['tokens.own'],
    limited: true,
    audit: 'tokens.read',
    reply: TokensReply,
    answer: ({ tokens }, { person }) => ({ tokens: tokens.rows(ownOnly(person)) }),
  }),
  route({
    method: 'POST',
    path: '/api/tokens',
    summary: 'Make a token: a collector’s, or one that acts in your name with one role of yours. Shown once.',
    roles: may['tokens.own'],
    limited: true,
    audit: 'tokens.make',
    status: 201,
    body: MakeToken,
    reply: NewTokenReply,
    answer({ tokens }, { person, body }) {
      if (person.via === 'token') throw new RequestProblem('in-person')
      if (body.role === 'collector' ? !isAdmin(person) : !person.roles.includes(body.role)) {
        const permission = body.role === 'collector' ? 'the permission tokens.collector (the role admin)' : body.role
        throw new RequestProblem('no-permission', `a token of that role needs ${permission}`)
      }
      const { scopes } = person
      if (scopes && !body.scopes?.every((one) => scopes.includes(one)))
        throw new RequestProblem('no-permission', 'a token can’t see more than you', 'name scopes out of your own')
      return tokens.make(person, body)
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/tokens/{id}',
    summary: 'Revoke a token of yours, or any for an admin. It is refused from the next request on.',
    roles: may['tokens.own'],
    limited: true,
    audit: 'tokens.revoke',
    reply: TokensReply,
    async answer({ tokens }, { person, params }) {
      if (person.via === 'token') throw new RequestProblem('in-person')
      if (!(await tokens.revoke(params.id!, ownOnly(person)))) throw new RequestProblem('not-found')
      return { tokens: tokens.rows(ownOnly(person)) }
    },
  }),
]
