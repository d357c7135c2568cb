import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { buildScreen, launch, noBrowser } from './browser.ts'
import { keyIds, startCutover, type Cutover } from './cutover-world.ts'

const first = keyIds[0]!

describe.skipIf(noBrowser())('Audit', () => {
  let browser: Browser
  let world: Cutover
  let plan: string
  beforeAll(async () => {
    buildScreen()
    browser = await launch()
    world = await startCutover(() => browser)
    plan = (await world.plan('Audited')).id
    await world.ask('author', 'GET', `/api/blast/${first}?op=rotate`)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await world?.server.close()
  })

  const goTo = (page: Page, path: string) => page.goto(world.server.url + path)
  const rows = (page: Page) => page.locator('.audit-table tbody tr:not(.audit-day)')

  it('says whether the chain verifies, and shows entries, newest first', async () => {
    const { page, wrongs, close } = await world.page('auditor')
    await goTo(page, '/')
    await page.locator('main h1').waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('a')
    await page.locator('.audit-chain strong', { hasText: /^\d+ entries in 1 chain verify/ }).waitFor()
    const numbers = (await rows(page).locator('td:first-child .sub').allTextContents()).map(Number)
    expect(numbers.length).toBeGreaterThan(5)
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a))
    expect(wrongs).toEqual([])
    await close()
  })

  it('narrows by kind, person, object and end, in the address; a reload keeps it', async () => {
    const { page, close } = await world.page('auditor')
    await goTo(page, '/a')
    await page.locator('#audit-kind').selectOption('change')
    await page.waitForFunction(
      () => document.querySelectorAll('.audit-table tbody tr:not(.audit-day):not(.audit-change)').length === 0,
    )
    await page.locator('#audit-object').fill(plan)
    await page.locator('.audit-table', { hasText: 'began a plan' }).waitFor()
    await page.waitForFunction(() => document.querySelectorAll('.audit-table tbody tr:not(.audit-day)').length <= 2)
    expect(new URL(page.url()).searchParams.get('f')).toBe(`object:${plan} kind:change`)
    await page.reload()
    await page.locator('.audit-table', { hasText: 'began a plan' }).waitFor()
    expect(await page.locator('#audit-kind').inputValue()).toBe('change')
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.locator('.audit-table', { hasText: 'looked at the audit' }).waitFor()
    await close()
  })

  it('opens what was asked as they saw it, at their snapshot', async () => {
    const { page, close } = await world.page('auditor')
    await goTo(page, `/a?f=action:blast.read+object:${first}`)
    const seen = page.getByRole('link', { name: 'Open as they saw it' }).first()
    const href = new URL((await seen.getAttribute('href'))!, world.server.url)
    expect(href.pathname).toBe(`/b/${first}`)
    expect(href.searchParams.get('op')).toBe('rotate')
    expect(href.searchParams.get('snap')).toMatch(/^[0-9a-f]+$/)
    await close()
  })

  it('exports what the filter leaves as JSONL, and all of it with macs', async () => {
    const { page, close } = await world.page('auditor')
    const lines = async (): Promise<Record<string, unknown>[]> => {
      const download = page.waitForEvent('download')
      await page.locator('#audit-jsonl').click()
      const text = readFileSync(await (await download).path(), 'utf8')
      return text.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>) // prettier-ignore
    }
    await goTo(page, '/a?f=action:plan.create')
    await rows(page).first().waitFor()
    const some = await lines()
    expect(some.map(({ action }) => action)).toEqual(['plan.create', 'plan.create'])
    await goTo(page, '/a')
    await rows(page).first().waitFor()
    const all = await lines()
    expect(all.length).toBeGreaterThan(some.length)
    expect(JSON.stringify(all)).toMatch(/mac/)
    await close()
  })

  it('without the right says which one it takes, and leaks no count', async () => {
    const { page, close } = await world.page('author', { expected: /403/ })
    await goTo(page, '/a')
    await page.locator('.failed').waitFor()
    expect(await page.locator('.audit-table').count()).toBe(0)
    expect(await page.locator('.failed').textContent()).toMatch(/audit/)
    await close()
  })

  it.each([
    ['light', 1440],
    ['dark', 390],
  ] as const)('has no violation of WCAG 2.2 AA, %s at %i px', async (colorScheme, width) => {
    const { page, wrongs, close } = await world.page('auditor', {
      ...{ colorScheme, viewport: { width, height: 900 }, bypassCSP: true, reducedMotion: 'reduce' },
    })
    await goTo(page, '/a')
    await rows(page).first().waitFor()
    expect(await violations(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    expect(wrongs).toEqual([])
    await close()
  })
})
