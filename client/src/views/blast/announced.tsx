import { useEffect, useRef, useState } from 'preact/hooks'
import type { BlastReply } from '../../../../graph/wire.ts'
import { cleanText } from '../../model/clean-name.ts'

const AT_MOST_EVERY_MS = 1_000

/** The headline for those who listen: what stands after a pause is said once, at most every second. */
export function Announced({ reply }: { reply: BlastReply }) {
  const words = cleanText(`${reply.headline.title}. ${reply.headline.sentence}`)
  const [said, say] = useState('')
  const last = useRef(0)
  useEffect(() => {
    const wait = Math.max(60, last.current + AT_MOST_EVERY_MS - performance.now())
    const timer = setTimeout(() => {
      last.current = performance.now()
      say(words)
    }, wait)
    return () => clearTimeout(timer)
  }, [words])
  return (
    <p class="hidden-words" role="status" data-announced>
      {said}
    </p>
  )
}
