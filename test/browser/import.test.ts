import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildScreen, launch, noBrowser, watchedPage, type Watched } from './browser.ts'
import { startStub, type Stub } from './stub.ts'

const file = (name: string, bytes = 2_000) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.alloc(bytes, 'a'),
})

describe.skipIf(noBrowser())('Import', () => {
  let browser: Browser
  let stub: Stub
  let watched: Watched
  let page: Page

  beforeAll(async () => {
    buildScreen()
    browser = await launch()
    stub = await startStub('std')
    watched = await watchedPage(browser, stub.url, { expected: /409/ })
    page = watched.page
  })
  afterAll(async () => {
    await watched?.close()
    await browser?.close()
    await stub?.close()
  })
  const send = async (...files: ReturnType<typeof file>[]): Promise<void> => {
    await page.goto(`${stub.url}/i`)
    await page.locator('#choose-files').waitFor()
    await page.locator('input[type=file]').first().setInputFiles(files)
    await page.getByText('Read; nothing is changed yet').waitFor()
  }

  it('reads files and reports on each: recognised as, understood of read, what not and where', async () => {
    await send(file('auth.json'), file('vault-audit.log'), file('broken.json'), file('notes.docx'))
    const rows = await page.locator('table.files tbody tr').allTextContents()
    expect(rows).toHaveLength(4)
    expect(rows[0]).toContain('4,211 of 4,211')
    expect(rows[1]).toContain('2,800: request without accessor')
    expect(rows[2]).toContain('ends in the middle of a record')
    expect(rows[3]).toContain('no importer claims this file')
    expect(await page.locator('.file-detail').textContent()).toContain(
      '2,921,040 read = 2,918,204 understood + 2,836 not',
    )
    expect(await page.locator('.file-detail').textContent()).toContain('line 430')
    expect(await page.locator('.panel').textContent()).toContain('+3,928')
  })

  it('adds it to the graph when told to, and then opens Find', async () => {
    await page.getByRole('button', { name: 'Add to the graph' }).click()
    await page.getByText('In the graph').waitFor()
    await page.getByRole('button', { name: 'Open Find' }).click()
    await page.locator('li.hit').first().waitFor()
  })

  it('asks before more is retired than the guard allows', async () => {
    await send(file('guard-auth.json'))
    await page.getByText('This would retire 640 of 1,090.').waitFor()
    expect(await page.getByRole('button', { name: 'Add to the graph' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Retire them and add the rest' }).click()
    await page.getByText('In the graph').waitFor()
  })

  it('gives a batch up without a trace', async () => {
    await send(file('auth.json'))
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByText('Drop exports here').waitFor()
    await expect.poll(() => new URL(page.url()).pathname).toBe('/i')
    expect(stub.requests.at(-1)).not.toContain('commit')
    await expect.poll(() => stub.requests.some((request) => request.startsWith('DELETE /api/imports/'))).toBe(true)
  })

  it('takes what is dropped on it', async () => {
    await page.goto(`${stub.url}/i`)
    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer()
      data.items.add(new File(['{}'], 'dropped-auth.json'))
      return data
    })
    await page.locator('.drop').dispatchEvent('drop', { dataTransfer: transfer })
    await page.getByText('Read; nothing is changed yet').waitFor()
    expect(await page.locator('table.files').textContent()).toContain('dropped-auth.json')
  })

  it('lists the sources the graph stands on', async () => {
    await page.goto(`${stub.url}/i?tab=sources`)
    await page.getByText('Jenkins (on-prem)').first().waitFor()
    expect(await page.locator('.panel').textContent()).toContain('stale')
  })

  it('did nothing a page must never do', () => {
    expect(watched.wrongs).toEqual([])
  })
})
