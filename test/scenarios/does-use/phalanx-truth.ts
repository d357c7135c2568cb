import { parse } from 'yaml'
import type { Plain } from './files.ts'

interface Definition {
  readonly copy?: { readonly application: string; readonly key: string } | undefined
  readonly generate?: { readonly source?: string } | undefined
}

/** In each environment, the values that are made of another: `environment app/key > app/key`. */
export function phalanxCopies(files: readonly Plain[]): Set<string> {
  const definitions = new Map<string, Map<string, Definition>>()
  const environments = new Map<string, string[]>()
  for (const { name, bytes } of files) {
    const parts = name.split('/')
    const base = parts.at(-1)!.split('.')[0]!
    if (!name.endsWith('.yaml')) continue
    if (parts.at(-3) === 'applications' && base.startsWith('secrets')) {
      const body = (parse(bytes.toString()) ?? {}) as Record<string, Definition>
      definitions.set(`${parts.at(-2)} ${base.slice('secrets-'.length)}`, new Map(Object.entries(body)))
    } else if (parts.at(-2) === 'environments' && base.startsWith('values-')) {
      const body = parse(bytes.toString()) as { applications?: Record<string, boolean> }
      const running = Object.entries(body.applications ?? {}).filter(([, runs]) => runs)
      environments.set(base.slice('values-'.length), running.map(([application]) => application)) // prettier-ignore
    }
  }
  const found = new Set<string>()
  for (const [environment, applications] of environments)
    for (const application of applications) {
      const own = definitions.get(`${application} `) ?? []
      const overlay = definitions.get(`${application} ${environment}`) ?? []
      for (const [key, one] of new Map([...own, ...overlay])) {
        const from =
          one?.copy ?? (one?.generate?.source === undefined ? undefined : { application, key: one.generate.source })
        if (from) found.add(`${environment} ${application}/${key} > ${from.application}/${from.key}`)
      }
    }
  return found
}
