import { actRoutes } from './acts.ts'
import { auditRoutes } from './audit.ts'
import { blastRoutes } from './blast.ts'
import { chokePointRoutes } from './choke-points.ts'
import { documentRoutes } from './document.ts'
import { estateRoutes } from './estate.ts'
import { eventRoutes } from './events.ts'
import { exportRoutes } from './export.ts'
import { findRoutes } from './find.ts'
import { healthRoutes } from './health.ts'
import { importRoutes } from './imports.ts'
import { linkRoutes } from './links.ts'
import { mapRoutes } from './map.ts'
import { nodeRoutes } from './nodes.ts'
import { oidcRoutes } from './oidc.ts'
import { overrideRoutes } from './overrides.ts'
import { peopleRoutes } from './people.ts'
import { planRoutes } from './plan.ts'
import { plansRoutes } from './plans.ts'
import { reachRoutes } from './reach.ts'
import { retentionRoutes } from './retention.ts'
import type { Route } from './route.ts'
import { sampleRoutes } from './sample.ts'
import { scenarioRoutes } from './scenarios.ts'
import { sessionRoutes } from './session.ts'
import { sourceRoutes } from './sources.ts'
import { statementRoutes } from './statements.ts'
import { tokenRoutes } from './tokens.ts'

/** All there is. A request that matches none of these does not exist. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...sessionRoutes,
  ...oidcRoutes,
  ...peopleRoutes,
  ...tokenRoutes,
  ...findRoutes,
  ...nodeRoutes,
  ...mapRoutes,
  ...linkRoutes,
  ...overrideRoutes,
  ...blastRoutes,
  ...reachRoutes,
  ...chokePointRoutes,
  ...actRoutes,
  ...estateRoutes,
  ...statementRoutes,
  ...scenarioRoutes,
  ...planRoutes,
  ...plansRoutes,
  ...sourceRoutes,
  ...importRoutes,
  ...sampleRoutes,
  ...eventRoutes,
  ...exportRoutes,
  ...auditRoutes,
  ...retentionRoutes,
  ...documentRoutes,
]
