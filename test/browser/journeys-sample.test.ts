import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BlastReply, ItemsReply } from '../../graph/wire.ts'
import { frontWords, stopAt } from '../../client/src/model/front-position.ts'
import type { EstateReply } from '../../graph/wire-estate.ts'
import { testServer, type TestServer } from '../http/running-server.ts'
import { violations } from './axe.ts'
import { buildScreen, launch, noBrowser, watchedPage, type Watched } from './browser.ts'
import { cellTotal, chipTotal, fileOf, focused, rowsShown } from './journeys.ts'

const clientDir = fileURLToPath(new URL('../../dist/client', import.meta.url))

/** Journeys of client.md section 15 on the real server, from an empty store, over the sample a person loads himself. */
describe.skipIf(noBrowser())('journeys over the sample', () => {
  let browser: Browser
  let server: TestServer
  let watched: Watched
  let page: Page
  let worst = ''
  let reply: BlastReply

  beforeAll(async () => {
    buildScreen()
    browser = await launch()
    server = await testServer({ clientDir })
    watched = await signedIn()
    page = watched.page
  }, 60_000)
  afterAll(async () => {
    await watched?.close()
    await browser?.close()
    await server?.close()
  })
  async function signedIn(options: Parameters<typeof watchedPage>[2] = {}): Promise<Watched> {
    const one = await watchedPage(browser, server.url, options)
    const [name = '', value = ''] = server.cookie.split(/=(.*)/s)
    await one.page.context().addCookies([{ name, value, url: server.url }])
    return one
  }
  const open = async (path: string, on: Page = page): Promise<void> => {
    await on.goto(server.url + path)
    await on.locator('[data-headline]').waitFor()
  }

  it('1: an empty Find offers two acts; the sample, the worst, the answer; Back returns to the act', async () => {
    await page.goto(server.url)
    await page.locator('#first-import').waitFor()
    await page.locator('#load-sample').click()
    await page.locator('li.hit').first().waitFor({ timeout: 60_000 })
    await page.getByText('Sample data').waitFor()
    expect(await focused(page)).not.toBe('body')
    const first = page.locator('li.hit a').first()
    worst = (await first.getAttribute('href'))!
    await first.click()
    await page.locator('[data-headline]').waitFor()
    expect(await page.locator('[data-headline]').textContent()).not.toBe('')
    await page.goBack()
    await page.locator('li.hit').first().waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe(worst)
    reply = (await server.json(worst.replace('/b/', '/api/blast/'))) as unknown as BlastReply
  }, 90_000)

  it('3: the headline is the server’s, there before anything is painted on a canvas; the counts are all dependants', async () => {
    const { page: cold, wrongs, close } = await signedIn()
    await cold.addInitScript(() => {
      const kept = HTMLCanvasElement.prototype.getContext
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...asked: never[]) {
        ;(globalThis as { tooEarly?: boolean }).tooEarly ??= document.querySelector('[data-headline]') === null
        return (kept as (...all: never[]) => never).apply(this, asked)
      } as never
    })
    await open(worst, cold)
    expect(await cold.locator('[data-headline]').textContent()).toBe(reply.headline.title)
    expect(await cold.title()).toBe(`${reply.headline.title}: ${reply.subject.name} · Keyfall`)
    expect(await chipTotal(cold)).toBe(reply.counts.dependents)
    expect(await cold.evaluate(() => (globalThis as { tooEarly?: boolean }).tooEarly ?? false)).toBe(false)
    expect(wrongs).toEqual([])
    await close()
  })

  it('4: picture and table have the same rows, order, totals and names of cells, and no violation in either', async () => {
    const { page: bare, close } = await signedIn({ bypassCSP: true, reducedMotion: 'reduce' })
    await open(worst, bare)
    const names = (): Promise<string[]> => bare.locator('[data-cell] .hidden-words').allTextContents()
    await bare.locator('[data-claim]').waitFor()
    const [rows, total, cells] = [await rowsShown(bare), await cellTotal(bare), await names()]
    expect(total).toBe(reply.counts.dependents)
    expect(await violations(bare)).toEqual([])
    await bare.keyboard.press('t')
    await bare.locator('table.numbers').waitFor()
    expect(await rowsShown(bare)).toEqual(rows)
    expect(await cellTotal(bare)).toBe(total)
    expect((await names()).toSorted()).toEqual(cells.toSorted())
    await bare.locator('table.dependants tbody tr').first().waitFor()
    expect(await violations(bare)).toEqual([])
    await close()
  })

  it('5: keys, slider and header set the front; slider, sentence and address agree, and no row moves', async () => {
    await open(worst)
    const heads = (): Promise<string> =>
      page.locator('.grid th').evaluateAll((all) => JSON.stringify(all.map((head) => head.getBoundingClientRect())))
    const [before, entries] = [await heads(), await page.evaluate(() => history.length)]
    const slider = page.locator('#front-slider')
    for (const band of reply.bands.filter(({ kind }) => kind !== 'keeps').slice(1, -1)) {
      await page.keyboard.press(']')
      await page.waitForURL((url) => url.searchParams.get('t') === band.id)
      // The address comes before the frame that draws it.
      const said = frontWords(reply, stopAt(reply.bands, band.id))
      await expect.poll(() => slider.getAttribute('aria-valuetext')).toBe(said)
      expect(await page.locator('.at-front').textContent()).toContain(said.split(': ')[1])
    }
    await slider.focus()
    await page.keyboard.press('Home')
    await page.waitForURL((url) => !url.searchParams.has('t'))
    await page.locator('.grid button.band').nth(1).click()
    await page.waitForURL((url) => url.searchParams.get('t') === reply.bands[1]!.id)
    expect(await page.evaluate(() => history.length)).toBe(entries)
    expect(await heads()).toBe(before)
  })

  it('7: a user that no source shows is stated with a reason, moves the answer, and is taken back', async () => {
    await open(worst)
    await page.locator('#doubt').click()
    const dialog = page.getByRole('dialog', { name: 'Doubt it' })
    await dialog.locator('#doubt-find').fill('price')
    const act = dialog.getByRole('button', { name: /^It uses it/ }).first()
    await act.waitFor()
    expect(await act.isDisabled()).toBe(true)
    const users = (await dialog.locator('.doubt-hops strong').allTextContents()).length
    expect(users).toBeGreaterThan(0)
    await dialog.locator('#doubt-note').fill('seen in its own log')
    const before = await chipTotal(page)
    await act.click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText(/^Stated: .* uses /).waitFor()
    await expect.poll(() => focused(page)).not.toBe('body')
    const links = (await server.json('/api/connections')) as { decided: { note?: string; sentence: string }[] }
    expect(links.decided.map(({ note }) => note)).toContain('seen in its own log')
    const audit = JSON.stringify(await server.json('/api/audit?action=links.add'))
    expect(audit).toContain('links.add')
    await page.keyboard.press('Control+z')
    await page
      .getByText(/^(Undone|Taken back): /)
      .first()
      .waitFor()
    await expect.poll(async () => ((await server.json('/api/connections')) as typeof links).decided.length).toBe(0)
    await page.reload()
    await page.locator('[data-headline]').waitFor()
    expect(await chipTotal(page)).toBe(before)
  })

  it('11: ticks, undo, redo, regroup, Back and Forward stand where they stood', async () => {
    await open(worst)
    const states: string[] = []
    const now = async (): Promise<string> => `${new URL(page.url()).search} ${await page.locator('.chips').innerText()}`
    const settled = async (search: RegExp): Promise<void> => {
      await page.waitForURL((url) => search.test(url.search))
      await page.locator('.busy').waitFor({ state: 'detached' })
      states.push(await now())
    }
    states.push(await now())
    for (const key of ['1', '2', '3']) {
      await page.keyboard.press(key)
      await settled(new RegExp(`w=([^,&]+,){${Number(key) - 1}}[^,&]+$`))
    }
    await page.keyboard.press('Control+z')
    await page.waitForURL((url) => (url.searchParams.get('w') ?? '').split(',').length === 2)
    await page.keyboard.press('Control+Shift+z')
    await page.waitForURL((url) => (url.searchParams.get('w') ?? '').split(',').length === 3)
    expect(await now()).toBe(states[3])
    await page.goBack()
    await page.goBack()
    await page.waitForURL((url) => (url.searchParams.get('w') ?? '').split(',').length === 3)
    await page.goBack()
    await page.waitForURL((url) => (url.searchParams.get('w') ?? '').split(',').length === 2)
    expect(await now()).toBe(states[2])
    await page.goForward()
    await page.waitForURL((url) => (url.searchParams.get('w') ?? '').split(',').length === 3)
    expect(await now()).toBe(states[3])
  })

  it('12: a copied link opens in another browser with the same answer, rows, front, ticks and panel', async () => {
    await open(`${worst}?t=${reply.bands[1]!.id}&tab=unknowns`)
    await page.keyboard.press('1')
    await page.waitForURL(/w=/)
    await page.locator('.busy').waitFor({ state: 'detached' })
    await page.keyboard.press('c')
    await page.getByText('Link copied').waitFor()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    const other = await signedIn()
    await other.page.goto(link)
    await other.page.locator('[data-headline]').waitFor()
    await other.page.locator('.busy').waitFor({ state: 'detached' })
    const seen = async (on: Page): Promise<unknown[]> => [
      await on.locator('[data-headline]').textContent(),
      await rowsShown(on),
      await on.locator('[data-cell] .hidden-words').allTextContents(),
      await on.locator('#front-slider').getAttribute('aria-valuetext'),
      await on.locator('[role=tab][aria-selected=true]').allTextContents(),
    ]
    await expect.poll(() => seen(other.page)).toEqual(await seen(page))
    await other.close()
  })

  it('13: rows regroup with the same total; a filter dims, then hides; a mistake is explained at its character', async () => {
    await open(worst)
    const total = await cellTotal(page)
    await page.locator('.rows-bar select').selectOption('owner')
    await page.waitForURL(/g=owner/)
    expect(await cellTotal(page)).toBe(total)
    const field = page.locator('.rows-bar input[type=text]')
    await field.fill('tier:1')
    await page.waitForURL(/f=/)
    const all = (await rowsShown(page)).length
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /hide/i }).first().click()
    await expect.poll(async () => (await rowsShown(page)).length).toBeLessThan(all)
    await field.fill('tier:')
    await page
      .getByText(/character \d+/i)
      .first()
      .waitFor()
  })

  it('15: twenty acts and news of a newer graph move no head of a row or column until Refresh', async () => {
    await open(worst)
    await page.locator('[data-claim]').waitFor()
    const heads = (): Promise<string> =>
      page
        .locator('.grid th')
        .evaluateAll((all) =>
          JSON.stringify(
            all.map((head) => [
              head.getBoundingClientRect().x,
              (head as HTMLElement).offsetTop,
              head.getBoundingClientRect().width,
            ]),
          ),
        )
    const before = await heads()
    for (const key of [
      ']',
      '1',
      'n',
      '2',
      ']',
      'd',
      'u',
      '[',
      'd',
      '1',
      'n',
      '2',
      '0',
      'w',
      ']',
      '3',
      '3',
      'n',
      '0',
      'u',
    ])
      await page.keyboard.press(key)
    await page.locator('[data-cell]').nth(2).hover()
    await server.importText('more.json', more(worst))
    await page.getByText('Newer graph available').waitFor()
    expect(await heads()).toBe(before)
    await page.getByRole('button', { name: 'Refresh', exact: true }).click()
    await page.getByText('Newer graph available').waitFor({ state: 'detached' })
  })

  /** A system of one more source: nothing of the sample is touched. */
  const more = (_: string): string =>
    JSON.stringify({
      format: 'keyfall.bundle/1',
      scope: 'quay',
      entities: [
        { id: 'app:quay', role: 'workload', name: 'quay-api' },
        { id: 'token:quay', kind: 'aws.iam_access_key', name: '=AKIAEXAMPLEQUAY' },
      ],
      relationships: [{ kind: 'USES_CREDENTIAL', from: 'app:quay', to: 'token:quay' }],
    })

  it('21 and 23: Estate exports every row with what it stands on, guarded; with pseudonyms no name is left', async () => {
    await page.goto(`${server.url}/e`)
    await page.locator('.estate-table').waitFor()
    const estate = (await server.json('/api/estate')) as unknown as EstateReply
    const download = async (): Promise<{ name: string; text: string }> => {
      const [file] = await Promise.all([page.waitForEvent('download'), page.locator('#export-estate').click()])
      return { name: file.suggestedFilename(), text: await fileOf(file) }
    }
    const plain = await download()
    expect(plain.name).toMatch(/^keyfall-estate-\d{8}T\d{4}Z\.csv$/)
    const lines = plain.text.trim().split(/\r\n/)
    const rows = lines.indexOf('')
    expect(rows - 1).toBe(estate.totals.credentials)
    expect(plain.text).toContain("'=AKIAEXAMPLEQUAY")
    expect(plain.text).toContain(estate.snapshot.id)
    await page.locator('#export-pseudonyms').check()
    const masked = await download()
    expect(masked.name).toContain('pseudonyms')
    expect(masked.text.trim().split(/\r\n/).indexOf('')).toBe(rows)
    for (const { name, owner } of estate.rows) {
      expect(masked.text).not.toContain(name)
      if (owner?.includes('-')) expect(masked.text).not.toContain(owner)
    }
  })

  it('24: Find, palette, Blast, ticks, table and why by keys alone; focus is never on the body', async () => {
    const { page: keys, wrongs, close } = await signedIn({ reducedMotion: 'reduce' })
    await keys.goto(server.url)
    await keys.locator('li.hit').first().waitFor()
    const press = async (key: string): Promise<void> => {
      await keys.keyboard.press(key)
    }
    await press('Control+k')
    await keys.locator('#palette-field').waitFor()
    await keys.keyboard.type(reply.subject.name.slice(0, 14))
    await keys.getByRole('option').filter({ hasText: reply.subject.name }).first().waitFor()
    await press('Enter')
    await keys.locator('[data-headline]').waitFor()
    await keys.locator('[data-claim]').waitFor()
    for (const key of ['1', 'd', 'Control+z', 'n', 'w', 't', 't', 'u', ']', '0']) {
      await press(key)
      await keys.waitForTimeout(30)
    }
    await press('Tab')
    expect(await focused(keys)).not.toBe('body')
    await press('e')
    await keys.getByRole('dialog', { name: 'Export' }).waitFor()
    await press('Escape')
    await keys.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await focused(keys)).not.toBe('body')
    const moving = await keys.evaluate(
      () => document.getAnimations().filter(({ playState }) => playState === 'running').length,
    )
    expect(moving).toBe(0)
    expect(wrongs).toEqual([])
    await close()
  })

  it('members of a cell are the answer’s, and the page did nothing it must never do', async () => {
    const items = (await server.json(
      `${worst.replace('/b/', '/api/blast/')}/items?verdict=breaks`,
    )) as unknown as ItemsReply
    expect(items.total).toBe(reply.counts.breaks)
    expect(watched.wrongs).toEqual([])
  })
})
