import { copy } from '../../app/say.ts'
import { Name } from '../../ui/name.tsx'

/** A value that the server shows this one time: kept in this page until it is closed, and nowhere else. */
export function ShownOnce(props: { title: string; value: string; says: string; close: () => void }) {
  return (
    <div class="set-once" role="alert">
      <p>
        <strong>
          <Name value={props.title} />
        </strong>
      </p>
      <code>{props.value}</code>
      <p class="mut">{props.says}</p>
      <p class="acts">
        <button type="button" class="primary" onClick={() => void copy(props.value, 'It')}>
          Copy
        </button>
        <button type="button" onClick={props.close}>
          I have it
        </button>
      </p>
    </div>
  )
}
