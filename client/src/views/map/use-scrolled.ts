import { useLayoutEffect, useState } from 'preact/hooks'

/** Free space above what follows the scroll, px. */
const MARGIN = 12

/** How far an element has been scrolled past the top of the page's scroller, px; 0 while its top is in view. */
export function useScrolled(frame: { readonly current: HTMLElement | null }): number {
  const [scrolled, setScrolled] = useState(0)
  useLayoutEffect(() => {
    const scroller = frame.current?.closest<HTMLElement>('[data-scroller]')
    if (!scroller) return
    let waiting = 0
    const follow = (): void => {
      waiting = 0
      const element = frame.current
      if (!element) return
      const past = scroller.getBoundingClientRect().top + MARGIN - element.getBoundingClientRect().top - HEAD
      setScrolled(Math.max(0, Math.round(past)))
    }
    const soon = (): void => void (waiting ||= requestAnimationFrame(follow))
    scroller.addEventListener('scroll', soon, { passive: true })
    follow()
    return () => {
      scroller.removeEventListener('scroll', soon)
      cancelAnimationFrame(waiting)
    }
  }, [])
  return scrolled
}

/** Heads of the columns and of the first part stand above the focus. */
const HEAD = 58
