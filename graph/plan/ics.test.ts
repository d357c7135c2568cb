import { test } from '@fast-check/vitest'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { icsOf, type CalendarEvent } from './ics.ts'

/** A reader of its own: unfolds, splits, unescapes. */
function read(text: string): Map<string, string>[] {
  const lines = text.replaceAll('\r\n ', '').split('\r\n')
  const events: Map<string, string>[] = []
  for (const line of lines) {
    if (line === 'BEGIN:VEVENT') events.push(new Map())
    const colon = line.indexOf(':')
    events.at(-1)?.set(line.slice(0, colon), unescaped(line.slice(colon + 1)))
  }
  return events
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\([\\;,nN])/g, (_, letter: string) => (letter === 'n' || letter === 'N' ? '\n' : letter))

const base: CalendarEvent = {
  uid: 'wave-1@keyfall',
  start: '2026-12-01T09:00:00Z',
  end: '2026-12-01T13:00:00.000Z',
  summary: 'Wave',
  description: '',
}

describe('a calendar', () => {
  it('has UTC times, and one event for each', () => {
    const [event, ...others] = read(icsOf([base], '2026-11-20T04:00:00Z'))
    expect(others).toEqual([])
    expect([event!.get('DTSTART'), event!.get('DTEND'), event!.get('DTSTAMP')]).toEqual([
      '20261201T090000Z',
      '20261201T130000Z',
      '20261120T040000Z',
    ])
  })

  it('lets no name begin a line of its own', () => {
    const summary = 'a\r\nEND:VEVENT\r\nATTACH:file:///etc/passwd\u0000\u202e'
    const text = icsOf([{ ...base, summary }], base.start)
    expect(text).not.toMatch(/\r\nATTACH/)
    expect(text.match(/END:VEVENT\r\n/g)).toHaveLength(1)
    expect(read(text)[0]!.get('SUMMARY')).toBe('a\nEND:VEVENT\nATTACH:file:///etc/passwd')
  })

  const words = fc.string({
    unit: fc.constantFrom('a', ',', ';', '\\', '\n', ' ', ':', 'ß', '→', '🔑'),
    maxLength: 300,
  })
  test.prop([words, words])('reads back as it was written, in lines of at most 75 octets', (summary, description) => {
    const text = icsOf([{ ...base, summary, description }], base.start)
    const [event] = read(text)
    expect([event!.get('SUMMARY'), event!.get('DESCRIPTION')]).toEqual([summary, description])
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  })
})
