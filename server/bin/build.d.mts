export const root: string
export function buildIfNeeded(
  names: readonly ('server' | 'client')[],
  options?: { force?: boolean; say?: (line: string) => void },
): void
