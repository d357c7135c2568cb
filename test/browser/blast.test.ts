import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import { blastOf } from './answers.ts'
import { buildScreen, launch, noBrowser, watchedPage, type Watched } from './browser.ts'
import { startStub, type Stub } from './stub.ts'
import { worldOf } from './worlds.ts'

const world = worldOf('std')
const reply = blastOf(world, 'revoke')
const blast = `/b/${world.subject.id}`

/** Sum of the numbers in the accessible names of all cells. */
const cellTotal = (page: Page): Promise<number> =>
  page.locator('[data-cell]').evaluateAll((cells) =>
    cells
      .map(
        (cell) =>
          (cell.querySelector('.hidden-words')?.textContent ?? '')
            .split(':')
            .at(-1)!
            .match(/[\d,]+(?= )/g) ?? [],
      )
      .flat()
      .reduce((sum, number) => sum + Number(number.replaceAll(',', '')), 0),
  )

describe.skipIf(noBrowser())('Blast', () => {
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
  }

  it('answers first: headline, sentence, title and counts are the server’s', async () => {
    await open(blast)
    expect(await page.locator('[data-headline]').textContent()).toBe(reply.headline.title)
    expect(await page.locator('[data-sentence]').textContent()).toBe(reply.headline.sentence)
    expect(await page.title()).toBe(`${reply.headline.title}: ${reply.subject.name} · Keyfall`)
    const counts = await page
      .locator('.chips [data-count]')
      .evaluateAll((chips) => chips.map((chip) => Number(chip.getAttribute('data-count'))))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(reply.counts.dependents)
  })

  it('draws the picture and the table of the same numbers, and T goes from one to the other', async () => {
    await open(blast)
    expect(await cellTotal(page)).toBe(reply.counts.dependents)
    const rows = await page.locator('tr[data-row]').evaluateAll((all) => all.map((row) => row.getAttribute('data-row')))
    await page.keyboard.press('t')
    await page.locator('table.numbers').waitFor()
    expect(new URL(page.url()).searchParams.get('v')).toBe('table')
    expect(await cellTotal(page)).toBe(reply.counts.dependents)
    expect(
      await page.locator('tr[data-row]').evaluateAll((all) => all.map((row) => row.getAttribute('data-row'))),
    ).toEqual(rows)
    const totals = await page
      .locator('table.numbers tbody td[data-total]')
      .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-total'))))
    expect(totals.reduce((sum, n) => sum + n, 0)).toBe(reply.counts.dependents)
    await page.locator('table.dependants tbody tr').first().waitFor()
    expect(await page.locator('table.dependants tbody tr').count()).toBe(reply.counts.dependents)
    await page.keyboard.press('t')
    await page.locator('table[role=grid]').waitFor()
  })

  it('scrubs by key, slider and header; nothing in the layout moves, and the address is replaced, not pushed', async () => {
    await open(blast)
    const boxes = (): Promise<string> =>
      page.locator('.grid th').evaluateAll((heads) => JSON.stringify(heads.map((head) => head.getBoundingClientRect())))
    const before = await boxes()
    const entries = await page.evaluate(() => history.length)
    await page.keyboard.press(']')
    await page.waitForURL(/t=15m/)
    expect(await page.locator('#front-slider').getAttribute('aria-valuetext')).toBe(
      '15 min after: 6 of 67 broken in 4 systems',
    )
    expect(await page.locator('.at-front').textContent()).toContain('6 of 67 broken')
    await page.locator('#front-slider').focus()
    await page.keyboard.press('ArrowRight')
    await page.waitForURL(/t=1h/)
    await page
      .getByRole('button', { name: /24 hours/ })
      .first()
      .click()
    await page.waitForURL(/t=24h/)
    expect(await page.locator('#front-slider').getAttribute('aria-valuetext')).toContain('12 of 67 broken')
    await page.keyboard.press('0')
    await page.waitForURL((url) => !url.search.includes('t='))
    expect(await page.evaluate(() => history.length)).toBe(entries)
    expect(await boxes()).toBe(before)
  })

  it('shows why: a path from the change to the dependant, the second path, the evidence; a reload restores it', async () => {
    await open(blast)
    const victim = world.dependents.find((one) => one.verdict === 'breaks' && one.band === 3)!
    await page.locator(`use[data-member="${victim.id}"]`).click()
    await page.locator('[data-claim]', { hasText: victim.name }).waitFor()
    expect(new URL(page.url()).searchParams.get('why')).toBe(victim.id)
    const boxes = page.locator('.hops .box strong')
    expect(await boxes.first().textContent()).toBe(reply.subject.name)
    expect(await page.locator('.hop .verb').allTextContents()).toEqual(['stored in', 'synced by', 'read by', 'serves'])
    expect(await page.locator('.strip-head').textContent()).toContain('weakest link: declared')
    await page.keyboard.press('.')
    await page.waitForURL(/why.k=2/)
    expect(await page.locator('.strip-head').textContent()).toContain('2 of 2 paths')
    await page.reload()
    await page.locator('[data-claim]', { hasText: victim.name }).waitFor()
    expect(await page.locator('.strip-head').textContent()).toContain('2 of 2 paths')
    await page.getByRole('button', { name: /^Evidence/ }).click()
    expect(await page.locator('.evidence').textContent()).toContain('vault-audit.log.gz')
    expect(await page.locator('.evidence').textContent()).toContain('line 412')
  })

  it('lists the members of a cell, and Back returns to what was there', async () => {
    await open(blast)
    await page.getByRole('button', { name: 'Data warehouse, within 24 hours: 4 safe after steps, 1 unknown' }).click()
    await page.locator('.members li').first().waitFor()
    expect(await page.locator('.members li').count()).toBe(5)
    await page.goBack()
    await page.getByText('What would make it safe').waitFor()
    expect(new URL(page.url()).search).toBe('')
  })

  it('opens a deep link with everything in it', async () => {
    const system = world.systems[4]!
    await open(`${blast}?op=rotate&t=24h&f=verdict:unknown&cell=${system.id}.24h&tab=selection`)
    expect(await page.locator('#op-rotate').getAttribute('aria-pressed')).toBe('true')
    expect(await page.locator('.chip[data-verdict=unknown]').getAttribute('aria-pressed')).toBe('true')
    await page.locator('.members li').first().waitFor()
    expect(await page.locator('#front-slider').inputValue()).toBe('3')
    expect(await page.locator('.chip[data-verdict=steps]').getAttribute('data-count')).toBe('0')
  })

  it('explains an operation that is not possible, and does not ask for it', async () => {
    await open(blast)
    const asked = stub.requests.length
    await page.locator('#op-expire').click({ force: true })
    await page.getByText('Let expire is not possible: an AWS access key has no expiry').waitFor()
    expect(stub.requests.slice(asked).filter((request) => request.includes('expire'))).toEqual([])
  })

  it('is worked by keyboard alone: one tab stop in the grid, arrows inside, N and U walk, Esc clears', async () => {
    await open(blast)
    expect(await page.locator('table[role=grid] .cell[tabindex="0"]').count()).toBe(1)
    await page.locator('.cell[tabindex="0"]').focus()
    await page.keyboard.press('ArrowRight')
    const first = await page.evaluate(() => document.activeElement?.textContent)
    expect(first).toContain('within 15 min')
    await page.keyboard.press('ArrowDown')
    expect(await page.evaluate(() => document.activeElement?.textContent)).not.toBe(first)
    await page.keyboard.press('Control+End')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Unattributed use')
    await page.keyboard.press('Enter')
    await page.locator('.members li').first().waitFor()
    await page.keyboard.press('n')
    await page.waitForURL(/why=/)
    await page.keyboard.press('u')
    await page.locator('[data-claim]', { hasText: 'cannot be told' }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.classList.contains('cell'))).toBe(true)
    await page.keyboard.press('Escape')
    await page.waitForURL((url) => !url.search.includes('why='))
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('g')
    await page.keyboard.press('i')
    await page.locator('h1', { hasText: 'Import' }).waitFor()
  })

  it('copies the summary and exports every dependant', async () => {
    await open(blast)
    await page.keyboard.press('Shift+C')
    await page.getByText('Summary copied').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('Not safe to revoke now')
    await page.keyboard.press('e')
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#export-csv').click()])
    expect(download.suggestedFilename()).toBe('keyfall-blast-AKIA7QEXAMPLE0000QK7-20261120T0400Z.csv')
  })

  it('keeps the old answer while the next one fails, and says so', async () => {
    await watched.close()
    watched = await watchedPage(browser, stub.url, { expected: /500/ })
    page = watched.page
    await open(blast)
    stub.fail(`/api${blast.replace('/b/', '/blast/')}`, 500)
    await page.locator('#op-rotate').click()
    await page.getByText('What is shown is the answer before.').waitFor()
    expect(await page.locator('tr[data-row]').count()).toBe(12)
    await page.getByRole('button', { name: 'Retry' }).click()
    await page.getByText('What is shown is the answer before.').waitFor({ state: 'detached' })
    expect(await page.locator('#op-rotate').getAttribute('aria-pressed')).toBe('true')
  })

  it('a thing that is not known: the way is Find, not a call of the API', async () => {
    const { page, close } = await watchedPage(browser, stub.url, { expected: /404/ })
    await page.route('**/api/blast/**', (route) =>
      route.fulfill({
        status: 404,
        json: {
          ...{ code: 'not-found', message: 'nothing with the id x is known', requestId: 'r-1' },
          hint: 'look it up by name: GET /api/find?q=…',
        },
      }),
    )
    await page.goto(stub.url + blast)
    const words = page.locator('.failed p').first()
    await words.waitFor()
    expect(await words.textContent()).toBe('Nothing with the id x is known. Look it up by name in Find.')
    await close()
  })

  it('says that a newer graph is there, and changes nothing until asked', async () => {
    await open(blast)
    const before = await page.locator('.picture').ariaSnapshot()
    stub.tell('snapshot', { id: 'std-2' })
    await page.getByText('Newer graph available').waitFor()
    expect(await page.locator('.picture').ariaSnapshot()).toBe(before)
    const asked = stub.requests.length
    await page.getByRole('button', { name: 'Refresh', exact: true }).click()
    await page.locator('[data-headline]').waitFor()
    expect(stub.requests.slice(asked).some((request) => request.startsWith('GET /api/blast'))).toBe(true)
  })

  it('did nothing a page must never do', () => {
    expect(watched.wrongs).toEqual([])
  })
})

describe.skipIf(noBrowser())('Blast of other sizes', () => {
  let browser: Browser
  beforeAll(async () => {
    buildScreen()
    browser = await launch()
  })
  afterAll(() => browser?.close())

  const visit = async (name: Parameters<typeof worldOf>[0], act: (page: Page) => Promise<void>): Promise<void> => {
    const stub = await startStub(name)
    const { page, wrongs, close } = await watchedPage(browser, stub.url)
    // 100,000 dependants on a loaded machine: the stub alone may need seconds.
    page.setDefaultTimeout(30_000)
    await page.goto(`${stub.url}/b/${idOf(`${name} subject`)}`)
    await page.locator('[data-headline]').waitFor()
    await act(page)
    expect(wrongs).toEqual([])
    await close()
    await stub.close()
  }

  it.each(['big', 'huge'] as const)(
    '%s: the same table, within the ceiling of elements; folds open in place',
    async (name) => {
      await visit(name, async (page) => {
        await page.locator('table[role=grid]').waitFor()
        expect(await cellTotal(page)).toBe(worldOf(name).dependents.length)
        expect(await page.locator('.picture svg, .picture svg *').count()).toBeLessThanOrEqual(1_500)
        expect(await page.locator('*').count()).toBeLessThanOrEqual(6_000)
        await page.locator('.fold-button', { hasText: 'Tier 3' }).click()
        await page.getByRole('button', { name: /more systems/ }).waitFor()
        expect(await page.locator('*').count()).toBeLessThanOrEqual(6_000)
        await page.locator('.cell').first().click()
        await page.locator('.members li').first().waitFor()
        expect(await page.getByText('too large').count()).toBe(0)
      })
    },
  )

  it('hostile names: shown as text, no script ran, no report, layout holds', async () => {
    await visit('hostile', async (page) => {
      await page.getByText('<script>globalThis.pwned=1</script>').first().waitFor()
      expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false)
      expect(await page.locator('main img, main script, main iframe, aside img, aside script').count()).toBe(0)
      expect(await page.locator('.unseen').count()).toBeGreaterThan(0)
      expect(await page.title()).not.toContain('\u202E')
      await page.keyboard.press('t')
      await page.locator('table.dependants tbody tr').first().waitFor()
      await page.getByRole('button', { name: /^Evidence/ }).click()
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1_440)
      await page.goto(new URL(page.url()).origin)
      await page.locator('li.hit').first().waitFor()
      expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false)
    })
  })

  it('stale: never safe, and the source that is missing is named', async () => {
    await visit('stale', async (page) => {
      expect(await page.locator('[data-headline]').textContent()).toBe('Cannot say yet')
      expect(await page.locator('.answer').textContent()).toContain('Vault audit log')
      await page.getByRole('tab', { name: 'Sources' }).click()
      await page.getByText('Vault audit log is missing').waitFor()
    })
  })

  it('no dependant but recent use: says what would tell, never safe', async () => {
    await visit('unseen', async (page) => {
      await page.getByText('Nothing we can see uses it').waitFor()
      expect(await page.locator('[data-headline]').textContent()).toBe('Cannot say yet')
      expect(await page.locator('.empty').textContent()).toContain('Vault audit log would tell')
    })
  })
})
