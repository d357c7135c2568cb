import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditReply } from '../../graph/wire-audit.ts'
import type { KeptPlanReply } from '../../graph/wire-cutover.ts'
import { violations } from './axe.ts'
import { buildScreen, launch, noBrowser } from './browser.ts'
import { harbour, keyIds, keyName, startCutover, type Cutover } from './cutover-world.ts'

const first = keyIds[0]!

describe.skipIf(noBrowser())('Cutover', () => {
  let browser: Browser
  let world: Cutover
  beforeAll(async () => {
    buildScreen()
    browser = await launch()
    world = await startCutover(() => browser)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await world?.server.close()
  })

  const shown = (page: Page, id: string) => page.locator(`#card-${id}`)
  const goTo = (page: Page, path: string) => page.goto(world.server.url + path)

  it('where no plan is kept, the page names the ways that are there to make one', async () => {
    const { page, close } = await world.page('author')
    await goTo(page, '/c')
    const words = page.locator('.first-run')
    await words.waitFor()
    expect(await words.textContent()).toContain('Make one with New plan')
    expect(await page.getByRole('button', { name: 'New plan' }).count()).toBe(1)
    await close()
  })

  it('a plan is begun from Blast, and its waves stand on the board', async () => {
    const { page, wrongs, close } = await world.page('author')
    await goTo(page, `/b/${first}`)
    await page.locator('#plan-this').click()
    await page.locator('#plan-matched', { hasText: '1 credential chosen' }).waitFor()
    await page.locator('#plan-name').fill('Harbour keys')
    await page.keyboard.press('Enter')
    await shown(page, first).waitFor()
    expect(new URL(page.url()).pathname).toMatch(/^\/c\/[a-z2-7]{16}$/)
    await page.getByRole('heading', { name: 'Harbour keys' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('c')
    await page.locator('.plans-table tbody tr', { hasText: 'Harbour keys' }).waitFor()
    expect(wrongs).toEqual([])
    await close()
  })

  it('a card is moved by keyboard, by its menu and in the table; each can be undone', async () => {
    const { id } = await world.plan('Moves')
    const { page, wrongs, close } = await world.page('author')
    await goTo(page, `/c/${id}`)
    await shown(page, first).focus()
    await page.keyboard.press('m')
    await page.locator('#move-to-new').focus()
    await page.keyboard.press('Enter')
    await page.locator(`#card-${first}[data-spot="3"]`).waitFor()
    await page.keyboard.press('Control+z')
    await page.locator(`#card-${first}[data-spot="1"]`).waitFor()
    await shown(page, first).focus()
    await page.keyboard.press('>')
    await page.locator(`#card-${first}[data-spot="2"]`).waitFor()
    await page.keyboard.press('t')
    const select = page.getByLabel(`Wave of ${keyName(0)}`)
    expect(await select.inputValue()).toBe('2')
    await select.selectOption('1')
    await page.waitForFunction(() => !document.querySelector('.recomputing'))
    await page.keyboard.press('t')
    await page.locator(`#card-${first}[data-spot="1"]`).waitFor()
    // A card is shown where it goes before the server has said so.
    const ask = () => world.ask<KeptPlanReply>('author', 'GET', `/api/plans/${id}`)
    await expect.poll(async () => (await ask()).version).toBe(5)
    const kept = await ask()
    expect(kept.waves.map(({ items }) => items.length)).toEqual([3, 3])
    expect(wrongs).toEqual([])
    await close()
  })

  it('cards of keys that differ only at their ends are not cut alike; 320 px wide nothing scrolls sideways but the board', async () => {
    const { id } = await world.plan('Narrow')
    const { page, close } = await world.page('author')
    const whole = (name: string): string => `console password of the north, ${name}`
    await page.route(new RegExp(`/api/plans/${id}(\\?|$)`), async (route) => {
      const answer = (await (await route.fetch()).json()) as KeptPlanReply
      const waves = answer.waves.map((wave) => ({
        ...wave,
        items: wave.items.map((item) => ({
          ...item,
          credential: { ...item.credential, name: whole(item.credential.name) },
        })),
      }))
      await route.fulfill({ json: { ...answer, waves } })
    })
    await goTo(page, `/c/${id}`)
    const cards = page.locator('.card-name')
    const cut = page.locator('.card-name [data-cut]')
    await cut.first().waitFor()
    const shown = await cut.evaluateAll((all) => all.map((one) => one.getAttribute('data-cut')))
    expect(new Set(shown).size).toBe(await cards.count())
    expect(await cards.first().textContent()).toContain('console password of the north, ')
    await page.setViewportSize({ width: 320, height: 640 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
    await close()
  })

  it('a card is dragged to another wave', async () => {
    const { id, version } = await world.plan('Drags')
    await world.ask('author', 'PATCH', `/api/plans/${id}`, {
      ...{ version, edits: [{ do: 'title', wave: 2, title: 'the rest' }] },
    })
    const { page, close } = await world.page('author')
    await goTo(page, `/c/${id}`)
    await shown(page, first).dragTo(page.locator('.wave').nth(1))
    await page.locator(`#card-${first}[data-spot="2"]`).waitFor()
    await close()
  })

  it('the runbook says who, when, proof and undo; a draft cannot go on; a name is stated', async () => {
    const { id } = await world.plan('Steps')
    const { page, wrongs, close } = await world.page('author')
    await goTo(page, `/c/${id}/${first}`)
    const rows = page.locator('.runbook-table tbody tr')
    await rows.first().waitFor()
    expect(await page.locator('.runbook-table thead th').allTextContents()).toEqual([
      ...['#', 'Step', 'Who', 'When', 'Proof, on the workload’s own path', 'Undo'],
    ])
    await page.locator('.no-return th', { hasText: 'there is no undo' }).waitFor()
    // A draft: nothing of it can be done yet, and the way on is shut with its reason.
    expect(await page.getByRole('button', { name: 'Done: step 1', exact: true }).count()).toBe(0)
    const ready = page.locator('#status-ready')
    expect(await ready.isDisabled()).toBe(true)
    expect(await ready.getAttribute('title')).toMatch(/^\d+ things in the way$/)

    await page.getByRole('tab', { name: 'Names' }).click()
    await page.locator('#name-approver').click()
    await page.locator('.duties input:focus').waitFor()
    await page.keyboard.type('Head of Billing')
    await page.keyboard.press('Enter')
    await page.locator('.duties li', { hasText: 'stated by Cloud team' }).waitFor()
    await page.reload()
    await page.locator('.duties li', { hasText: 'stated by Cloud team' }).waitFor()
    expect(await page.getByRole('tab', { name: 'Names' }).getAttribute('aria-selected')).toBe('true')
    expect(wrongs).toEqual([])
    await close()
  })

  it('a rollback that leaves two values is refused, and mended', async () => {
    const { id } = await world.plan('Way back')
    const { page, close } = await world.page('author')
    await goTo(page, `/c/${id}/${first}?tab=rollback`)
    const removes = page.getByLabel('takes the new value away')
    await removes.click()
    await page.getByRole('heading', { name: 'The way back does not work' }).waitFor()
    await page.getByText('parallel standing access').waitFor()
    await page.getByRole('button', { name: 'Take the usual one' }).click()
    await page.waitForFunction(() => !document.body.textContent.includes('The way back does not work'))
    await close()
  })

  it('exports a calendar in UTC and the runbook as Markdown, by key', async () => {
    const { id } = await world.plan('Leaves')
    const { page, close } = await world.page('author')
    await goTo(page, `/c/${id}`)
    await shown(page, first).waitFor()
    const file = async (form: string): Promise<string> => {
      await page.keyboard.press('e')
      const download = page.waitForEvent('download')
      await page.locator(`#export-${form}`).click()
      return readFileSync(await (await download).path(), 'utf8')
    }
    const calendar = await file('ics')
    expect(calendar).toMatch(/^BEGIN:VCALENDAR\r\n/)
    const events = calendar.split('BEGIN:VEVENT').slice(1)
    expect(events.length).toBeGreaterThan(1)
    for (const event of events) expect(event).toMatch(/DTSTART:\d{8}T\d{6}Z\r\n/)
    expect(await file('markdown')).toContain(keyName(0))
    await close()
  })

  it('prints the plan and its runbook without the frame, headers repeated', async () => {
    const { id } = await world.plan('Paper')
    const { page, close } = await world.page('author')
    await goTo(page, `/c/${id}/${first}`)
    await page.locator('.runbook-table').waitFor()
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('main h1').isVisible()).toBe(true)
    expect(await page.locator('.rail').isVisible()).toBe(false)
    expect(await page.locator('.panel').isVisible()).toBe(false)
    expect(await page.locator('.runbook-table thead').evaluate((head) => getComputedStyle(head).display)).toBe(
      'table-header-group',
    )
    await close()
  })

  it('the author reads why he cannot sign; an approver signs on a phone; a change of the set lapses it', async () => {
    const { id } = await world.plan('Signed')
    const address = `/c/${id}/${first}?tab=sign`
    const author = await world.page('author')
    await goTo(author.page, address)
    await author.page.locator('#sign-why-not').waitFor()
    expect(await author.page.locator('#sign-approve').count()).toBe(0)

    const phone = await world.page('approver', { viewport: { width: 390, height: 844 } })
    const { page } = phone
    await goTo(page, address)
    await page.getByRole('heading', { name: `May we replace ${keyName(0)}?` }).waitFor()
    await page.locator('.sign-members li', { hasText: 'quay-api' }).waitFor()
    await page.locator('#sign-approve').click()
    await page.locator('#sign-text').fill('Fine outside the close of the month')
    await page.locator('#sign-send').click()
    await page.getByText('You signed for').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)

    await world.server.importText('harbour.json', harbour(['invoice-mailer', 'ledger-push']))
    await goTo(page, address)
    const lapsed = page.locator('.needs li', { hasText: 'lapsed' })
    await lapsed.locator('.difference li', { hasText: 'invoice-mailer' }).waitFor()
    await lapsed.locator('.difference li', { hasText: 'ledger-push' }).waitFor()

    await goTo(author.page, `/c/${id}/${first}`)
    await author.page.locator('.wave-card.chosen .card-trouble', { hasText: '1 lapsed' }).waitFor()
    const gate = author.page.locator('.gates li', { hasText: 'ign-off' }).first()
    expect(await gate.textContent()).toContain('not met')

    await page.locator('#sign-approve').click()
    await page.locator('#sign-send').click()
    await page.getByText('You signed for').waitFor()
    await page.getByText('2 sign-offs given so far').click()
    expect(await page.locator('.found > li > span:first-child strong').allTextContents()).toEqual(['stands', 'lapsed'])
    const { rows } = await world.ask<AuditReply>('auditor', 'GET', '/api/audit?action=signoff.give&outcome=done')
    expect(rows.filter(({ detail }) => detail.plan === id)).toHaveLength(2)
    expect([...author.wrongs, ...phone.wrongs]).toEqual([])
    await author.close()
    await phone.close()
  })

  it('what moved since it was read is not signed, and the page shows what it is now', async () => {
    const { id, version, waves } = await world.plan('Moved')
    const wave = waves.find(({ items }) => items.some(({ credential }) => credential.id === first))!.number
    const { page, close } = await world.page('approver', { expected: /409/ })
    await goTo(page, `/c/${id}/${first}?tab=sign`)
    await page.locator('#sign-approve').click()
    const edits = [{ do: 'window', wave, start: '2036-12-09T09:00:00Z', end: '2036-12-09T10:00:00Z' }]
    await world.ask('author', 'PATCH', `/api/plans/${id}`, { version, edits })
    await page.locator('#sign-send').click()
    await page.locator('.failed').waitFor()
    await page.getByText('Tue 9 Dec 2036, 09:00–10:00 UTC').waitFor()
    await close()
  })

  it.each([
    ['light', 1440],
    ['dark', 390],
  ] as const)(
    'has no violation of WCAG 2.2 AA, %s at %i px',
    async (colorScheme, width) => {
      const { id } = await world.plan('For everybody')
      const { page, wrongs, close } = await world.page('author', {
        ...{ colorScheme, viewport: { width, height: 900 }, bypassCSP: true, reducedMotion: 'reduce' },
      })
      const ready = { '/c?tab=new': '.plans-table' } as Record<string, string>
      for (const path of [
        ...['/c?tab=new', `/c/${id}`, `/c/${id}?v=table&tab=names`, `/c/${id}/${first}`],
        ...['rollback', 'names', 'sign'].map((tab) => `/c/${id}/${first}?tab=${tab}`),
      ]) {
        await goTo(page, path)
        const wanted = path.endsWith('sign')
          ? '.sign-members'
          : path.includes(first)
            ? '.runbook-table'
            : '.waves-scroll, .wave-table'
        await page
          .locator(ready[path] ?? wanted)
          .first()
          .waitFor()
        expect([path, await violations(page)]).toEqual([path, []])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      }
      expect(wrongs).toEqual([])
      await close()
    },
    60_000,
  )
})
