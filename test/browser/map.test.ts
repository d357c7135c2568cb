import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import { violations } from './axe.ts'
import { buildScreen, launch, noBrowser, watchedPage, type Watched } from './browser.ts'
import { startStub, type Stub } from './stub.ts'

const shared = idOf('aws:key:shared')
const hub = idOf('aws:key:hub')

describe.skipIf(noBrowser())('Map', () => {
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
    page.setDefaultTimeout(30_000)
  })
  afterAll(async () => {
    await watched?.close()
    await browser?.close()
    await stub?.close()
  })

  const focusIs = (name: string) => page.locator('#map-focus', { hasText: name }).waitFor()
  const hop = (name: string) => page.locator('a.hop', { hasText: name })

  it('the matrix says in words what a cell holds, and lists it', async () => {
    await page.goto(`${stub.url}/m`)
    const cell = page.getByRole('button', {
      name: 'System 0 and System 1 share 1 credential; 1 dependency of System 0 on System 1',
    })
    await cell.click()
    await page.locator('.behind', { hasText: 'shared-key' }).waitFor()
    await page.reload()
    await page.locator('.behind', { hasText: 'shared-key' }).waitFor()
    await page.keyboard.press('t')
    await page.locator('.pairs').waitFor()
    expect(await page.locator('.pairs tbody tr').count()).toBe(8 * 7)
  })

  it('a system opens what stands around it; one click is one hop; Back, Forward and the trail walk it', async () => {
    await page.goto(`${stub.url}/m`)
    await page.locator(`#system-${idOf('system:0')}`).click()
    await focusIs('System 0')
    await hop('app-0').click()
    await focusIs('app-0')
    await hop('pay-secret').click()
    await focusIs('pay-secret')
    expect(await page.locator('.map-trail a').allTextContents()).toEqual(['All systems', 'System 0', 'app-0'])
    await page.goBack()
    await focusIs('app-0')
    await page.goForward()
    await focusIs('pay-secret')
    await page.locator('.map-trail a', { hasText: 'System 0' }).click()
    await focusIs('System 0')
    expect(await page.locator('.map-trail a').allTextContents()).toEqual(['All systems'])
    await page.goBack()
    await page.reload()
    await focusIs('pay-secret')
    await page.keyboard.press('Escape')
    await focusIs('app-0')
    // The keyboard follows once what it had is gone.
    await page.waitForFunction(() => document.activeElement?.tagName !== 'BODY')
  })

  it('a hidden kind is looked through: what lies behind stays, dotted, and the address keeps it', async () => {
    await page.goto(`${stub.url}/m/${shared}`)
    await focusIs('shared-key')
    expect(await page.locator('.map-columns path.implied').count()).toBe(0)
    await page.locator('label', { hasText: 'Kubernetes Secret' }).click()
    await hop('app-0').waitFor()
    expect(await page.locator('.map-columns path.implied').count()).toBe(4)
    expect(await hop('pay-secret').count()).toBe(0)
    expect(await hop('app-0').textContent()).toContain('read by, through Kubernetes Secret')
    expect(new URL(page.url()).searchParams.get('hide')).toBe('k8s.secret_object')
    await page.keyboard.press('t')
    await page.locator('td', { hasText: 'stored in Kubernetes Secret pay-secret, read by' }).first().waitFor()
    await page.reload()
    await page.locator('.around-table').waitFor()
    await page.goBack()
    await page.goBack()
    await hop('pay-secret').waitFor()
  })

  it('opening and folding a group moves nothing in the other column, nor the order of its own', async () => {
    await page.goto(`${stub.url}/m/${shared}`)
    await focusIs('shared-key')
    const boxes = (side: string) =>
      page
        .locator(`.map-column[aria-label^="${side}"] .map-box`)
        .evaluateAll((all) => all.map((one) => `${one.textContent} ${one.getBoundingClientRect().top}`))
    const before = await boxes('Upstream')
    const group = page.locator('#group-down\\.needs\\.k8s\\.secret_object')
    await group.click()
    await page.locator('#group-down\\.needs\\.k8s\\.secret_object[aria-expanded=false]').waitFor()
    expect(await boxes('Upstream')).toEqual(before)
    await page.goBack()
    await page.locator('#group-down\\.needs\\.k8s\\.secret_object[aria-expanded=true]').waitFor()
    expect(await boxes('Upstream')).toEqual(before)
  })

  it('arrow keys move in and between columns, Enter hops', async () => {
    await page.goto(`${stub.url}/m/${shared}`)
    await focusIs('shared-key')
    await page.locator('#group-up\\.needs\\.aws\\.iam_user').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await focusIs('robot')
  })

  it('a hub of 100,000 is a few elements, by pages of 25', async () => {
    await page.goto(`${stub.url}/m/${hub}?x=down.needs.generic.workload*2`)
    await page.locator('#map-focus', { hasText: 'hub-key' }).waitFor({ timeout: 100_000 })
    await page.getByText('26–50 of 100,000').waitFor()
    expect(await page.locator('svg *').count()).toBeLessThanOrEqual(1_500)
    expect(await page.locator('a.hop').count()).toBe(25)
    expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(2_000)
  }, 120_000)

  it('rows by owner and by tier, the layered flow, fit and the table: in the address, by key, without a violation', async () => {
    await page.goto(`${stub.url}/m`)
    await page.locator('#by-owner').click()
    await page.locator('tbody th', { hasText: 'Storefront' }).waitFor()
    expect(await page.locator('.matrix tbody tr').count()).toBe(2)
    expect(new URL(page.url()).searchParams.get('g')).toBe('owner')
    await page.keyboard.press('o')
    await page.locator('tbody th', { hasText: 'Tier 1' }).first().waitFor()
    await page.locator('tbody th a', { hasText: 'Tier 1' }).click()
    await page.locator('.map-trail').waitFor()
    await page.goBack()
    await page.locator('tbody th', { hasText: 'Tier 1' }).first().waitFor()
    await page.keyboard.press('o')
    await expect.poll(() => new URL(page.url()).searchParams.get('g')).toBeNull()
    await page.locator('#as-flow').click()
    await page.locator('.flow-system').first().waitFor()
    await expect.poll(() => page.locator('.flow-system').count()).toBe(8)
    expect(await page.locator('.systems-flow .flow-line.needs').count()).toBe(1)
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('t')
    await page.locator('.pairs').waitFor()
    await page.locator('#as-matrix').click()
    await page.keyboard.press('f')
    await page.locator('.matrix.fitted').waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('exports the matrix and what stands around a thing in every form', async () => {
    for (const path of ['/m', `/m/${shared}`]) {
      await page.goto(stub.url + path)
      await page.locator('#export').waitFor()
      for (const form of ['csv', 'json', 'svg', 'png']) {
        await page.locator('#export').click()
        const waiting = page.waitForEvent('download')
        await page.locator(`#export-${form}`).click()
        const parts: Buffer[] = []
        for await (const part of await (await waiting).createReadStream()) parts.push(part as Buffer)
        const text = Buffer.concat(parts).toString('utf8')
        expect([path, form, text.length > 200]).toEqual([path, form, true])
        if (form === 'json') expect(JSON.parse(text)).toMatchObject({ schema: 'keyfall.map/1' })
        if (form === 'svg') expect(text).not.toMatch(/<script|<img|foreignObject|href=/)
      }
    }
  })

  it('names that differ only at their ends are not cut alike, and are read out and tipped whole', async () => {
    const whole = (i: number): string => `harbour-stores of the north, system ${i}`
    await page.route(/\/api\/map(\?|$)/, async (route) => {
      const answer = (await (await route.fetch()).json()) as { rows: { name: string }[] }
      await route.fulfill({ json: { ...answer, rows: answer.rows.map((row, i) => ({ ...row, name: whole(i) })) } })
    })
    await page.goto(`${stub.url}/m`)
    const heads = page.locator('.matrix thead th a')
    const cut = heads.locator('[data-cut]')
    await cut.first().waitFor()
    const shown = await cut.evaluateAll((all) => all.map((one) => one.getAttribute('data-cut')!))
    expect(shown.filter((name) => !/^harb.*…/.test(name))).toEqual([])
    expect(new Set(shown).size).toBe(await heads.count())
    expect(await page.getByRole('columnheader', { name: whole(1), exact: true }).count()).toBe(1)
    expect(await heads.nth(1).locator('[title]').getAttribute('title')).toBe(whole(1))
    await page.unroute(/\/api\/map(\?|$)/)
  })

  it('under 720 px lists take the place of the pictures', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(`${stub.url}/m`)
    await page.locator('.pairs').waitFor()
    await page.goto(`${stub.url}/m/${shared}`)
    await page.locator('.map-lists').waitFor()
    await hop('robot').click()
    await page.locator('h1', { hasText: 'robot' }).waitFor()
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('a thing that is not there is said so, and nothing went wrong on the way', async () => {
    expect(watched.wrongs).toEqual([])
    await page.goto(`${stub.url}/m/${'a'.repeat(16)}`)
    await page.getByText('There is no such thing in the graph.').waitFor()
  })
})
