import type { Response } from 'express'
import type { ImportReply, Snapshot } from '../../graph/wire.ts'
import { RequestProblem } from './problem.ts'

/** What the server tells by itself. `event:` is the type, `data:` the value as JSON. */
export type ServerEvent =
  { readonly type: 'snapshot'; readonly data: Snapshot } | { readonly type: 'import'; readonly data: ImportReply }

export interface EventHub {
  publish(event: ServerEvent): void
  subscribe(response: Response): void
  close(): void
}

const PING_MS = 25_000
const LISTENERS = 100
const WAITING_BYTES = 1 << 20

/** Server-sent events to all who listen. A slow reader is dropped: it connects again and asks for what it missed. */
export function openEventHub(): EventHub {
  const listeners = new Set<Response>()
  const send = (text: string): void => {
    for (const response of listeners) {
      if (response.writableLength > WAITING_BYTES) response.destroy()
      else response.write(text)
    }
  }
  const ping = setInterval(() => send(': still here\n\n'), PING_MS)
  ping.unref()
  return {
    publish: ({ type, data }) => send(eventText(type, data)),
    subscribe(response) {
      if (listeners.size >= LISTENERS) throw new RequestProblem('too-many', 'too many pages are listening')
      listeners.add(response)
      response.on('close', () => listeners.delete(response))
    },
    close() {
      clearInterval(ping)
      for (const response of listeners) response.end()
    },
  }
}

export function eventText(type: ServerEvent['type'], data: unknown): string {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`
}
