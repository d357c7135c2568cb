import { roleNames, type InvitationReply, type PersonRow, type Role } from '../../graph/wire-people.ts'
import { clean } from './clean.ts'
import { exitCodes } from './exit-codes.ts'
import { jsonText } from './json-text.ts'
import { openPeopleDesk, type PeopleDesk } from './people-desk.ts'
import type { Print } from './print.ts'
import { printTable } from './table.ts'
import { UsageProblem } from './usage-problem.ts'

export interface UserOptions {
  readonly dataDir?: string
  readonly json?: boolean
}

export interface AddUserOptions extends UserOptions {
  readonly name: string
  readonly role: readonly string[]
  readonly scope?: readonly string[]
}

export function rolesOf(texts: readonly string[]): Role[] {
  const roles = texts.flatMap((text) => text.split(',')).map((text) => text.trim() as Role)
  if (roles.length === 0 || !roles.every((role) => roleNames.includes(role)))
    throw new UsageProblem('a role is needed', `--role ${roleNames.join(', --role ')}`)
  return roles
}

async function withDesk<T>(options: UserOptions, work: (desk: PeopleDesk) => Promise<T>): Promise<T> {
  const desk = await openPeopleDesk(options)
  try {
    return await work(desk)
  } finally {
    await desk.close()
  }
}

/** Invites somebody and prints the link, once. */
export async function addUser(print: Print, options: AddUserOptions): Promise<number> {
  const { name, scope } = options
  const roles = rolesOf(options.role)
  const reply = await withDesk(options, (desk) => desk.invite({ name, roles, ...(scope && { scopes: [...scope] }) }))
  return invited(print, reply, options)
}

/** A new link for somebody whose session is over. */
export async function inviteUser(print: Print, options: UserOptions & { readonly who: string }): Promise<number> {
  const reply = await withDesk(options, async (desk) => desk.inviteAgain((await oneOf(desk, options.who)).id))
  return invited(print, reply, options)
}

export async function listUsers(print: Print, options: UserOptions): Promise<number> {
  const reply = await withDesk(options, (desk) => desk.people())
  if (options.json) print.line(jsonText(reply))
  else {
    const rows = reply.people.map(({ id, name, state, roles, scopes, lastSignInAt }) => [
      id,
      name,
      state,
      roles.join(' ') || 'no role',
      scopes?.join(' ') ?? 'everything',
      lastSignInAt?.slice(0, 16).replace('T', ' ') ?? '',
    ])
    printTable(print, ['id', 'name', 'state', 'roles', 'sees', 'last sign-in'], rows)
  }
  return exitCodes.done
}

/** Disables somebody: his sessions and tokens are refused from now on. Or lets him in again. */
export async function disableUser(
  print: Print,
  options: UserOptions & { readonly who: string; readonly enable?: boolean },
): Promise<number> {
  const person = await withDesk(options, async (desk) => {
    const { id } = await oneOf(desk, options.who)
    const { people } = await desk.change(id, { disabled: !options.enable })
    return people.find((one) => one.id === id)!
  })
  if (options.json) print.line(jsonText(person))
  else print.line(`${clean(person.name)} (${person.id}) is ${person.state}.`)
  return exitCodes.done
}

/** By id, or by a name that only one has. */
async function oneOf(desk: PeopleDesk, who: string): Promise<PersonRow> {
  const { people } = await desk.people()
  const found = people.filter(({ id, name }) => id === who || name === who)
  if (found.length === 1) return found[0]!
  if (found.length === 0) throw new UsageProblem('there is no such person', '`keyfall user list` lists them')
  throw new UsageProblem('several people have that name', `say which id: ${found.map(({ id }) => id).join(', ')}`)
}

function invited(print: Print, reply: InvitationReply, { json = false }: UserOptions): number {
  if (json) print.line(jsonText(reply))
  else {
    const { person, url, until } = reply
    print.line(`${clean(person.name)} (${person.id}) signs in with this link, once, until ${until.slice(0, 16)}Z:`)
    print.line(`  ${url}`)
  }
  return exitCodes.done
}
