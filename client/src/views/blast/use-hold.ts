import { useEffect } from 'preact/hooks'
import { showsBefore } from './blast-queries.ts'

/** What is shown while a key is held goes back when it is let go, or when the page loses the keyboard. */
export function useHold(): void {
  useEffect(() => {
    const letGo = (): void => void (showsBefore.value = false)
    addEventListener('keyup', letGo)
    addEventListener('blur', letGo)
    return () => {
      letGo()
      removeEventListener('keyup', letGo)
      removeEventListener('blur', letGo)
    }
  }, [])
}
