import { useState } from 'preact/hooks'
import {
  InvitationReply,
  PeopleReply,
  roleNames,
  roleWords,
  type MeReply,
  type PersonRow,
  type Role,
} from '../../../../graph/wire-people.ts'
import { ask, type Failure } from '../../api/ask.ts'
import { useReply } from '../../api/use-reply.ts'
import { say } from '../../app/say.ts'
import { Moment } from '../../ui/moment.tsx'
import { Name } from '../../ui/name.tsx'
import { Bars, Failed, Region } from '../../ui/region.tsx'
import { ShownOnce } from './shown-once.tsx'

const stateWords = { invited: 'invited', active: 'active', disabled: 'disabled' } as const
const fromWords = { owner: 'owner of the server', local: 'invited here', oidc: 'identity provider' } as const

/** Who may do what here: invite, change roles, disable. A sign-off by somebody disabled stays visible. */
export function People({ me }: { me: MeReply }) {
  const reply = useReply(PeopleReply, '/api/people', 'people')
  const [failure, fail] = useState<Failure | null>(null)
  const [made, show] = useState<{ url: string; name: string } | null>(null)
  const invited = (outcome: Awaited<ReturnType<typeof invite>>): boolean => {
    fail(outcome.ok ? null : outcome.failure)
    if (!outcome.ok) return false
    show({ url: outcome.reply.url, name: outcome.reply.person.name })
    reply.again()
    return true
  }
  const change = async (person: PersonRow, body: object, words: string): Promise<void> => {
    const outcome = await ask(PeopleReply, `/api/people/${person.id}`, { method: 'PUT', body })
    fail(outcome.ok ? null : outcome.failure)
    if (!outcome.ok) return
    say(words)
    reply.again()
  }
  return (
    <section aria-labelledby="set-people">
      <h2 id="set-people">People</h2>
      {failure && <Failed failure={failure} retry={() => fail(null)} />}
      <Region reply={reply} skeleton={<Bars rows={3} height={34} />}>
        {({ people }) => (
          <div class="table-scroll" role="region" aria-label="People" tabIndex={0}>
            <table class="set-table">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Roles</th>
                  <th scope="col">State</th>
                  <th scope="col">Last sign-in</th>
                  <th scope="col">
                    <span class="hidden-words">Acts</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {people.map((person) => (
                  <tr key={person.id}>
                    <th scope="row">
                      <Name value={person.name} tip />
                      <span class="mut sub">{fromWords[person.from]}</span>
                    </th>
                    <td>
                      <RolesOf person={person} mine={person.id === me.id} change={change} />
                    </td>
                    <td>
                      {stateWords[person.state]}
                      {person.invitedUntil !== null && (
                        <span class="mut sub">
                          link runs out <Moment at={person.invitedUntil} />
                        </span>
                      )}
                    </td>
                    <td class="nowrap">
                      {person.lastSignInAt === null ? (
                        <span class="mut">never</span>
                      ) : (
                        <Moment at={person.lastSignInAt} />
                      )}
                    </td>
                    <td class="nowrap">
                      {person.from !== 'owner' && person.id !== me.id && (
                        <button
                          type="button"
                          class="quiet"
                          onClick={() =>
                            void change(
                              person,
                              { disabled: person.state !== 'disabled' },
                              person.state === 'disabled' ? 'Enabled again' : 'Disabled; every session and token ended',
                            )
                          }
                        >
                          {person.state === 'disabled' ? 'Enable' : 'Disable'}
                          <span class="hidden-words">
                            {' '}
                            <Name value={person.name} />
                          </span>
                        </button>
                      )}{' '}
                      {person.state === 'invited' && (
                        <button
                          type="button"
                          class="quiet"
                          onClick={() =>
                            void ask(InvitationReply, `/api/people/${person.id}/invite`, {
                              method: 'POST',
                              body: {},
                            }).then(invited)
                          }
                        >
                          New link
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Region>
      {made && (
        <ShownOnce
          title={`Link for ${made.name}`}
          value={made.url}
          says="Hand it over on a way that you trust: whoever opens it first is that person. It is not shown again."
          close={() => show(null)}
        />
      )}
      <Invite send={async (name, roles) => invited(await invite(name, roles))} />
    </section>
  )
}

const invite = (name: string, roles: readonly Role[]) =>
  ask(InvitationReply, '/api/people', { method: 'POST', body: { name, roles } })

function RolesOf({
  person,
  mine,
  change,
}: {
  person: PersonRow
  mine: boolean
  change: (person: PersonRow, body: object, words: string) => Promise<void>
}) {
  const fixed = mine || person.from !== 'local'
  if (fixed) return <span>{person.roles.join(', ') || 'none'}</span>
  return (
    <details class="set-details">
      <summary>{person.roles.join(', ') || 'none'}</summary>
      <RoleBoxes
        prefix={person.id}
        chosen={person.roles}
        choose={(roles) => void change(person, { roles }, 'Roles changed')}
      />
    </details>
  )
}

function RoleBoxes({
  prefix,
  chosen,
  choose,
}: {
  prefix: string
  chosen: readonly Role[]
  choose: (roles: Role[]) => void
}) {
  return (
    <ul class="set-boxes">
      {roleNames.map((role) => (
        <li key={role}>
          <label>
            <input
              type="checkbox"
              id={`role-${prefix}-${role}`}
              checked={chosen.includes(role)}
              onChange={(event) =>
                choose(event.currentTarget.checked ? [...chosen, role] : chosen.filter((other) => other !== role))
              }
            />
            <strong>{role}</strong> <span class="mut">{roleWords[role]}</span>
          </label>
        </li>
      ))}
    </ul>
  )
}

function Invite({ send }: { send: (name: string, roles: readonly Role[]) => Promise<boolean> }) {
  const [name, setName] = useState('')
  const [roles, setRoles] = useState<readonly Role[]>(['viewer'])
  return (
    <form
      class="set-form"
      onSubmit={(event) => {
        event.preventDefault()
        void send(name.trim(), roles).then((sent) => sent && setName(''))
      }}
    >
      <h3>Invite somebody</h3>
      <label class="set-field">
        Name
        <input
          id="invite-name"
          type="text"
          required
          maxLength={80}
          autocomplete="off"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <RoleBoxes prefix="new" chosen={roles} choose={setRoles} />
      <p class="acts">
        <button type="submit" class="primary" disabled={name.trim() === '' || roles.length === 0}>
          Make a link
        </button>
      </p>
    </form>
  )
}
