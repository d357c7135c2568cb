import { actRoutes } from './acts.ts'
import { blastRoutes } from './blast.ts'
import { chokePointRoutes } from './choke-points.ts'
import { estateRoutes } from './estate.ts'
import { findRoutes } from './find.ts'
import { mapRoutes } from './map.ts'
import { nodeRoutes } from './nodes.ts'
import { planRoutes } from './plan.ts'
import { reachRoutes } from './reach.ts'
import type { Route } from './route.ts'

/**
 * Questions that need the estate, what was asked and the time, and nothing else of the house: they are answered in the
 * thread that holds the estate, where there is one (server/estate/answering.ts). By method and path.
 */
export const askedOfEstate: ReadonlyMap<string, Route> = new Map(
  [
    ...findRoutes,
    ...nodeRoutes,
    ...mapRoutes,
    ...blastRoutes,
    ...reachRoutes,
    ...chokePointRoutes,
    ...actRoutes,
    ...estateRoutes,
    ...planRoutes,
  ].map((one) => [nameOf(one), one]),
)

/** Names a route: `GET /api/blast/{id}`. */
export function nameOf({ method, path }: Pick<Route, 'method' | 'path'>): string {
  return `${method} ${path}`
}
