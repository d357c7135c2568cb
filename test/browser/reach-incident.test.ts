import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import { violations } from './axe.ts'
import { buildScreen, launch, noBrowser, watchedPage, type Watched } from './browser.ts'
import { startStub, type Stub } from './stub.ts'

const subject = idOf('std subject')

/** The acts of an incident: tick, undo, price, note, export, stay pinned. */
describe.skipIf(noBrowser())('Reach, an incident', () => {
  let browser: Browser
  let stub: Stub
  let watched: Watched
  let page: Page

  beforeAll(async () => {
    buildScreen()
    browser = await launch()
    stub = await startStub('std')
    watched = await watchedPage(browser, stub.url)
    page = watched.page
    page.setDefaultTimeout(20_000)
  })
  afterAll(async () => {
    await watched?.close()
    await browser?.close()
    await stub?.close()
  })

  const open = async (query = ''): Promise<void> => {
    await page.goto(`${stub.url}/r/${subject}${query}`)
    await page.locator('.flow, .reach-lists, .reach-table').first().waitFor()
  }
  const served = () => page.locator('#cut-price[data-by=server]').waitFor()
  const ticked = () => new URL(page.url()).searchParams.get('w')?.split(',') ?? []
  const saved = async (form: string): Promise<{ name: string; text: string }> => {
    await page.keyboard.press('e')
    const waiting = page.waitForEvent('download')
    await page.locator(`#export-${form}`).click()
    const download = await waiting
    const parts: Buffer[] = []
    for await (const part of await download.createReadStream()) parts.push(part as Buffer)
    return { name: download.suggestedFilename(), text: Buffer.concat(parts).toString('utf8') }
  }

  it('ticks are undone and done again by key; the server prices exactly what is ticked', async () => {
    await open()
    for (const key of ['1', '2', '3']) await page.keyboard.press(key)
    await served()
    expect(ticked()).toHaveLength(3)
    const asked = stub.requests.filter((request) => request.includes('/together')).at(-1)!
    expect(new URLSearchParams(asked.split('?')[1]).get('actions')!.split(',')).toEqual(ticked())
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await page.waitForURL((url) => url.searchParams.get('w')?.split(',').length === 1)
    await page.keyboard.press('Control+Shift+z')
    await page.waitForURL((url) => url.searchParams.get('w')?.split(',').length === 2)
    await page.locator('.now-at').waitFor({ state: 'attached' })
  })

  it('what cannot be told stands first and is never said mildly', async () => {
    await open()
    await page.locator('.cut-option', { hasText: 'Disable AKIA' }).locator('input').check()
    await served()
    expect(await page.locator('#cut-price').textContent()).toMatch(/\d+ dependants break/)
    const prices = await page.locator('.cut-options .price').allTextContents()
    expect(prices.join(' ')).not.toMatch(/breaks nothing that is seen/)
    for (const words of prices) expect(words).not.toMatch(/^\s*Breaks nothing,/)
  })

  it('where the server counts otherwise, it wins and one line says so', async () => {
    const other = await startStub('std', { differs: true })
    const { page: theirs, wrongs, close } = await watchedPage(browser, other.url)
    await theirs.goto(`${other.url}/r/${subject}`)
    await theirs.locator('.cut-option', { hasText: 'Disable AKIA' }).locator('input').check()
    await theirs.locator('#cut-note', { hasText: 'the server’s count is shown' }).waitFor()
    expect(await theirs.locator('#cut-says').textContent()).toMatch(/^6 of 7 paths cut/)
    expect(wrongs).toEqual([])
    await close()
    await other.close()
  })

  it('M pins the view with a line of text; a secret is refused; the export has the timeline', async () => {
    await open()
    await page.keyboard.press('1')
    await served()
    await page.keyboard.press('m')
    await page.waitForFunction(() => document.activeElement?.id === 'note')
    await page.keyboard.type('Found ghp_' + 'a1B2c3D4'.repeat(4))
    await page.keyboard.press('Enter')
    await page.locator('#note-refused', { hasText: 'secret' }).waitFor()
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('ghp_')
    await page.locator('#note').fill('Key seen from a foreign network <b>')
    await page.reload()
    await page.locator('#note').waitFor()
    expect(await page.locator('#note').inputValue()).toBe('Key seen from a foreign network <b>')
    await page.locator('#note').press('Enter')
    await page.locator('.notes-list li', { hasText: '1 action ticked' }).waitFor()
    await page.locator('#subject').focus()
    const { name, text } = await saved('md')
    expect(name).toMatch(/^keyfall-reach-.*\.md$/)
    expect(text).toMatch(/### Timeline\n\n- \d{4}-\d\d-\d\d \d\d:\d\d UTC: Key seen from a foreign network \\<b\\>/)
    expect(text).toContain('### Ticked')
    await page.locator('.notes-list button', { hasText: 'Remove' }).click()
    await page.locator('.notes-list').waitFor({ state: 'detached' })
    await page.locator('#subject').focus()
    await page.keyboard.press('Control+z')
    await page.locator('.notes-list li').waitFor()
  })

  it('every form of export stands on its snapshot; pseudonyms leave no name', async () => {
    await open('?w=')
    const table = await saved('csv')
    expect(table.text).toContain('customer-pii')
    expect(table.text).toContain('coverage,')
    const answer = JSON.parse((await saved('json')).text) as { schema: string; answer: { snapshot: { id: string } } }
    expect(answer.schema).toBe('keyfall.reach/1')
    expect(answer.answer.snapshot.id).not.toBe('')
    const { text: svg } = await saved('svg')
    expect(svg).toContain('customer-pii</text>')
    expect(svg).not.toMatch(/<script|foreignObject|href="http/)
    // The browser paints that SVG: it parses.
    expect((await saved('png')).text.length).toBeGreaterThan(10_000)
    await page.keyboard.press('e')
    await page.locator('#export-pseudonyms').check()
    await page.keyboard.press('Escape')
  })

  it('is pinned to its graph: an import offers the newer one and changes nothing', async () => {
    await open()
    expect(new URL(page.url()).searchParams.get('snap')).not.toBeNull()
    const before = await page.locator('.flow').ariaSnapshot()
    stub.tell('snapshot', { id: 'std-2' })
    await page.locator('.pinned-banner').waitFor()
    expect(await page.locator('.flow').ariaSnapshot()).toBe(before)
    await page.locator('.cut-option', { hasText: 'Disable AKIA' }).locator('input').check()
    await page.locator('.blast-of-each summary').click()
    const href = await page.locator('.blast-of-each a').first().getAttribute('href')
    expect(href).toContain(`snap=${new URL(page.url()).searchParams.get('snap')}`)
  })

  it('has no violation of WCAG in light, dark and narrow, with its timeline open', async () => {
    for (const look of [{ colorScheme: 'light' }, { colorScheme: 'dark' }] as const) {
      await page.emulateMedia(look)
      await open('?tab=timeline')
      expect(await violations(page)).toEqual([])
    }
    await page.emulateMedia({ colorScheme: null, reducedMotion: 'reduce' })
    await page.setViewportSize({ width: 390, height: 844 })
    await open()
    expect(await violations(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('did nothing a page must never do, and asked with GET alone', () => {
    expect(watched.wrongs).toEqual([])
    expect(stub.requests.filter((request) => !request.startsWith('GET '))).toEqual([])
  })
})
