import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BlastReply, HomeReply } from '../../graph/wire.ts'
import { testServer, type TestServer } from '../http/running-server.ts'
import { buildScreen, launch, noBrowser, watchedPage, type Watched } from './browser.ts'
import { cellTotal, chipTotal } from './journeys.ts'

const clientDir = fileURLToPath(new URL('../../dist/client', import.meta.url))
const data = fileURLToPath(new URL('../../../shared/data', import.meta.url))
const account = join(data, 'aws-gaad-cloudsplaining/example-authz-details.json')
const manifests = join(data, 'k8s-bank-of-anthos/kubernetes-manifests')

const isHere = existsSync(account) && existsSync(manifests)
if (!isHere) console.warn('SKIPPED: no ../shared/data: journeys over exports of other people’s systems did not run.')

/** As a new user: from an empty store to the answer on exports of one's own, by the screen alone. */
describe.skipIf(!isHere || noBrowser())('journeys over a real import', () => {
  let browser: Browser
  let server: TestServer
  let watched: Watched
  beforeAll(async () => {
    buildScreen()
    browser = await launch()
    server = await testServer({ clientDir })
    watched = await watchedPage(browser, server.url)
    const [name = '', value = ''] = server.cookie.split(/=(.*)/s)
    await watched.page.context().addCookies([{ name, value, url: server.url }])
  }, 240_000)
  afterAll(async () => {
    await watched?.close()
    await browser?.close()
    await server?.close()
  })

  it('an own export: from nothing to the answer', async () => {
    const { page } = watched
    await page.goto(server.url)
    await page.locator('#first-import').click()
    await page.locator('#choose-files').waitFor()
    const yaml = readdirSync(manifests).filter((name) => name.endsWith('.yaml'))
    const files = [account, ...yaml.map((name) => join(manifests, name))]
    await page.locator('input[type=file]').first().setInputFiles(files)
    await page.getByText('Read; nothing is changed yet').waitFor({ timeout: 60_000 })
    expect(await page.locator('.files tbody tr, .file-table tbody tr').count()).toBeGreaterThanOrEqual(files.length)
    await page.getByRole('button', { name: /^Add to the graph/ }).click()
    await page
      .getByText(/in the graph/i)
      .first()
      .waitFor({ timeout: 60_000 })
    await page.goto(server.url)
    const first = page.locator('li.hit a').first()
    await first.waitFor()
    const home = (await server.json('/api/home')) as unknown as HomeReply
    expect(home.snapshot.sample).toBe(false)
    await first.click()
    await page.locator('[data-headline]').waitFor()
    const path = new URL(page.url()).pathname.replace('/b/', '/api/blast/')
    const reply = (await server.json(path)) as unknown as BlastReply
    expect(await page.locator('[data-headline]').textContent()).toBe(reply.headline.title)
    expect(await chipTotal(page)).toBe(reply.counts.dependents)
    if (reply.counts.dependents > 0) expect(await cellTotal(page)).toBe(reply.counts.dependents)
  }, 150_000)

  it('what was not imported caps the answer: no credential of these reads as safe', async () => {
    const { worst, unknowns } = (await server.json('/api/home')) as unknown as HomeReply
    expect(worst.length).toBeGreaterThan(0)
    expect(worst.filter(({ front }) => front?.verdict === 'safe')).toEqual([])
    expect(unknowns.length).toBeGreaterThan(0)
    expect(watched.wrongs).toEqual([])
  })
})
