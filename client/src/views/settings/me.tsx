import { roleWords, type MeReply } from '../../../../graph/wire-people.ts'
import { written } from '../../ui/moment.tsx'
import { signOut } from '../../app/sign-out.ts'
import { Name } from '../../ui/name.tsx'

const viaWords = { session: 'signed in with this browser', token: 'by a token', local: 'on the server’s own machine' }

/** Who I am to this server, and what that lets me do. */
export function Me({ me }: { me: MeReply }) {
  return (
    <>
      <p>
        <strong>
          <Name value={me.name} />
        </strong>
        , {viaWords[me.via]}
        {me.until !== null && <span class="mut"> · until {written(me.until)}</span>}
      </p>
      <ul class="set-roles">
        {me.roles.map((role) => (
          <li key={role}>
            <strong>{role}</strong> <span class="mut">{roleWords[role]}</span>
          </li>
        ))}
      </ul>
      <p class="mut">
        {me.scopes === null
          ? 'You see what every source says.'
          : `You see what ${me.scopes.length === 1 ? 'one source says' : `${me.scopes.length} sources say`}, and no more.`}
      </p>
      <p class="acts">
        <button type="button" id="sign-out" onClick={() => void signOut()}>
          Sign out
        </button>
      </p>
    </>
  )
}
