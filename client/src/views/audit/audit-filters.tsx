import type { AuditReply } from '../../../../graph/wire-audit.ts'
import { place, pushHere, replaceHere } from '../../app/place.ts'
import { writeFilter, type AuditFilter, type FilterKey } from './audit-filter.ts'

const kinds = [
  { id: 'change', title: 'Changes' },
  { id: 'read', title: 'Questions' },
  { id: 'server', title: 'Of the server' },
] as const
const outcomes = [
  { id: 'done', title: 'Done' },
  { id: 'failed', title: 'Failed' },
  { id: 'begun', title: 'Begun' },
] as const

interface FiltersProps {
  readonly filter: AuditFilter
  readonly reply: AuditReply
}

/** Who, what, about what, how it ended, when. All of it is in the address. */
export function AuditFilters({ filter, reply }: FiltersProps) {
  const set = (key: FilterKey, value: string): void => {
    const next = { filter: writeFilter({ ...filter, [key]: value }) }
    if (key === 'object') replaceHere(next)
    else pushHere(next)
  }
  const props = { filter, set }
  return (
    <form class="audit-filters" onSubmit={(event) => event.preventDefault()}>
      <Choice {...props} name="kind" title="Kind" all="Everything" rows={kinds} />
      <Choice {...props} name="who" title="Who" all="Anybody" rows={reply.actors.map((id) => ({ id, title: id }))} />
      <Choice
        {...props}
        name="action"
        title="What"
        all="Anything"
        rows={reply.actions.map(({ code, words }) => ({ id: code, title: words }))}
      />
      <Choice {...props} name="outcome" title="Ended" all="In any way" rows={outcomes} />
      <label>
        About
        <input
          id="audit-object"
          type="text"
          placeholder="An id"
          spellcheck={false}
          autocomplete="off"
          maxLength={100}
          value={filter.object ?? ''}
          onInput={(event) => set('object', event.currentTarget.value)}
        />
      </label>
      <label>
        From
        <input
          type="date"
          value={filter.from?.slice(0, 10) ?? ''}
          onInput={(event) => set('from', event.currentTarget.value)}
        />
      </label>
      <label>
        To
        <input
          type="date"
          value={filter.to?.slice(0, 10) ?? ''}
          onInput={(event) => set('to', event.currentTarget.value)}
        />
      </label>
      {place.value.filter !== '' && (
        <button type="button" class="quiet" onClick={() => pushHere({ filter: '' })}>
          Show all
        </button>
      )}
    </form>
  )
}

interface ChoiceProps {
  readonly filter: AuditFilter
  readonly set: (key: FilterKey, value: string) => void
  readonly name: FilterKey
  readonly title: string
  readonly all: string
  readonly rows: readonly { readonly id: string; readonly title: string }[]
}

function Choice({ filter, set, name, title, all, rows }: ChoiceProps) {
  const value = filter[name] ?? ''
  // What the address says stays choosable, though no entry here has it.
  const known = value === '' || rows.some(({ id }) => id === value)
  return (
    <label>
      {title}
      <select id={`audit-${name}`} value={value} onChange={(event) => set(name, event.currentTarget.value)}>
        <option value="">{all}</option>
        {!known && <option value={value}>{value}</option>}
        {rows.map((row) => (
          <option key={row.id} value={row.id}>
            {row.title}
          </option>
        ))}
      </select>
    </label>
  )
}
