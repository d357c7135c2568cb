import type { AuditDetail } from '../../graph/wire-audit.ts'
import type { Action } from '../audit/actions.ts'
import type { Ledger } from '../audit/ledger.ts'
import { auditPlace, ledgerAt } from '../audit/open.ts'
import { ownerVia } from '../auth/person.ts'
import { problemOf } from '../http/problem.ts'
import type { Store } from '../store/contract.ts'

/** What a change is about: ids and numbers alone. */
export interface Entered {
  readonly object?: string | null
  readonly plan?: string
  readonly more?: AuditDetail['more']
}

/** The audit of commands that open the store themselves, because no server has it. */
export interface CommandEntries {
  /**
   * As a request would: entered before it is done, and again when it ended. Rejects, with nothing done, where it cannot
   * be entered. `made`: what is known only when it is done.
   */
  change<T>(action: Action, about: Entered, work: () => Promise<T>, made?: (done: T) => Entered): Promise<T>
  /** The chain itself, for what is bound to it. */
  ledger(): Promise<Ledger>
  /** With a checkpoint, if anything was entered: what is cut off while no server runs shows. */
  close(): Promise<void>
}

/** Who only reads needs no key of the audit: it is opened at the first change. */
export function commandEntries(store: Store, dataDir: string, snapshot?: () => string): CommandEntries {
  let opened: Promise<Ledger> | undefined
  const open = async (): Promise<Ledger> => ledgerAt(store, auditPlace(dataDir, process.env, store.sealed?.audit))
  const { id: actor, roles } = ownerVia('local')
  const opening = (): Promise<Ledger> => (opened ??= open())
  return {
    ledger: opening,
    async change(action, about, work, made) {
      const ledger = await opening()
      const draft = ({ object = null, plan, more }: Entered, detail: AuditDetail) => ({
        ...{ actor, role: roles.join(' '), via: 'local', object },
        detail: {
          ...(snapshot && { snapshot: snapshot() }),
          ...(plan !== undefined && { plan }),
          ...(more && { more }),
          ...detail,
        },
      })
      const of = await ledger.append({ ...draft(about, {}), action, outcome: 'begun' })
      let done
      try {
        done = await work()
      } catch (error) {
        const { code } = problemOf(error, 'cli').problem
        await ledger.append({
          ...draft(about, { of, problem: code }),
          ...{ action: `${action}.failed`, outcome: 'failed' },
        })
        throw error
      }
      await ledger.append({ ...draft({ ...about, ...made?.(done) }, { of }), action, outcome: 'done' })
      return done
    },
    async close() {
      const ledger = await opened?.catch(() => undefined)
      await ledger?.checkpoint()
      await ledger?.close()
    },
  }
}
