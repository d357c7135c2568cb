import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import { buildScreen, launch, noBrowser, watchedPage } from './browser.ts'
import { chipTotal } from './journeys.ts'
import { startStub } from './stub.ts'
import { worldOf } from './worlds.ts'

const blast = `/b/${idOf('std subject')}`

/** Journeys 14 and 25: much, and broken. */
describe.skipIf(noBrowser())('journeys through what is large or broken', () => {
  let browser: Browser
  beforeAll(async () => {
    buildScreen()
    browser = await launch()
  })
  afterAll(() => browser?.close())

  it('14: a fold of 10,000 opens in place, and a large cell comes by pages; nothing says too large', async () => {
    const stub = await startStub('big')
    const { page, wrongs, close } = await watchedPage(browser, stub.url)
    await page.goto(`${stub.url}/b/${idOf('big subject')}`)
    await page.locator('[data-headline]').waitFor()
    expect(await chipTotal(page)).toBe(worldOf('big').dependents.length)
    const elements = await page.locator('*').count()
    expect(elements).toBeLessThanOrEqual(6_000)
    const cells = await page.locator('[data-cell] .hidden-words').evaluateAll((all) =>
      all.map((one) =>
        (
          (one.textContent ?? '')
            .split(':')
            .at(-1)!
            .match(/[\d,]+(?= )/g) ?? []
        ).reduce((sum, number) => sum + Number(number.replaceAll(',', '')), 0),
      ),
    )
    const most = cells.indexOf(Math.max(...cells))
    await page.locator('button[data-cell], [data-cell] button, button.cell').nth(most).click()
    await page.locator('.members li').first().waitFor()
    expect(await page.locator('.members li').count()).toBeLessThanOrEqual(200)
    expect(await page.locator('body').innerText()).not.toMatch(/too large/i)
    expect(wrongs).toEqual([])
    await close()
    await stub.close()
  })

  it('25: a reply that is no reply, and no network: said in its region, the rest stays, Retry works', async () => {
    const stub = await startStub('std')
    const { page, wrongs, close } = await watchedPage(browser, stub.url, { expected: /ERR_|Failed to load/ })
    await page.goto(`${stub.url}${blast}?w=s1`)
    await page.locator('[data-headline]').waitFor()
    await page.locator('.busy').waitFor({ state: 'detached' })
    const total = await chipTotal(page)
    const api = (url: URL): boolean => url.pathname.startsWith('/api/blast')
    await page.route(api, (route) => route.fulfill({ contentType: 'application/json', body: '{"half":' }))
    await page.locator('#op-rotate').click()
    await page.getByText('What is shown is the answer before.').waitFor()
    expect(await chipTotal(page)).toBe(total)
    await page.unroute(api)
    await page.route(api, (route) => route.fulfill({ contentType: 'application/json', body: '{"headline":7}' }))
    await page.getByRole('button', { name: 'Retry' }).first().click()
    await page.getByText('The answer does not have the shape').first().waitFor()
    await page.unroute(api)
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Retry' }).first().click()
    await page.getByText('The server did not answer').first().waitFor()
    expect(new URL(page.url()).searchParams.get('w')).toBe('s1')
    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Retry' }).first().click()
    await page.getByText('What is shown is the answer before.').waitFor({ state: 'detached' })
    expect(await page.locator('#op-rotate').getAttribute('aria-pressed')).toBe('true')
    expect(wrongs.filter((wrong) => wrong.startsWith('page error'))).toEqual([])
    await close()
    await stub.close()
  })

  it('25: a session that ends in the middle of a tick: the way in, with the provider; the address keeps the ticks', async () => {
    const stub = await startStub('std')
    const { page, wrongs, close } = await watchedPage(browser, stub.url, { expected: /401/ })
    let isOut = false
    await page.route(
      (url) => url.pathname.startsWith('/api/'),
      (route) => {
        const { pathname } = new URL(route.request().url())
        if (pathname === '/api/sign-in') return route.fulfill({ json: { oidc: 'Harbour <b>identity</b>' } })
        if (!isOut) return route.continue()
        const problem = { code: 'no-session', message: 'not signed in', hint: '', requestId: 'r' }
        return route.fulfill({ status: 401, json: problem })
      },
    )
    await page.goto(`${stub.url}${blast}?w=s1`)
    await page.locator('[data-headline]').waitFor()
    await page.locator('[data-effect=s2]').waitFor()
    isOut = true
    await page.keyboard.press('2')
    const way = page.locator('#sign-in')
    await way.waitFor()
    expect(await way.textContent()).toContain('Harbour <b>identity</b>')
    expect(await way.getAttribute('href')).toBe('/api/oidc/start')
    expect(new URL(page.url()).searchParams.get('w')).toBe('s1,s2')
    isOut = false
    await page.reload()
    await page.locator('[data-headline]').waitFor()
    expect(new URL(page.url()).searchParams.get('w')).toBe('s1,s2')
    expect(wrongs).toEqual([])
    await close()
    await stub.close()
  })

  it('signing out takes everything off the screen; a role that does not reach says which permission it takes', async () => {
    const stub = await startStub('std')
    const { page, close } = await watchedPage(browser, stub.url, { expected: /40[13]/ })
    await page.route(
      (url) => url.pathname === '/api/estate',
      (route) =>
        route.fulfill({
          status: 403,
          json: {
            code: 'no-permission',
            message: 'this needs the permission map.read (one of the roles viewer, analyst, approver)',
            hint: 'ask an admin of this server for the role',
            requestId: 'r',
          },
        }),
    )
    await page.goto(`${stub.url}/e`)
    await page.locator('.no-right').waitFor()
    expect(await page.locator('.no-right').textContent()).toContain('map.read')
    expect(await page.locator('main').innerText()).not.toMatch(/\d+ credential/)
    await page.route(
      (url) => url.pathname === '/api/session',
      (route) => route.fulfill({ json: { signedOut: true } }),
    )
    await page.goto(`${stub.url}/settings`)
    await page.locator('#sign-out').click()
    await page.getByText('You are signed out').waitFor()
    expect(await page.locator('.rail, .panel, table').count()).toBe(0)
    await close()
    await stub.close()
  })
})
