import { describe, expect, it } from 'vitest'
import type { Listener, ServerEvent } from './event-hub.ts'
import { eventRoutes } from './events.ts'

/** The listener that the route subscribes for somebody who sees these scopes; undefined: all of them. */
function listenerOf(scopes: readonly string[] | undefined): Listener {
  let listener: Listener | undefined
  const house = {
    events: { subscribe: (_: unknown, one: Listener) => (listener = one) },
    keeper: { snapshot: () => ({}) },
  }
  const response = { status: () => response, type: () => response, write: () => true }
  type Answer = (house: unknown, asked: unknown) => unknown
  ;(eventRoutes[0]!.answer as unknown as Answer)(house, { person: { scopes }, response, stillIn: () => true })
  return listener!
}

describe('how far a ranking is', () => {
  const event: ServerEvent = { type: 'ranking', data: { done: 120_000, all: 220_000 } }

  it('is told to whoever sees the whole graph', () => expect(listenerOf(undefined).seen(event)).toEqual(event))
  it('is not for whoever sees some scopes', () => expect(listenerOf(['aws:1']).seen(event)).toBe(undefined))
})
