#!/usr/bin/env node
/**
 * Pictures of every screen, light and dark, wide and narrow, for people to look at beside the mock-ups.
 *
 *   node test/screenshots/run.mjs [--url LINK] [--out DIR] [--only TEXT]
 *
 * With --url (the link `keyfall serve` prints, token included) that server is pictured. Without, fictional worlds of
 * every size and state are, then a server of its own over the sample.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
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

/** Pictures are taken a few at a time: most of a picture is waiting. */
const ABREAST = 3
const waiting = []
let running = 0
async function next() {
  const job = waiting.shift()
  if (!job || running >= ABREAST) return job && waiting.unshift(job)
  running++
  await job().catch((error) => console.error(`not taken: ${error.message.split('\n')[0]}`))
  running--
  return next()
}
/** Resolves when everything that was asked for is taken. */
async function taking() {
  await Promise.all(Array.from({ length: ABREAST }, next))
  if (waiting.length > 0) await taking()
}

/**
 * One picture: opens `path`, does what `act` does, waits until nothing is asked any more. `answers` stand in for the
 * server's: a path of the API and what it says, `null` for never.
 */
async function take(base, name, path, options = {}) {
  const { size = 'wide', theme = 'light' } = options
  const file = `${name}-${size}-${theme}.png`
  if (file.includes(values.only)) waiting.push(() => shoot(file, base, path, { ...options, size, theme }))
}

async function shoot(file, base, path, { size, theme, act = async () => {}, fullPage = false, state, answers = [] }) {
  const [width, height] = sizes[size]
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    ...(state ? { storageState: state } : {}),
  })
  const page = await context.newPage()
  for (const [start, status, json] of answers)
    await page.route(
      (url) => url.pathname.startsWith(start),
      (route) => (status === null ? undefined : route.fulfill({ status, json })),
    )
  await page.clock.setFixedTime(values.url ? new Date() : new Date('2026-11-20T04:00:40Z'))
  await page.goto(base + path)
  await page.waitForLoadState('load')
  await page.locator('main').first().waitFor({ state: 'attached' })
  await page.waitForTimeout(900)
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
    await taking()
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
  await within('empty', async (url) => {
    await takeAll(url, 'find-empty', '/')
    await take(url, 'import-empty', '/i')
  })
  await within('std', async (url, blast) => {
    const views = { find: '/', blast, reach: blast.replace('/b/', '/r/'), estate: '/e', map: '/m', sources: '/sources' }
    const asked = {
      ...{ find: '/api/home', blast: '/api/blast', reach: '/api/reach', estate: '/api/estate', map: '/api/map' },
      sources: '/api/sources',
    }
    const problem = {
      code: 'our-failure',
      message: 'something went wrong on our side',
      hint: 'Try again.',
      requestId: 'r-1',
    }
    const refusal = {
      ...{ code: 'no-permission', hint: 'ask an admin of this server for the role', requestId: 'r-1' },
      message: 'this needs the permission map.read (one of the roles viewer, analyst, approver)',
    }
    for (const [view, path] of Object.entries(views)) {
      await take(url, `${view}-loading`, path, { answers: [[asked[view], null]] })
      await take(url, `${view}-error`, path, { answers: [[asked[view], 500, problem]] })
      await take(url, `${view}-no-right`, path, { answers: [[asked[view], 403, refusal]] })
    }
    await takeAll(url, 'settings', '/settings')
    await takeAll(url, 'sources', '/sources')
    await takeAll(url, 'estate', '/e')
    await take(url, 'doubt', blast, { act: (page) => page.locator('#doubt').click() })
    const out = { code: 'no-session', message: 'not signed in', hint: '', requestId: 'r-1' }
    const locked = [
      ['/api/', 401, out],
      ['/api/sign-in', 200, { oidc: 'Harbour identity' }],
    ]
    await takeAll(url, 'locked', '/', { answers: locked })
  })
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
  await takeAll(base, 'server-settings', '/settings', { state })
  await takeAll(base, 'server-sources', '/sources', { state })
  await ofPlan(base, state)
  await taking()
}

/** A server of its own over the sample, gone when the pictures are taken. */
async function ofOwnServer() {
  const data = mkdtempSync(join(tmpdir(), 'keyfall-pictures-'))
  const server = spawn(process.execPath, [join(root, 'server/bin/keyfall.mjs'), 'serve', '--sample'], {
    env: { ...process.env, KEYFALL_DATA: data, KEYFALL_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const link = await new Promise((resolve, reject) => {
      let said = ''
      server.stdout.on('data', (chunk) => {
        said += chunk
        const found = /https?:\/\/\S+#k=\S+/.exec(said)
        if (found) resolve(found[0])
      })
      server.on('exit', () => reject(new Error(`the server ended: ${said}`)))
    })
    await ofServer(link)
  } finally {
    const gone = new Promise((resolve) => server.once('exit', resolve))
    if (server.kill()) await gone
    rmSync(data, { recursive: true, force: true, maxRetries: 5 })
  }
}

if (values.url) await ofServer(values.url)
else {
  await ofWorlds()
  await ofOwnServer()
}
await browser.close()
console.log(`${taken} pictures in ${values.out}`)
if (taken === 0) process.exit(1)
