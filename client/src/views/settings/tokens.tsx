import { useState } from 'preact/hooks'
import {
  NewTokenReply,
  TOKEN_DAYS,
  tokenRoleNames,
  TokensReply,
  roleWords,
  type MeReply,
} from '../../../../graph/wire-people.ts'
import { ask, type Failure } from '../../api/ask.ts'
import { useReply } from '../../api/use-reply.ts'
import { say } from '../../app/say.ts'
import { Moment } from '../../ui/moment.tsx'
import { Name } from '../../ui/name.tsx'
import { Bars, Failed, Region } from '../../ui/region.tsx'
import { ShownOnce } from './shown-once.tsx'

type TokenRole = (typeof tokenRoleNames)[number]

/** Keys for the command line and for collectors: each with one role and an end. None approves or manages. */
export function Tokens({ me }: { me: MeReply }) {
  const reply = useReply(TokensReply, '/api/tokens', 'tokens')
  const [failure, fail] = useState<Failure | null>(null)
  const [made, show] = useState<{ secret: string; name: string } | null>(null)
  const revoke = async (id: string, name: string): Promise<void> => {
    const outcome = await ask(TokensReply, `/api/tokens/${id}`, { method: 'DELETE' })
    fail(outcome.ok ? null : outcome.failure)
    if (!outcome.ok) return
    say(`Revoked: ${name}`)
    reply.again()
  }
  const roles = tokenRoleNames.filter((role) =>
    role === 'collector' ? me.may.includes('tokens.collector') : me.roles.includes(role),
  )
  return (
    <section aria-labelledby="set-tokens">
      <h2 id="set-tokens">Tokens</h2>
      <p class="mut">
        For the command line and for machines that upload exports. A token ends by itself, and with whoever made it.
      </p>
      {failure && <Failed failure={failure} retry={() => fail(null)} />}
      <Region reply={reply} skeleton={<Bars rows={2} height={34} />}>
        {({ tokens }) =>
          tokens.length === 0 ? (
            <p>No token was made yet.</p>
          ) : (
            <div class="table-scroll" role="region" aria-label="Tokens" tabIndex={0}>
              <table class="set-table">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Role</th>
                    <th scope="col">Made by</th>
                    <th scope="col">Ends</th>
                    <th scope="col">Last used</th>
                    <th scope="col">
                      <span class="hidden-words">Acts</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {tokens.map((token) => (
                    <tr key={token.id}>
                      <th scope="row">
                        <Name value={token.name} tip />
                      </th>
                      <td>{token.role}</td>
                      <td>
                        <Name value={token.by.name} tip />
                      </td>
                      <td class="nowrap">{token.state === 'active' ? <Moment at={token.until} /> : token.state}</td>
                      <td class="nowrap">
                        {token.lastUsedAt === null ? <span class="mut">never</span> : <Moment at={token.lastUsedAt} />}
                      </td>
                      <td>
                        {token.state === 'active' && (
                          <button type="button" class="quiet" onClick={() => void revoke(token.id, token.name)}>
                            Revoke
                            <span class="hidden-words">
                              {' '}
                              <Name value={token.name} />
                            </span>
                          </button>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Region>
      {made && (
        <ShownOnce
          title={`Token ${made.name}`}
          value={made.secret}
          says="Put it where the machine keeps its secrets. It is not shown again, and Keyfall keeps only its hash."
          close={() => show(null)}
        />
      )}
      {roles.length > 0 && (
        <MakeToken
          roles={roles}
          send={async (body) => {
            const outcome = await ask(NewTokenReply, '/api/tokens', { method: 'POST', body })
            fail(outcome.ok ? null : outcome.failure)
            if (!outcome.ok) return false
            show({ secret: outcome.reply.secret, name: outcome.reply.token.name })
            reply.again()
            return true
          }}
        />
      )}
    </section>
  )
}

interface Wanted {
  readonly name: string
  readonly role: TokenRole
  readonly days: number
}

function MakeToken({ roles, send }: { roles: readonly TokenRole[]; send: (body: Wanted) => Promise<boolean> }) {
  const [wanted, want] = useState<Wanted>({ name: '', role: roles[0]!, days: 30 })
  return (
    <form
      class="set-form"
      onSubmit={(event) => {
        event.preventDefault()
        void send({ ...wanted, name: wanted.name.trim() }).then((sent) => sent && want({ ...wanted, name: '' }))
      }}
    >
      <h3>Make a token</h3>
      <div class="set-row">
        <label class="set-field">
          Name
          <input
            id="token-name"
            type="text"
            required
            maxLength={80}
            autocomplete="off"
            value={wanted.name}
            onInput={(event) => want({ ...wanted, name: event.currentTarget.value })}
          />
        </label>
        <label class="set-field">
          Role
          <select
            id="token-role"
            value={wanted.role}
            onChange={(event) => want({ ...wanted, role: event.currentTarget.value as TokenRole })}
          >
            {roles.map((role) => (
              <option key={role} value={role}>
                {role}
              </option>
            ))}
          </select>
        </label>
        <label class="set-field">
          Days
          <input
            id="token-days"
            type="number"
            min={1}
            max={TOKEN_DAYS}
            value={wanted.days}
            onInput={(event) => want({ ...wanted, days: event.currentTarget.valueAsNumber || 1 })}
          />
        </label>
      </div>
      <p class="mut sub">
        {wanted.role}: {roleWords[wanted.role]}
      </p>
      <p class="acts">
        <button type="submit" class="primary" disabled={wanted.name.trim() === ''}>
          Make the token
        </button>
      </p>
    </form>
  )
}
