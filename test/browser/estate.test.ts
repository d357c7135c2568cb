import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildScreen, launch, noBrowser, watchedPage, type Watched } from './browser.ts'
import { startStub, type Stub } from './stub.ts'

describe.skipIf(noBrowser())('Estate', () => {
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
  })
  afterAll(async () => {
    await watched?.close()
    await browser?.close()
    await stub?.close()
  })

  const rows = () => page.locator('.estate-table tbody tr')
  const says = (text: RegExp) => page.locator('#filter-says', { hasText: text }).waitFor()

  it('a gap filters to its count, by address, and Back returns', async () => {
    await page.goto(`${stub.url}/e`)
    const tile = page.locator('#gap-unowned')
    const count = await tile.locator('.tile-count').textContent()
    await tile.click()
    await says(new RegExp(`^${count} of 120$`))
    expect(new URL(page.url()).pathname).toBe('/e/unowned')
    expect(await rows().count()).toBe(Number(count))
    expect(await page.locator('.estate-table em').count()).toBe(Number(count))
    await page.goBack()
    await says(/^By what falls/)
    await page.goForward()
    await says(new RegExp(`^${count} of 120$`))
    await page.getByRole('button', { name: 'Show all' }).click()
    await says(/^By what falls/)
  })

  it('filters by expression, and explains a bad one at its character', async () => {
    await page.goto(`${stub.url}/e`)
    await page.locator('#filter').fill('own:payments -flag:hard-coded')
    await says(/^\d+ of 120$/)
    for (const owner of await page.locator('.estate-table tbody td:nth-child(4)').allTextContents())
      expect(owner).toBe('Payments')
    await page.locator('#filter').fill('own:payments colour:red')
    await says(/^At character 14: “colour” is no key/)
    await page.reload()
    await says(/^At character 14/)
  })

  it('sorts by a column and says so, and shows all rows by pages', async () => {
    await page.goto(`${stub.url}/e`)
    await page.getByRole('button', { name: 'Age', exact: true }).click()
    const header = page.locator('th[aria-sort]', { hasText: 'Age' })
    await page.waitForFunction(() => document.querySelector('th[aria-sort="descending"]') !== null)
    expect(await header.getAttribute('aria-sort')).toBe('descending')
    expect(await rows().first().locator('td').nth(3).textContent()).toBe('3.0 y')
    expect(await rows().count()).toBe(50)
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.waitForFunction(() => document.querySelectorAll('.estate-table tbody tr').length === 100)
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.waitForFunction(() => document.querySelectorAll('.estate-table tbody tr').length === 120)
  })

  it.each([1280, 1000, 640, 320])('%i px wide: verdicts stand whole in sight, names are not cut', async (width) => {
    const long = 'Bramblegate Sign key of the northern stores'
    await page.route(/\/api\/estate(\?|$)/, async (route) => {
      const answer = (await (await route.fetch()).json()) as { rows: { name: string }[] }
      await route.fulfill({
        json: { ...answer, rows: answer.rows.map((row, i) => ({ ...row, name: `${long} ${i}` })) },
      })
    })
    await page.setViewportSize({ width, height: 800 })
    await page.goto(`${stub.url}/e`)
    await rows().first().waitFor()
    const seen = await rows().evaluateAll((all) =>
      all.map((row) => {
        const [verdict, name] = [row.lastElementChild!, row.querySelector('th a')!]
        const right = row.closest('.table-scroll')!.getBoundingClientRect().right
        return [
          verdict.scrollWidth <= verdict.clientWidth && verdict.getBoundingClientRect().right <= right + 1,
          name.scrollWidth <= name.clientWidth,
        ]
      }),
    )
    expect(seen.flat().filter((is) => !is)).toEqual([])
    await page.unroute(/\/api\/estate(\?|$)/)
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('says why each gap of a row was found, and what it answers to', async () => {
    await page.goto(`${stub.url}/e/hard-coded`)
    await page.locator('.gaps').first().click()
    await page.locator('.found li', { hasText: 'hard-coded in app-' }).waitFor()
    await page.locator('abbr', { hasText: 'NHI2' }).first().waitFor()
  })

  it('takes a word on a likely link, and takes it back', async () => {
    await page.goto(`${stub.url}/e?tab=links`)
    await page.getByText('called like the system').waitFor()
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('button', { name: 'Take back' }).waitFor()
    await page.getByText('No link waits for a word').waitFor()
    await page.getByRole('button', { name: 'Take back' }).click()
    await page.getByRole('button', { name: 'Confirm' }).waitFor()
  })
})
