import { useEffect, useState } from 'preact/hooks'
import type { ImportReply } from '../../../../graph/wire.ts'
import type { Failure } from '../../api/ask.ts'
import { importNews } from '../../api/live.ts'
import { importAt } from '../../api/upload.ts'
import { isRunning } from './job.ts'

const POLL_MS = 700

/** How far an import is: asked when the server says so, and every 0.7 s while it works. */
export function useImport(id: string): {
  reply: ImportReply | null
  failure: Failure | null
  set: (reply: ImportReply) => void
} {
  const [reply, set] = useState<ImportReply | null>(null)
  const [failure, fail] = useState<Failure | null>(null)
  const news = importNews.value
  useEffect(() => {
    set(null)
    fail(null)
  }, [id])
  useEffect(() => {
    if (id === '') return
    let gone = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async (): Promise<void> => {
      const outcome = await importAt(id)
      if (gone) return
      if (!outcome.ok) return fail(outcome.failure)
      fail(null)
      set(outcome.reply)
      if (isRunning(outcome.reply)) timer = setTimeout(() => void look(), POLL_MS)
    }
    void look()
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [id, news, reply?.state])
  return { reply, failure, set }
}
