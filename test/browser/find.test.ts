import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hitsOf } from './answers.ts'
import { buildScreen, launch, noBrowser, watchedPage, type Watched } from './browser.ts'
import { startStub, type Stub } from './stub.ts'
import { worldOf } from './worlds.ts'

// Put together here, so that no scanner of this repository takes a made-up value for a leak.
const secret = 'ghp_' + 'a1B2c3D4'.repeat(4)

describe.skipIf(noBrowser())('Find', () => {
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

  it('shows the worst ten and what caps most verdicts, and says that the data is a sample', async () => {
    await page.goto(stub.url)
    await page.locator('li.hit').first().waitFor()
    expect(await page.locator('li.hit').count()).toBe(10)
    await page.getByText('Sample data').waitFor()
    await page.getByText('Unknowns that block a cutover').waitFor()
  })

  it('finds what is typed, keeps the text in the address, and opens Blast; Back returns to the row', async () => {
    await page.locator('#find').fill('ledger')
    await page.getByText('1 result').waitFor()
    expect(new URL(page.url()).searchParams.get('q')).toBe('ledger')
    await page.locator('li.hit a').first().click()
    await page.locator('[data-headline]').waitFor()
    await page.goBack()
    await page.getByText('1 result').waitFor()
    await page.waitForFunction(() => document.activeElement?.id.startsWith('hit-'))
  })

  it('says what is not there, and what would bring it', async () => {
    await page.locator('#find').fill('zebra')
    await page.getByText('Nothing is called “zebra”').waitFor()
  })

  it.each(['page', 'palette'])(
    'keeps a pasted secret in the field of the %s: not sent, stored, or in the address',
    async (where) => {
      await page.goto(stub.url)
      await page.locator('li.hit').first().waitFor()
      if (where === 'palette') await page.keyboard.press('Control+k')
      const asked = stub.requests.length
      await page.locator(where === 'palette' ? '#palette-field' : '#find').fill(secret)
      await page.getByText('This looks like a GitHub token').waitFor()
      await page.waitForTimeout(400)
      expect(stub.requests.slice(asked).filter((request) => request.includes('find'))).toEqual([])
      expect(page.url()).not.toContain('ghp')
      const stored = await page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]),
      )
      expect(stored).not.toContain('ghp')
      await page.getByRole('button', { name: 'Clear the field' }).click()
      expect(await page.getByText('This looks like').count()).toBe(0)
    },
  )

  it('opens anything from the palette by keyboard', async () => {
    await page.goto(stub.url)
    await page.locator('li.hit').first().waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('ledger')
    await page.locator('#palette-list [role=option]', { hasText: 'db-ledger-rw' }).waitFor()
    await page.keyboard.press('Enter')
    await page.locator('[data-headline]').waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('>find')
    await page.keyboard.press('Enter')
    await page.locator('#find').waitFor()
    await page.getByText('Recent').waitFor()
  })

  it('opens what was typed last, however early Enter comes', async () => {
    await page.goto(stub.url)
    await page.locator('li.hit').first().waitFor()
    await page.keyboard.press('Control+k')
    await page.locator('#palette-field').fill('e')
    await page.locator('#palette-list [id^=palette-thing]').first().waitFor()
    await page.locator('#palette-field').fill('db-ledger-rw')
    await page.keyboard.press('Enter')
    await page.locator('[data-headline]').waitFor()
    const { id } = hitsOf(worldOf('std')).find(({ name }) => name === 'db-ledger-rw')!
    expect(new URL(page.url()).pathname).toContain(id)
  })

  it('holds the palette open for the very next key', async () => {
    await page.goto(stub.url)
    await page.locator('li.hit').first().waitFor()
    const focused = await page.evaluate(async () => {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }))
      // Keys come as tasks: whatever is not done when the microtasks are through would lose the next one.
      await new Promise<void>((done) => {
        const channel = new MessageChannel()
        channel.port1.onmessage = () => done()
        channel.port2.postMessage(null)
      })
      return document.activeElement?.id
    })
    expect(focused).toBe('palette-field')
  })

  it('shows the page of a thing with its neighbours counted', async () => {
    await page.goto(`${stub.url}/b/${await firstId(page, stub)}`)
    await page.locator('#subject').click()
    await page.locator('.facts').waitFor()
    await page.locator('summary', { hasText: 'used by' }).waitFor()
    expect(await page.locator('summary', { hasText: 'used by' }).textContent()).toContain('36')
    await page.locator('summary', { hasText: 'used by' }).click()
    await page.getByRole('link', { name: 'What breaks if it goes' }).click()
    await page.locator('[data-headline]').waitFor()
  })

  it('did nothing a page must never do', () => {
    expect(watched.wrongs).toEqual([])
  })

  it('an empty store: one next act', async () => {
    const empty = await startStub('empty')
    const first = await watchedPage(browser, empty.url)
    await first.page.goto(empty.url)
    await first.page.getByText('Nothing is imported yet').waitFor()
    await first.page.locator('#first-import').click()
    await first.page.getByText('Drop exports here').waitFor()
    await first.page.goBack()
    await first.page.waitForFunction(() => document.activeElement?.id === 'first-import')
    expect(first.wrongs).toEqual([])
    await first.close()
    await empty.close()
  })

  it('without a session says how to get in; the link opens, and its token leaves the address', async () => {
    const locked = await startStub('std', { token: 'one-time' })
    const guest = await watchedPage(browser, locked.url, { expected: /401/ })
    await guest.page.goto(`${locked.url}/i`)
    await guest.page.getByText('This browser has no session').waitFor()
    await guest.page.goto('about:blank')
    await guest.page.goto(`${locked.url}/#k=wrong`)
    await guest.page.getByText('This link was used before').waitFor()
    await guest.page.goto('about:blank')
    await guest.page.goto(`${locked.url}/#k=one-time`)
    await guest.page.locator('li.hit').first().waitFor()
    expect(guest.page.url()).toBe(`${locked.url}/`)
    expect(guest.wrongs).toEqual([])
    await guest.close()
    await locked.close()
  })
})

async function firstId(page: Page, stub: Stub): Promise<string> {
  await page.goto(stub.url)
  const href = await page.locator('li.hit a').first().getAttribute('href')
  return href!.split('/').at(-1)!
}
