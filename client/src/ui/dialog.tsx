import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

interface DialogProps {
  readonly label: string
  readonly close: () => void
  readonly children: ComponentChildren
  readonly class?: string
}

/**
 * A native modal: the browser keeps focus inside, Esc closes, focus returns to where it was. Opened before the next key
 * can come (a layout effect runs with the render; a plain effect waits for a frame, and what is typed until then is lost).
 */
export function Dialog({ label, close, children, class: className }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null
    dialog.current?.showModal()
    return () => before?.focus()
  }, [])
  return (
    <dialog
      ref={dialog}
      class={className}
      aria-label={label}
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      {children}
    </dialog>
  )
}
