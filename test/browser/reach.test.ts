import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import { buildScreen, launch, noBrowser, watchedPage, type Watched } from './browser.ts'
import { INTRUDER, SINCE } from './reach-world.ts'
import { startStub, type Stub } from './stub.ts'

const subject = idOf('std subject')
const reach = `/r/${subject}`

describe.skipIf(noBrowser())('Reach', () => {
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

  const open = async (path: string): Promise<void> => {
    await page.goto(stub.url + path)
    await page.locator('[data-headline]').waitFor()
    await page.locator('.flow, .reach-lists, .reach-table').first().waitFor()
  }
  const names = (column: number) => page.locator(`[data-column="${column}"] .reach-box .reach-name`).allTextContents()
  const boxes = (): Promise<Record<string, string>> =>
    page.evaluate(() =>
      Object.fromEntries(
        [...document.querySelectorAll<HTMLElement>('.reach-box')].map((box) => [
          box.id,
          `${box.offsetLeft} ${box.offsetTop}`,
        ]),
      ),
    )
  const says = (text: RegExp) => page.locator('#cut-says', { hasText: text }).waitFor()

  it('opens from Blast by key and by link, and has its columns, jewels and lower bound', async () => {
    await page.goto(`${stub.url}/b/${subject}`)
    await page.locator('#to-reach').waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await page.locator('.flow').waitFor()
    expect(new URL(page.url()).pathname).toBe(reach)
    expect(await page.locator('.flow-column h3').allTextContents()).toEqual([
      'This thing',
      'It may act as',
      'Secrets it can read',
      'Which become',
      'Crown jewels',
    ])
    expect((await names(4)).sort()).toEqual(['◆ customer-pii', '◆ ledger-db', '◆ prod-deploy'])
    expect(await names(3)).toContain('ledger writer')
    expect(await page.locator('[data-headline]').textContent()).toMatch(/^Reaches at least 3 crown jewels/)
    await page.locator('.lower-bound summary').click()
    expect(await page.locator('.lower-bound li').count()).toBeGreaterThan(0)
    expect(await page.title()).toContain('Reaches at least 3 crown jewels')
    await page.goBack()
    await page.locator('#to-reach').click()
    await page.locator('.flow').waitFor()
  })

  it('a stacked card opens in place: every other box stays where it was', async () => {
    await open(reach)
    const before = await boxes()
    expect(await page.locator('[data-column] .reach-box.stack').count()).toBe(2)
    await page.locator('#stack-secrets').click()
    await page.locator('#stack-secrets[aria-expanded="true"]').waitFor()
    const after = await boxes()
    expect(after).toMatchObject(before)
    expect(Object.keys(after).length).toBe(Object.keys(before).length + 25)
    expect(await page.locator('.flow svg, .flow svg *').count()).toBeLessThanOrEqual(1_500)
    await page.locator('#stack-secrets').click()
    await page.waitForFunction((n) => document.querySelectorAll('.reach-box').length > n, Object.keys(after).length)
    await page.locator('#stack-secrets').click()
    await page.locator('#stack-secrets[aria-expanded="false"]').waitFor()
    expect(await boxes()).toEqual(before)
  })

  it('what was used shows only what logs show; the assumptions stand in the address and are asked with', async () => {
    await open(reach)
    await page.getByRole('button', { name: 'Was used' }).click()
    await page.locator('#box-' + idOf('ci-artifacts-rw')).waitFor({ state: 'detached' })
    expect(await page.locator('.reach-edge:not(.used)').count()).toBe(0)
    expect(await names(4)).toEqual(['◆ ledger-db'])
    await page.locator('.assumed summary').click()
    await page.locator('#networks').fill(INTRUDER)
    await page.locator('#networks').press('Enter')
    await page.locator('#since').fill('2026-11-13T21:40')
    await page.locator('#box-' + idOf('ledger-db')).waitFor({ state: 'detached' })
    const { searchParams } = new URL(page.url())
    expect(Object.fromEntries(searchParams)).toEqual({
      mode: 'used',
      since: SINCE,
      net: INTRUDER,
      snap: expect.any(String),
    })
    await expect.poll(() => names(1)).toEqual(['svc-billing-export', 'data-lake-admin'])
    const asked = stub.requests.filter((request) => request.startsWith(`GET /api/reach/${subject}?`)).at(-1)!
    expect(Object.fromEntries(new URLSearchParams(asked.split('?')[1]))).toEqual({ since: SINCE, networks: INTRUDER })
    await page.reload()
    await page.locator('.flow').waitFor()
    expect(await page.locator('#mode-used').getAttribute('aria-pressed')).toBe('true')
  })

  it('ticks mark what they cut, count paths, name what stays; nothing moves, and only the price is asked', async () => {
    await open(reach)
    const before = await boxes()
    await says(/^\d+ paths lead to 3 crown jewels/)
    const asked = stub.requests.length
    await page.locator('.cut-option', { hasText: 'Disable AKIA' }).locator('input').check()
    await says(/^7 of 7 paths cut\. No crown jewel is within reach/)
    expect(await page.locator('.reach-box.cut').count()).toBeGreaterThan(5)
    await page.locator('.cut-option', { hasText: 'Disable AKIA' }).locator('input').uncheck()
    await page.keyboard.press('1')
    await page.keyboard.press('2')
    await says(/^[1-6] of 7 paths cut\..*no longer within reach\. Still within reach: /)
    expect(await page.locator('.cut-mark').count()).toBeGreaterThan(0)
    expect(await page.locator('.reach-box.jewel.cut').count()).toBe(1)
    expect(await page.locator('.point.on').count()).toBeGreaterThan(0)
    expect(await boxes()).toEqual(before)
    expect(stub.requests.slice(asked).filter((request) => /\/api\/(?!reach\/\w+\/together)/.test(request))).toEqual([])
    expect(new URL(page.url()).searchParams.get('w')!.split(',')).toHaveLength(2)
    await page.goBack()
    await says(/^\d of 7 paths cut/)
    await page.goForward()
    await page.reload()
    await says(/no longer within reach/)
  })

  it('the cheapest set cuts everything that can be cut', async () => {
    await open(reach)
    await page.locator('#cut-cheapest').check()
    await says(/^7 of 7 paths cut\. No crown jewel is within reach/)
    await page.getByRole('button', { name: 'Untick all' }).click()
    await says(/^7 paths lead to/)
  })

  it('copies the commands with the undo beside each; no request but GET was made', async () => {
    await open(reach)
    await page.locator('.cut-option', { hasText: 'Disable AKIA' }).locator('input').check()
    await page.getByRole('button', { name: 'Copy commands' }).click()
    await page.locator('.said', { hasText: 'Commands copied' }).waitFor()
    const block = await page.evaluate(() => navigator.clipboard.readText())
    expect(block).toContain('# 1. Disable AKIAEXAMPLEBILLXPQK7')
    expect(block).toMatch(/^aws iam update-access-key .*--status Inactive$/m)
    expect(block).toMatch(/^# {4}Undo: aws iam update-access-key .*--status Active$/m)
    for (const line of block.trim().split('\n')) expect(line).toMatch(/^(#.*|aws .*|)$/)
    expect(stub.requests.filter((request) => !request.startsWith('GET '))).toEqual([])
    await page.locator('.blast-of-each summary').click()
    await page.locator('.blast-of-each a').first().click()
    await page.waitForURL(/\/b\/.*op=disable/)
  })

  it('by keyboard: arrows between boxes and columns, Enter chooses, Escape clears', async () => {
    await open(reach)
    await page.locator(`#box-${subject}`).focus()
    expect(await page.locator('.flow .reach-box[tabindex="0"]').count()).toBe(1)
    const focused = () => page.evaluate(() => document.activeElement!.id)
    await page.keyboard.press('ArrowRight')
    expect(
      await page.evaluate(() => document.activeElement!.closest('[data-column]')!.getAttribute('data-column')),
    ).toBe('1')
    const first = await focused()
    await page.keyboard.press('ArrowDown')
    expect(await focused()).not.toBe(first)
    await page.keyboard.press('ArrowUp')
    expect(await focused()).toBe(first)
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.getByText('Comes from').waitFor()
    expect(new URL(page.url()).searchParams.get('tab')).toBe('selection')
    await page.keyboard.press('Escape')
    await page.waitForURL((url) => !url.searchParams.has('sel'))
  })

  it('T is the same as a table, with the same things', async () => {
    await open(reach)
    const drawn = await page
      .locator('.flow button.reach-box[id^="box-"]')
      .evaluateAll((all) => all.map((box) => box.id.slice(4)))
    await page.keyboard.press('t')
    await page.locator('.reach-table').waitFor()
    const listed = await page
      .locator('.reach-table [id^="row-"]')
      .evaluateAll((all) => all.map((row) => row.id.slice(4)))
    expect(listed.filter((id) => drawn.includes(id))).toEqual(drawn)
    expect(await page.locator('.cost-table tbody tr').count()).toBeGreaterThan(1)
  })

  it('says what to rotate', async () => {
    await open(`${reach}?tab=rotate`)
    expect(await page.locator('.rotate-list li').count()).toBeGreaterThan(10)
  })

  it('under 720 px lists stand for the picture', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await open(reach)
    expect(await page.locator('.flow').count()).toBe(0)
    expect(await page.locator('.reach-lists section').count()).toBe(4)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('where nothing lies beyond it, it does not say that nothing is there', async () => {
    await page.goto(`${stub.url}/r/${idOf('customer-pii')}`)
    await page.getByText('Nothing we can see lies beyond it').waitFor()
    await page.getByText('does not mean that nothing is there').waitFor()
  })

  it('stays on its data while a newer graph is there', async () => {
    await open(reach)
    const before = await page.locator('.flow').ariaSnapshot()
    const asked = stub.requests.length
    stub.tell('snapshot', { id: 'std-2' })
    await page.getByText('Newer graph available').waitFor()
    expect(await page.locator('.flow').ariaSnapshot()).toBe(before)
    expect(stub.requests.slice(asked).filter((request) => request.includes('/api/reach'))).toEqual([])
  })

  it('an error stays in its region and can be retried', async () => {
    const failing = await watchedPage(browser, stub.url, { expected: /500/ })
    stub.fail(`/api/reach/${subject}`, 500)
    await failing.page.goto(stub.url + reach)
    await failing.page.getByRole('button', { name: 'Retry' }).click()
    await failing.page.locator('.flow').waitFor()
    expect(failing.wrongs).toEqual([])
    await failing.close()
  })

  it('hostile names: shown as text, nothing ran, the layout holds', async () => {
    const hostile = await startStub('hostile')
    const { page: other, wrongs, close } = await watchedPage(browser, hostile.url)
    await other.goto(hostile.url + reach)
    await other.locator('.flow').waitFor()
    expect(await other.evaluate(() => 'pwned' in globalThis)).toBe(false)
    expect(await other.locator('main img, main script, main iframe').count()).toBe(0)
    expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1_440)
    expect(wrongs).toEqual([])
    await close()
    await hostile.close()
  })

  it('did nothing a page must never do', () => {
    expect(watched.wrongs).toEqual([])
  })
})
