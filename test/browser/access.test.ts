import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import { violations } from './axe.ts'
import { buildScreen, launch, noBrowser, watchedPage } from './browser.ts'
import { startStub, type Stub } from './stub.ts'

const files = ['auth.json', 'vault-audit.log', 'notes.docx'].map((name) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from('{}'),
}))
const blast = `/b/${idOf('std subject')}`
const reach = `/r/${idOf('std subject')}`

const screens: readonly (readonly [string, string, (page: Page) => Promise<unknown>])[] = [
  ['Find', '/', (page) => page.locator('li.hit').first().waitFor()],
  ['Find with results', '/?q=bi', (page) => page.locator('#results').waitFor()],
  ['Blast', `${blast}?t=15m`, (page) => page.locator('[data-claim]').waitFor()],
  ['Blast as a table', `${blast}?v=table`, (page) => page.locator('table.dependants').waitFor()],
  [
    'Blast with a selection',
    `${blast}?tab=selection&cell=${idOf('system Payments')}.15m`,
    async (page) => {
      await page.locator('[data-claim]').waitFor()
      await page.locator('.members li').first().waitFor({ state: 'attached' })
    },
  ],
  ['Blast, sources', `${blast}?tab=sources`, (page) => page.locator('[data-claim]').waitFor()],
  ['a thing', `/n/${idOf('std subject')}`, (page) => page.locator('.facts').waitFor()],
  ['Reach', `${reach}?since=2026-11-13T21:40:00Z&net=203.0.113.0/24`, (page) => page.locator('.reach').waitFor()],
  ['Reach as a table', `${reach}?v=table&tab=rotate`, (page) => page.locator('.reach-table').waitFor()],
  ['Map', '/m', (page) => page.locator('.matrix, .pairs').first().waitFor()],
  ['Map as a table', '/m?v=table', (page) => page.locator('.pairs').waitFor()],
  ['Map around a thing', `/m/${idOf('aws:key:shared')}`, (page) => page.locator('#map-focus').waitFor()],
  [
    'Map around a thing, table',
    `/m/${idOf('aws:key:shared')}?v=table`,
    (page) => page.locator('.around-table').waitFor(),
  ],
  ['Estate', '/e', (page) => page.locator('.estate-table').waitFor()],
  ['Estate, links', '/e?tab=links', (page) => page.getByText('Likely, not certain').waitFor({ state: 'attached' })],
  ['Settings', '/settings', (page) => page.locator('#invite-name').waitFor()],
  ['Sources', '/sources', (page) => page.locator('main table').first().waitFor()],
  ['Import', '/i', (page) => page.locator('#choose-files').waitFor()],
  [
    'an import report',
    '/i',
    async (page) => {
      await page.locator('input[type=file]').first().setInputFiles(files)
      await page.getByText('Read; nothing is changed yet').waitFor()
    },
  ],
  [
    'the palette',
    '/',
    async (page) => {
      await page.locator('li.hit').first().waitFor()
      await page.keyboard.press('Control+k')
      await page.locator('#palette-field').waitFor()
    },
  ],
]

/** One of each view, for what needs not be looked at in each of its forms. */
const views = ['Find', 'Blast', 'a thing', 'Reach', 'Map', 'Estate', 'Import', 'Settings', 'Sources']
const oneOfEach = screens.filter(([view]) => views.includes(view))

describe.skipIf(noBrowser())('for everybody', () => {
  let browser: Browser
  let stub: Stub
  beforeAll(async () => {
    buildScreen()
    browser = await launch()
    stub = await startStub('std')
  })
  afterAll(async () => {
    await browser?.close()
    await stub?.close()
  })

  describe.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 390],
  ] as const)('%s at %i px', (colorScheme, width) => {
    it.each(width === 1440 ? screens : oneOfEach)('%s has no violation of WCAG 2.2 AA', async (_, path, ready) => {
      const { page, wrongs, close } = await watchedPage(browser, stub.url, {
        colorScheme,
        viewport: { width, height: 900 },
        bypassCSP: true,
        reducedMotion: 'reduce',
      })
      await page.goto(stub.url + path)
      await ready(page)
      expect(await violations(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      expect(wrongs).toEqual([])
      await close()
    })
  })

  it('in the colours of the system no view has a violation, and verdicts differ by shape', async () => {
    const { page, close } = await watchedPage(browser, stub.url, { bypassCSP: true, reducedMotion: 'reduce' })
    await page.emulateMedia({ forcedColors: 'active' })
    const found: string[] = []
    for (const [name, path, ready] of oneOfEach) {
      await page.goto(stub.url + path)
      await ready(page)
      found.push(...(await violations(page)).map((one) => `${name}: ${one}`))
    }
    expect(found).toEqual([])
    await page.goto(stub.url + blast)
    await page.locator('.chips [data-count]').first().waitFor()
    const shapes = await page.locator('.chips svg use').evaluateAll((all) => all.map((use) => use.getAttribute('href')))
    expect(new Set(shapes).size).toBe(4)
    await close()
  }, 60_000)

  it.each([
    ['320 px wide', { width: 320, height: 640 }, 1],
    ['200 % of 1280 × 800', { width: 640, height: 400 }, 2],
  ] as const)(
    '%s: nothing is lost, and nothing scrolls both ways but a table',
    async (_, viewport, scale) => {
      const { page, wrongs, close } = await watchedPage(browser, stub.url, { viewport, deviceScaleFactor: scale })
      for (const [name, path, ready] of oneOfEach) {
        await page.goto(stub.url + path)
        await ready(page)
        const wide = await page.evaluate(() => document.documentElement.scrollWidth)
        expect([name, wide]).toEqual([name, Math.min(wide, viewport.width)])
        expect([name, await page.locator('h1').first().isVisible()]).toEqual([name, true])
        const ways = await page.locator('.rail a:visible').evaluateAll((all) =>
          all.map((way) => {
            const words = document.createRange()
            words.selectNodeContents(way)
            return [words.getBoundingClientRect().left, words.getBoundingClientRect().right] as const
          }),
        )
        expect([name, ways.filter(([left], i) => i > 0 && left < ways[i - 1]![1])]).toEqual([name, []])
      }
      expect(wrongs).toEqual([])
      await close()
    },
    60_000,
  )

  it('Blast of 10,000 dependants, with bars and folds, has none either', async () => {
    const big = await startStub('big')
    const { page, close } = await watchedPage(browser, big.url, { bypassCSP: true })
    await page.goto(`${big.url}/b/${idOf('big subject')}?x=tier-3`)
    await page.locator('[data-claim]').waitFor()
    expect(await violations(page)).toEqual([])
    await close()
    await big.close()
  })

  it('follows the system’s theme, and a choice outlives a reload', async () => {
    const { page, close } = await watchedPage(browser, stub.url, { colorScheme: 'dark' })
    await page.goto(stub.url)
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(await ground()).toBe('rgb(15, 18, 24)')
    await page.getByRole('button', { name: 'Theme: auto' }).click()
    expect(await ground()).toBe('rgb(252, 252, 253)')
    await page.reload()
    expect(await ground()).toBe('rgb(252, 252, 253)')
    await close()
  })
})

describe.skipIf(noBrowser())('the budget of the first load', () => {
  it('JavaScript ≤ 100 kB, CSS ≤ 12 kB, gzip', () => {
    buildScreen()
    const dist = fileURLToPath(new URL('../../dist/client', import.meta.url))
    const page = readFileSync(`${dist}/index.html`, 'utf8')
    const sizeOf = (extension: string): number =>
      readdirSync(`${dist}/assets`)
        .filter((name) => name.endsWith(extension) && page.includes(name))
        .reduce((sum, name) => sum + gzipSync(readFileSync(`${dist}/assets/${name}`)).length, 0)
    expect(sizeOf('.js')).toBeGreaterThan(10_000)
    expect(sizeOf('.js')).toBeLessThanOrEqual(100_000)
    expect(sizeOf('.css')).toBeGreaterThan(1_000)
    expect(sizeOf('.css')).toBeLessThanOrEqual(12_000)
  })
})
