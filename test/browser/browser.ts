import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Chromium to drive: `KEYFALL_CHROMIUM`, or where Linux systems put it. */
export const chromiumPath = [process.env['KEYFALL_CHROMIUM'] ?? '', ...places].find(
  (path) => path !== '' && existsSync(path),
)

/**
 * Says loudly that the browser journeys do not run for want of a browser; on CI that is a failure.
 * Use: `describe.skipIf(noBrowser())(…)`.
 */
export function noBrowser(): boolean {
  if (chromiumPath !== undefined) return false
  const words =
    'SKIPPED: no Chromium. Browser journeys need one: set KEYFALL_CHROMIUM, or install the chromium package.'
  if (process.env['CI'] === 'true') throw new Error(words)
  console.warn(words)
  return true
}

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-sync',
  '--disable-component-update', '--disable-default-apps', '--disable-extensions', '--mute-audio', '--metrics-recording-only',
  '--disable-dev-shm-usage', '--no-default-browser-check',
] // prettier-ignore

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: chromiumPath!, args: flags })

/** Builds the screen where it is older than its sources. */
export function buildScreen(): void {
  const script = fileURLToPath(new URL('../../server/bin/build.mjs', import.meta.url))
  const built = spawnSync(process.execPath, [script, '--client'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  })
  if (built.status !== 0) throw new Error(`the screen was not built:\n${built.stdout}${built.stderr}`)
}

export interface Watched {
  readonly page: Page
  /** Everything a page must never do: errors, console errors, reports of its policy, requests to elsewhere. */
  readonly wrongs: string[]
  close(): Promise<void>
}

/** A fresh profile on one page that notes whatever it does wrong. `expected` lists console errors a journey provokes. */
export async function watchedPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { expected?: RegExp } = {},
): Promise<Watched> {
  const { expected, ...contextOptions } = options
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...contextOptions })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin })
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    )
  })
  const page = await context.newPage()
  page.setDefaultTimeout(8_000)
  const wrongs: string[] = []
  page.on('pageerror', (error) => wrongs.push(`page error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected?.test(message.text())) wrongs.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    const target = new URL(request.url())
    if (target.protocol.startsWith('http') && target.origin !== new URL(url).origin)
      wrongs.push(`request to ${target.origin}`)
  })
  return { page, wrongs, close: () => context.close() }
}
