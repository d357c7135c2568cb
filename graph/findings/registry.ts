import { agentStandingSecret } from './agent-standing-secret.ts'
import { breakGlass } from './break-glass.ts'
import { expiring } from './expiring.ts'
import type { Finding } from './finding.ts'
import { forgottenCopy } from './forgotten-copy.ts'
import { hardCoded } from './hard-coded.ts'
import { neverRotated } from './never-rotated.ts'
import { noExpiry } from './no-expiry.ts'
import { orphaned } from './orphaned.ts'
import { outsideLifecycle } from './outside-lifecycle.ts'
import { overEntitled } from './over-entitled.ts'
import { shared } from './shared-by-systems.ts'
import { stale } from './stale.ts'
import { standingPrivilege } from './standing-privilege.ts'
import { unattributedUse } from './unattributed-use.ts'
import { unowned } from './unowned.ts'
import { vaultedNotGoverned } from './vaulted-not-governed.ts'
import { vendorWithoutContact } from './vendor-without-contact.ts'

/** All findings, in the order people read them: what stops a cutover first. */
export const findings: readonly Finding[] = [
  unowned,
  unattributedUse,
  hardCoded,
  shared,
  stale,
  orphaned,
  noExpiry,
  forgottenCopy,
  expiring,
  neverRotated,
  standingPrivilege,
  overEntitled,
  vaultedNotGoverned,
  outsideLifecycle,
  breakGlass,
  vendorWithoutContact,
  agentStandingSecret,
]
