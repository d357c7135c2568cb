import { render } from 'preact'
import * as z from 'zod/mini'
import { readyToPresent } from './api/ask.ts'
import { App } from './app/app.tsx'
import { presenting } from './app/choices.ts'
import { listenToKeys } from './app/keys.ts'
import { followHistory } from './app/place.ts'
import { returnToPlace, tradeToken } from './app/session.ts'

// zod would build its parsers with `new Function`, which the page's policy forbids and reports.
z.config({ jitless: true })

async function start(): Promise<void> {
  await tradeToken()
  returnToPlace()
  if (presenting.peek() === 'on') await readyToPresent()
  followHistory()
  listenToKeys()
  render(<App />, document.getElementById('app')!)
}
void start()
