import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import { violations } from './axe.ts'
import { buildScreen, launch, noBrowser, watchedPage, type Watched } from './browser.ts'
import { startStub, type Stub } from './stub.ts'

const blast = `/b/${idOf('std subject')}`

describe.skipIf(noBrowser())('Settings, Sources, and what people state', () => {
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

  it('chooses theme and density for this browser, kept over a reload', async () => {
    await page.goto(`${stub.url}/settings`)
    await page.getByRole('radio', { name: 'Dark' }).check()
    await page.getByRole('radio', { name: 'Compact' }).check()
    await page.reload()
    await page.getByRole('radio', { name: 'Dark' }).waitFor()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    expect(await page.locator('html').getAttribute('data-density')).toBe('compact')
    expect(await page.getByRole('radio', { name: 'Compact' }).isChecked()).toBe(true)
    expect(await violations(page)).toEqual([])
    await page.getByRole('radio', { name: 'System' }).check()
    await page.getByRole('radio', { name: 'Comfortable' }).check()
  })

  it('switches shortcuts of a single key off: none acts, all stay in the palette', async () => {
    await page.locator('#set-keys-off').check()
    await page.locator('h1').click()
    await page.keyboard.press('?')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('Control+k')
    await page.getByRole('option', { name: 'Show the keys' }).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('#set-keys-on').check()
  })

  it('invites somebody: the link is shown once, hostile names are text', async () => {
    expect(await page.locator('.set-table').first().textContent()).toContain('<b>Visitor</b>')
    await page.locator('#invite-name').fill('On-call')
    await page.getByRole('button', { name: 'Make a link' }).click()
    await page.getByText('#k=one-time').waitFor()
    expect(page.url()).not.toContain('one-time')
    await page.getByRole('button', { name: 'I have it' }).click()
    expect(await page.getByText('#k=one-time').count()).toBe(0)
    await page.getByRole('button', { name: 'Disable Release lead' }).click()
    await page.getByRole('button', { name: 'Enable Release lead' }).waitFor()
  })

  it('makes and revokes a token', async () => {
    await page.locator('#token-name').fill('cli')
    await page.getByRole('button', { name: 'Make the token' }).click()
    await page.getByText('kf_shown_once').waitFor()
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByRole('button', { name: 'Revoke nightly upload' }).click()
    await page.getByText('revoked', { exact: true }).waitFor()
  })

  it('presents with pseudonyms: no name of the answer is left, and they come back', async () => {
    await page.goto(stub.url + blast)
    const name = await page.locator('#subject').textContent()
    await page.locator('[data-claim]').waitFor()
    const systems = await page.locator('tr[data-row] th strong').allTextContents()
    await page.goto(`${stub.url}/settings`)
    await page.locator('#set-present-on').check()
    await page.getByText('Present mode', { exact: true }).waitFor()
    await page.goto(stub.url + blast)
    await page.locator('[data-claim]').waitFor()
    const shown = await page.locator('body').textContent()
    for (const one of [name!, ...systems.filter((system) => system.length > 5)]) expect(shown).not.toContain(one)
    expect(await page.title()).not.toContain(name!)
    await page.goto(`${stub.url}/settings`)
    await page.locator('#set-present-off').check()
    await page.goto(stub.url + blast)
    await page.getByText(name!).first().waitFor()
  })

  it('says of every source what it caps, and names the biggest blind spot; the freshness line opens it', async () => {
    await page.locator('#freshness').click()
    await page.getByText('Biggest blind spot').waitFor()
    const text = await page.locator('main').textContent()
    expect(text).toContain('33 of 34')
    expect(text).toContain('19 credentials wait')
    expect(text).toContain('24 of 904 records')
    expect(text).toContain('it reaches back 7 days only')
    expect(await violations(page)).toEqual([])
  })

  it('regroups the front by owner with the same totals, and opens a group in place', async () => {
    await page.goto(stub.url + blast)
    await page.locator('table.grid').waitFor()
    await page.keyboard.press('o')
    await page.locator('tr.fold').first().waitFor()
    expect(new URL(page.url()).searchParams.get('g')).toBe('owner')
    const rows = await page.locator('tr.fold').count()
    await page.locator('tr.fold button.fold-button').first().click()
    await page.locator('tr.system').first().waitFor()
    expect(await page.locator('tr.fold').count()).toBe(rows)
    expect(page.url()).not.toMatch(/Okafor|Park/)
  })

  it('filters the front: dims, hides on demand, completes keys, explains a mistake at its character', async () => {
    await page.goto(stub.url + blast)
    const field = page.locator('#front-filter')
    await field.waitFor()
    const all = await page.locator('tr.system').count()
    await field.fill('ti')
    await page.getByRole('option', { name: 'tier:' }).waitFor()
    await page.keyboard.press('Enter')
    await page.keyboard.type('1')
    await page.getByText(/^\d+ of 67$/).waitFor()
    const dimmed = await page.locator('tr.dim-row').count()
    expect(dimmed).toBeGreaterThan(0)
    expect(await page.locator('tr.system').count()).toBe(all)
    await page.locator('#hide-others').click()
    await page.locator('tr.dim-row').first().waitFor({ state: 'detached' })
    expect(await page.locator('tr.system').count()).toBe(all - dimmed)
    await field.fill('tier:1 colour:red')
    await page.getByText(/^At character 8: “colour” is no key/).waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('says whose word a change needs', async () => {
    await page.goto(`${stub.url}${blast}?tab=signs`)
    await page.getByRole('heading', { name: 'Who signs' }).waitFor()
    expect(await page.locator('.panel .unknowns li').count()).toBeGreaterThan(3)
  })

  it('states an owner of many after a preview, takes it back, and does it all by keyboard', async () => {
    await page.goto(`${stub.url}/e/unowned`)
    const unowned = page.locator('#gap-unowned .tile-count')
    await unowned.waitFor()
    const before = Number(await unowned.textContent())
    await page.locator('#choose-all').focus()
    await page.keyboard.press('Space')
    await page.locator('#bulk-edit').focus()
    await page.keyboard.press('Enter')
    await page.locator('#bulk-owner').fill('Platform')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: `State ${before} changes` }).waitFor()
    expect(await page.locator('.bulk-changes li').first().textContent()).toMatch(/unknown → Platform/)
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.waitForFunction(() => document.querySelector('#gap-unowned .tile-count')?.textContent !== '15')
    await page.keyboard.press('Control+z')
    await page.waitForFunction(
      (n) => document.querySelector('#gap-unowned .tile-count')?.textContent === n,
      String(before),
    )
  })

  it('maps the type of a file that nothing recognised, adds the batch, shows what moved, and undoes it', async () => {
    await page.goto(`${stub.url}/i`)
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles([{ name: 'notes.docx', mimeType: 'application/octet-stream', buffer: Buffer.alloc(500, 'a') }])
    await page.locator('#map-type').selectOption('aws')
    await page.getByRole('button', { name: /^Map type/ }).click()
    await page.getByText('4,211 of 4,211').waitFor()
    await page.getByRole('button', { name: 'Add to the graph' }).click()
    await page.getByText('Verdicts that moved').waitFor()
    expect(await page.locator('.panel').textContent()).toContain('1,284')
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Undo this batch' }).click()
    await page.getByText('what was believed before is believed again').waitFor()
  })

  it('takes an export that is pasted', async () => {
    await page.goto(`${stub.url}/i`)
    await page.locator('#paste').click()
    await page.locator('#paste-text').fill('{"a": 1}')
    await page.getByRole('button', { name: 'Read it' }).click()
    await page.getByText('Read; nothing is changed yet').waitFor()
    expect(await page.locator('table.files').textContent()).toContain('pasted.json')
  })

  it('saves what is too long for a link, and opens it again; a link of another state says so', async () => {
    const folds = Array.from({ length: 300 }, (_, i) => `tier-${i}`).join(',')
    await page.goto(`${stub.url}${blast}?op=rotate&x=${folds}`)
    await page.locator('[data-claim]').waitFor()
    await page.locator('h1').first().focus()
    await page.keyboard.press('c')
    await page.getByText('Link copied').waitFor()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    expect(link).toMatch(/\/s\/0$/)
    await page.goto(link)
    await page.locator('[data-claim]').waitFor()
    expect(new URL(page.url()).searchParams.get('op')).toBe('rotate')
    await page.goto(`${stub.url}${blast}?snap=0a1b2c3d4e5f`)
    await page.getByText('another state of the graph').waitFor()
  })

  it('exports with pseudonyms: no name is left, in the file or in its name', async () => {
    await page.goto(stub.url + blast)
    await page.locator('[data-claim]').waitFor()
    const name = (await page.locator('#subject').textContent())!
    const systems = await page.locator('tr.system th strong').allTextContents()
    for (const form of ['csv', 'json', 'md', 'svg']) {
      await page.keyboard.press('e')
      await page.locator('#export-pseudonyms').check()
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator(`#export-${form}`).click()])
      const text = readFileSync((await download.path())!, 'utf8')
      expect(text.length).toBeGreaterThan(500)
      expect(download.suggestedFilename()).toMatch(/^keyfall-blast-credential-[a-z2-7]{6}/)
      for (const one of [name, 'card-vault-sync', ...systems.filter((system) => system.length > 5)])
        expect(text).not.toContain(one)
    }
  })

  it('did nothing a page must never do', () => {
    expect(watched.wrongs).toEqual([])
  })
})
