import { useEffect, useState } from 'preact/hooks'

/** The value once it has not changed for so long: one question a pause, not one a key. */
export function useSettled<T>(value: T, ms: number): T {
  const [settledValue, settle] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => settle(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settledValue
}
