import type { ComponentChildren } from 'preact'
import { hrefOf, push } from '../app/place.ts'
import type { Place } from '../app/url.ts'

interface LinkProps {
  readonly to: Place
  readonly children: ComponentChildren
  readonly class?: string
  readonly id?: string
  readonly label?: string
  readonly current?: boolean
}

/** A link to a place of this page: a real address for new tabs and copying, no reload for a plain click. */
export function Link({ to, children, id, label, current = false, class: className }: LinkProps) {
  return (
    <a
      href={hrefOf(to)}
      id={id}
      class={className}
      aria-label={label}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
        event.preventDefault()
        push(to)
      }}
    >
      {children}
    </a>
  )
}
