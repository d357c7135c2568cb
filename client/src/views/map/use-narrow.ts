import { useEffect, useState } from 'preact/hooks'

/** True under 720 px, where pictures become lists. */
export function useNarrow(): boolean {
  const [query] = useState(() => matchMedia('(max-width: 719px)'))
  const [narrow, setNarrow] = useState(query.matches)
  useEffect(() => {
    const follow = (): void => setNarrow(query.matches)
    query.addEventListener('change', follow)
    return () => query.removeEventListener('change', follow)
  }, [])
  return narrow
}
