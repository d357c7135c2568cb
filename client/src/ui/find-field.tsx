import { useRef, useState } from 'preact/hooks'
import { secretLike } from '../model/secret-like.ts'

interface FindFieldProps {
  readonly value: string
  /** Called with text that may leave the browser; with an empty text while the field holds a secret. */
  readonly search: (text: string) => void
  /** The kept-back text changes nothing outside this field but this. */
  readonly masked: string | null
  readonly mask: (looksLike: string | null) => void
  readonly id: string
  readonly onKeyDown?: (event: KeyboardEvent) => void
  readonly controls?: string
  readonly active?: string | undefined
}

/**
 * Find box. What looks like a secret is shown as dots and goes nowhere: not to the server, the URL, the history or any
 * storage. It lives in this field until it is cleared.
 */
export function FindField({ value, search, masked, mask, id, onKeyDown, controls, active }: FindFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  const [held, hold] = useState('')
  const take = (text: string): void => {
    const like = secretLike(text)
    hold(like ? text : '')
    mask(like?.looksLike ?? null)
    search(like ? '' : text)
  }
  const clear = (): void => {
    take('')
    input.current?.focus()
  }
  return (
    <div class="find-field">
      <input
        ref={input}
        id={id}
        type="text"
        class={masked === null ? undefined : 'dots'}
        {...(controls === undefined ? {} : { ...combobox(controls), 'aria-activedescendant': active })}
        aria-label="Find a credential, identity, secret, workload or system"
        aria-describedby={masked === null ? undefined : `${id}-masked`}
        placeholder="Find or paste anything: key ID, ARN, path, name"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        maxLength={4_000}
        value={masked === null ? value : held}
        onInput={(event) => take(event.currentTarget.value)}
        {...(onKeyDown ? { onKeyDown } : {})}
      />
      {masked !== null && (
        <p class="masked" id={`${id}-masked`} role="alert">
          <strong>Kept in this field.</strong> This looks like {masked}. It was not sent, stored or put into the
          address. Find it by its id, its path or its name instead.{' '}
          <button type="button" onClick={clear}>
            Clear the field
          </button>
        </p>
      )}
    </div>
  )
}

const combobox = (controls: string) => ({ role: 'combobox', 'aria-expanded': true, 'aria-controls': controls }) as const
