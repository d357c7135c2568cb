import type { Response } from 'express'
import type { ImportReply, RankingNews, Snapshot } from '../../graph/wire.ts'
import { RequestProblem } from './problem.ts'

/** What the server tells by itself. `event:` is the type, `data:` the value as JSON. */
export type ServerEvent =
  | { readonly type: 'snapshot'; readonly data: Snapshot }
  | { readonly type: 'import'; readonly data: ImportReply }
  | { readonly type: 'ranking'; readonly data: RankingNews }

/** Who listens. Asked before each event: rights may have ended since. */
export interface Listener {
  /** May he listen still? */
  isIn(): boolean
  /** The event as he may see it; undefined: it is not for him. */
  seen(event: ServerEvent): ServerEvent | undefined
}

export interface EventHub {
  publish(event: ServerEvent): void
  subscribe(response: Response, listener: Listener): void
  close(): void
}

const PING_MS = 25_000
const LISTENERS = 100
const WAITING_BYTES = 1 << 20

/** Server-sent events to all who listen. A slow reader is dropped: it connects again and asks for what it missed. */
export function openEventHub(): EventHub {
  const listeners = new Map<Response, Listener>()
  const send = (textFor: (listener: Listener) => string | undefined): void => {
    for (const [response, listener] of listeners) {
      if (response.writableLength > WAITING_BYTES || !listener.isIn()) {
        response.destroy()
        continue
      }
      const text = textFor(listener)
      if (text !== undefined) response.write(text)
    }
  }
  const ping = setInterval(() => send(() => ': still here\n\n'), PING_MS)
  ping.unref()
  return {
    publish(event) {
      send((listener) => {
        const seen = listener.seen(event)
        return seen && eventText(seen.type, seen.data)
      })
    },
    subscribe(response, listener) {
      if (listeners.size >= LISTENERS) throw new RequestProblem('too-many', 'too many pages are listening')
      listeners.set(response, listener)
      response.on('close', () => listeners.delete(response))
    },
    close() {
      clearInterval(ping)
      for (const response of listeners.keys()) response.end()
    },
  }
}

export function eventText(type: ServerEvent['type'], data: unknown): string {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`
}
