/**
 * Where the time of slow answers went, for whoever looks for the cause (`KEYFALL_BENCH_SLOW=100`): of each question how
 * long it was on its way in, waited for the estate's answer, and for its entry in the audit.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import { performance } from 'node:perf_hooks'

const now = () => performance.timeOrigin + performance.now()

/** Watches a server; `spans()` says what it saw since the last time, in ms. */
export function watchSpans({ store }) {
  const asking = new AsyncLocalStorage()
  const seen = []
  const entries = []
  subscribe('http.server.request.start', ({ request, response }) => {
    const due = Number(request.headers['x-due-at'])
    if (!due) return
    const one = { due, began: now() }
    asking.enterWith(one)
    response.once('finish', () => seen.push({ ...one, ended: now() }))
  })
  for (const name of ['append', 'appendAll']) {
    const plain = store.audit[name]
    store.audit[name] = async (...given) => {
      const began = now()
      try {
        return await plain(...given)
      } finally {
        entries.push(now() - began)
      }
    }
  }
  return {
    /** Of a thread that answers, before it is asked. */
    answering(one) {
      if (!one || one.isWatched) return
      const plain = one.ask
      one.isWatched = true
      one.ask = async (question) => {
        const record = asking.getStore()
        if (record) record.asked = now()
        try {
          return await plain(question)
        } finally {
          if (record) record.answered = now()
        }
      }
    },
    /** [way in, to the asking, the answer, audit and leaving] of every question, and of each entry its writing. */
    spans() {
      const each = seen.splice(0).map(({ due, began, asked = began, answered = asked, ended }) => ({
        at: due,
        spans: [began - due, asked - began, answered - asked, ended - answered],
      }))
      return { each, entries: entries.splice(0) }
    },
  }
}
