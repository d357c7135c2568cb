#!/usr/bin/env node
/**
 * Pictures of every screen, light and dark, wide and narrow, for people to look at beside the mock-ups.
 *
 *   node test/screenshots/run.mjs [--url LINK] [--out DIR] [--only TEXT]
 *
 * With --url (the link `keyfall serve` prints, token included) the running server is pictured: its Find, the Blast of
 * its worst credential, Import. Without, fictional worlds of every size are.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    out: { type: 'string', default: join(root, 'artifacts/screenshots') },
    only: { type: 'string', default: '' },
  },
})
const load = async (path) => (await runnerImport(join(root, path), { root, logLevel: 'error' })).module
const { launch, chromiumPath, buildScreen } = await load('test/browser/browser.ts')
if (chromiumPath === undefined) {
  console.error('SKIPPED: no Chromium. Set KEYFALL_CHROMIUM, or install the chromium package.')
  process.exit(process.env.CI === 'true' ? 1 : 0)
}
mkdirSync(values.out, { recursive: true })

process.env.FONTCONFIG_FILE = join(root, 'test/screenshots/fonts.conf')
const sizes = { wide: [1440, 900], middle: [1024, 768], narrow: [390, 844] }
const browser = await launch()
let taken = 0

/** One picture: opens `path`, does what `act` does, waits until nothing is asked any more. */
async function take(
  base,
  name,
  path,
  { size = 'wide', theme = 'light', act = async () => {}, fullPage = false, state } = {},
) {
  const file = `${name}-${size}-${theme}.png`
  if (!file.includes(values.only)) return
  const [width, height] = sizes[size]
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    ...(state ? { storageState: state } : {}),
  })
  const page = await context.newPage()
  await page.clock.setFixedTime(values.url ? new Date() : new Date('2026-11-20T04:00:40Z'))
  await page.goto(base + path)
  await page.waitForLoadState('load')
  await page.locator('main h1').first().waitFor()
  await page.waitForTimeout(700)
  await act(page)
  await page.waitForTimeout(250)
  await page.screenshot({ path: join(values.out, file), fullPage })
  taken++
  await context.close()
}

/** The same picture in both themes and all sizes. */
async function takeAll(base, name, path, options = {}) {
  for (const size of Object.keys(sizes)) {
    for (const theme of ['light', 'dark']) await take(base, name, path, { ...options, size, theme })
  }
}

const files = [
  ['aws-prod-auth-details.json', 18_400],
  ['credential-report.csv', 31_200],
  ['vault-audit-2026-11-13.log.gz', 204_000],
  ['broken-auth-details.json', 6_100],
  ['notes.docx', 4_100],
].map(([name, bytes]) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.alloc(bytes, 'a') }))

async function importFiles(page) {
  await page.locator('input[type=file]').first().setInputFiles(files)
  await page.getByText('Read; nothing is changed yet').waitFor()
}

async function ofWorlds() {
  buildScreen()
  const { startStub } = await load('test/browser/stub.ts')
  const { idOf } = await load('graph/ids.ts')
  const within = async (world, pictures) => {
    const stub = await startStub(world)
    await pictures(stub.url, `/b/${idOf(`${world} subject`)}`)
    await stub.close()
  }
  await within('std', async (url, blast) => {
    await takeAll(url, 'find', '/')
    await takeAll(url, 'blast', `${blast}?t=15m`)
    await take(url, 'blast-end', `${blast}?t=restart`)
    await takeAll(url, 'blast-diff', `${blast}?t=15m&w=s1,s2,s3&d=1`)
    await take(url, 'blast-diff-table', `${blast}?w=s1,s2,s3&d=1&v=table`)
    await take(url, 'blast-export', `${blast}?w=s1`, { act: (page) => page.keyboard.press('e') })
    await take(url, 'blast-rotate', `${blast}?op=rotate`)
    await take(url, 'blast-selection', `${blast}?t=15m`, { act: (page) => page.locator('button.cell').nth(1).click() })
    await take(url, 'blast-evidence', blast, { act: (page) => page.getByRole('button', { name: /^Evidence/ }).click() })
    await take(url, 'blast-filter', `${blast}?f=verdict:breaks`)
    await take(url, 'blast-table', `${blast}?v=table`, { theme: 'dark' })
    await take(url, 'blast-sources', `${blast}?tab=sources`)
    await take(url, 'blast-whole', blast, { size: 'narrow', fullPage: true })
    await take(url, 'find-results', '/?q=bi')
    await take(url, 'palette', '/', { act: (page) => page.keyboard.press('Control+k') })
    await take(url, 'keys', blast, { act: (page) => page.keyboard.press('?') })
    await take(url, 'node', `/n/${idOf('std subject')}`)
    await take(url, 'masked', '/', { act: (page) => page.locator('#find').fill('ghp_' + 'a1B2c3D4'.repeat(4)) })
    await takeAll(url, 'import-report', '/i', { act: importFiles })
    await takeAll(url, 'import', '/i')
  })
  await within('std', async (url, blast) => {
    const reach = blast.replace('/b/', '/r/')
    const tick = async (page) => {
      for (const key of ['1', '2']) await page.keyboard.press(key)
    }
    await takeAll(url, 'reach', `${reach}?since=2026-11-13T21:40:00Z&net=203.0.113.0/24`, { act: tick })
    await take(url, 'reach-open', `${reach}?x=secrets`)
    await take(url, 'reach-used', `${reach}?mode=used`)
    await take(url, 'reach-table', `${reach}?v=table&tab=rotate`)
    await take(url, 'reach-selection', reach, { act: (page) => page.locator('button.reach-box').nth(3).click() })
    await take(url, 'reach-whole', reach, { size: 'narrow', fullPage: true })
    await take(url, 'reach-nothing', `/r/${idOf('customer-pii')}`)
  })
  await within('big', async (url, blast) => {
    await take(url, 'blast-10000', blast)
    await take(url, 'blast-10000', blast, { theme: 'dark' })
    await take(url, 'blast-10000', blast, { size: 'narrow' })
  })
  await within('tiny', (url, blast) => take(url, 'blast-3', blast))
  await within('hostile', (url, blast) => take(url, 'blast-hostile', blast))
  await within('stale', (url, blast) => take(url, 'blast-stale', blast))
  await within('unseen', (url, blast) => take(url, 'blast-unseen', blast))
  await within('empty', (url) => take(url, 'find-empty', '/'))
}

/** Cutover and Audit of the running server: the newest plan, or one that is made for the pictures. */
async function ofPlan(base, state) {
  const context = await browser.newContext({ storageState: state })
  const ask = async (method, path, data) =>
    (await context.request.fetch(base + path, { method, headers: { Origin: base }, data })).json()
  const { plans } = await ask('GET', '/api/plans')
  const id = plans[0]?.id ?? (await ask('POST', '/api/plans', { name: 'Static keys of the year' })).id
  const { waves } = await ask('GET', `/api/plans/${id}`)
  await context.close()
  const credential = waves.at(-1).items.toSorted((a, b) => b.weight - a.weight)[0].credential.id
  await take(base, 'server-plans', '/c?tab=new', { state })
  await takeAll(base, 'server-cutover', `/c/${id}`, { state })
  await takeAll(base, 'server-runbook', `/c/${id}/${credential}`, { state })
  await takeAll(base, 'server-sign', `/c/${id}/${credential}?tab=sign`, { state })
  await take(base, 'server-cutover-table', `/c/${id}?v=table&tab=names`, { state })
  for (const tab of ['signs', 'rollback', 'names'])
    await take(base, `server-runbook-${tab}`, `/c/${id}/${credential}?tab=${tab}`, { state })
  await takeAll(base, 'server-audit', '/a', { state })
}

async function ofServer(link) {
  const base = new URL(link).origin
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(link)
  await page.locator('li.hit a').first().waitFor()
  const worst = await page.locator('li.hit a').first().getAttribute('href')
  const state = await context.storageState()
  await context.close()
  await takeAll(base, 'server-find', '/', { state })
  await takeAll(base, 'server-blast', worst, { state })
  await takeAll(base, 'server-reach', worst.replace('/b/', '/r/'), { state })
  await takeAll(base, 'server-estate', '/e', { state })
  await take(base, 'server-estate-gap', '/e/hard-coded?tab=links', { state })
  await takeAll(base, 'server-map', '/m', { state })
  await takeAll(base, 'server-map-around', worst.replace('/b/', '/m/'), { state })
  await takeAll(base, 'server-import', '/i', { state })
  await ofPlan(base, state)
}

await (values.url ? ofServer(values.url) : ofWorlds())
await browser.close()
console.log(`${taken} pictures in ${values.out}`)
if (taken === 0) process.exit(1)
