import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import { buildScreen, launch, noBrowser, watchedPage } from './browser.ts'
import { startStub, type Stub } from './stub.ts'

/** Height of the text on a landscape page of A4 between the margins of print.css, px at 96 a inch. */
const PAGE_HEIGHT = 688

describe.skipIf(noBrowser())('on paper', () => {
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
  const pagesOf = async (page: Page, format: 'A4' | 'Letter'): Promise<number> =>
    ((await page.pdf({ format, landscape: true })).toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length

  it.each([
    ['Blast', `/b/${idOf('std subject')}?v=table`, '[data-headline]', 'table.dependants', 12],
    ['the picture of Blast', `/b/${idOf('std subject')}`, '[data-headline]', 'table[role=grid]', 4],
    ['Estate', '/e', 'main h1', '.estate-table', 12],
  ] as const)('%s: answer first, heads of tables on every page, no frame, where it came from', async (...row) => {
    const [, path, answer, table, most] = row
    const { page, wrongs, close } = await watchedPage(browser, stub.url)
    await page.goto(stub.url + path)
    await page.locator(table).first().waitFor()
    await page.locator(answer).first().waitFor()
    const pages = [await pagesOf(page, 'A4'), await pagesOf(page, 'Letter')]
    for (const count of pages) {
      expect(count).toBeGreaterThanOrEqual(1)
      expect(count).toBeLessThanOrEqual(most)
    }
    await page.emulateMedia({ media: 'print' })
    const top = await page
      .locator(answer)
      .first()
      .evaluate((node) => node.getBoundingClientRect().top)
    expect(top).toBeLessThan(PAGE_HEIGHT)
    for (const gone of ['.rail', '.panel', '.find-open'])
      expect([gone, await page.locator(gone).first().isVisible()]).toEqual([gone, false])
    const head = page.locator(`${table} thead`).first()
    expect(await head.evaluate((node) => getComputedStyle(node).display)).toBe('table-header-group')
    expect(await page.locator('.print-foot').textContent()).toContain(path.split('?')[0]!)
    expect(wrongs).toEqual([])
    await close()
  })
})
