import { z } from 'zod'
import { folderOf, type Cluster, type Place } from './cluster-facts.ts'
import { filled, flag, name, text } from './meta.ts'

/** Kustomize and Flux: where objects without a namespace go. */
const FluxKustomization = z.object({ spec: z.object({ path: text.nullish(), targetNamespace: name.nullish() }) })

/** Of a literal only what stands before its `=` is taken. */
const keyOf = z.unknown().transform((raw) => (typeof raw === 'string' ? raw.split('=', 1)[0]!.slice(0, 253) : ''))
const keys = z.array(keyOf).nullish().catch(undefined)
const Kustomization = z.object({
  namespace: name.nullish(),
  secretGenerator: z
    .array(
      z.object({
        name: filled,
        namespace: name.nullish(),
        type: text.nullish(),
        literals: keys,
        files: keys,
        options: z.object({ disableNameSuffixHash: flag }).nullish(),
      }),
    )
    .nullish()
    .catch(undefined),
  generatorOptions: z.object({ disableNameSuffixHash: flag }).nullish().catch(undefined),
})

/** Kustomize and Flux give a namespace to objects that write none, and Kustomize makes secrets. True if this one does either. */
export function readKustomization(cluster: Cluster, place: Place, value: unknown): boolean {
  const { file } = place
  const flux = FluxKustomization.safeParse(value).data?.spec
  if (flux) {
    if (!flux.path || !flux.targetNamespace) return false
    cluster.folderNamespace(inRepository(file, flux.path.replace(/^\.?\/|\/$/g, '')), flux.targetNamespace)
    return true
  }
  const found = Kustomization.safeParse(value).data
  const generators = found?.secretGenerator ?? []
  if (found?.namespace) cluster.folderNamespace(folderOf(file), found.namespace)
  for (const generator of generators) {
    const hashed = !(generator.options?.disableNameSuffixHash ?? found?.generatorOptions?.disableNameSuffixHash)
    cluster.later(() => {
      const meta = { namespace: generator.namespace, labels: new Map(), annotations: new Map() }
      const id = cluster.secret(cluster.namespaceOf({ meta, place }), generator.name, place)
      cluster.entity(
        {
          id,
          props: {
            type: generator.type ?? 'Opaque',
            keys: [...(generator.literals ?? []), ...(generator.files ?? [])].filter(Boolean).slice(0, 200),
            madeBy: 'Kustomize secretGenerator',
            // A change of the value changes the name, and with it everything that names it: a rollout.
            ...(hashed ? { namedByContent: true } : {}),
          },
        },
        place,
        'made by a secretGenerator',
      )
    })
  }
  return Boolean(found?.namespace) || generators.length > 0
}

/**
 * A path that Flux counts from the root of its repository, as our file names say it: the repository may lie below a
 * folder that was named with others. Its root is where the first folder of the path begins in the file's own name.
 */
function inRepository(file: string, path: string): string {
  const at = `/${file}`.indexOf(`/${path.split('/')[0]}/`)
  return at > 0 ? `${file.slice(0, at)}${path}` : path
}
