import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blastOf } from './answers.ts'
import { buildScreen, launch, noBrowser, watchedPage, type Watched } from './browser.ts'
import { startStub, type Stub } from './stub.ts'
import { movesOf, whatIfOf } from './whatif-answers.ts'
import { worldOf } from './worlds.ts'

const world = worldOf('std')
const reply = blastOf(world, 'revoke')
const blast = `/b/${world.subject.id}`
const after = (...steps: string[]) => whatIfOf(world, 'revoke', steps).after.counts

const countsOf = (page: Page): Promise<Record<string, number>> =>
  page
    .locator('.chips [data-verdict]')
    .evaluateAll((chips) =>
      Object.fromEntries(
        chips.map((chip) => [chip.getAttribute('data-verdict'), Number(chip.getAttribute('data-count'))]),
      ),
    )
const rowsOf = (page: Page): Promise<(string | null)[]> =>
  page.locator('tr[data-row]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-row')))
const glyphYs = (page: Page): Promise<Record<string, number>> =>
  page.locator('use[data-member]').evaluateAll((glyphs) =>
    Object.fromEntries(
      glyphs.map((glyph) => {
        // The middle: a disc is a little smaller than a square.
        const { y, height } = glyph.getBoundingClientRect()
        return [glyph.getAttribute('data-member'), Math.round(y + height / 2)]
      }),
    ),
  )
const ticked = (page: Page): string | null => new URL(page.url()).searchParams.get('w')
const waitForCount = (page: Page, verdict: string, count: number): Promise<void> =>
  page.locator(`.chip[data-verdict=${verdict}][data-count="${count}"]`).waitFor()

describe.skipIf(noBrowser())('Blast with steps ticked', () => {
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
  const open = async (path = blast): Promise<void> => {
    await page.goto(stub.url + path)
    await page.locator('[data-headline]').waitFor()
    await page.locator('[data-effect=s1]', { hasText: /break/ }).waitFor()
  }

  it('lists the steps by what they would do now: effect, what it touches, who, what is needed first, what is assumed', async () => {
    await open()
    expect(await page.locator('[data-effect]').allTextContents()).toEqual([
      '−16 break',
      '−10 break',
      '−9 break',
      '−9 break',
    ])
    const third = page.locator('.step-list li').last()
    expect(await third.textContent()).toContain('Needs first: Add a second key, roll it through Vault')
    expect(await third.textContent()).toContain('assumed')
    expect(await page.locator('.step-list li').first().textContent()).toContain('Release manager')
  })

  it('a tick paints from the move table before anything is asked: x changes, y and the rows do not', async () => {
    await open()
    const [rows, ys] = [await rowsOf(page), await glyphYs(page)]
    const held: string[] = []
    await page.route('**/api/**', (route) => void held.push(route.request().url()))
    await page.keyboard.press('1')
    await waitForCount(page, 'breaks', after('s1').breaks)
    expect(await countsOf(page)).toEqual(after('s1'))
    expect(ticked(page)).toBe('s1')
    expect(await page.locator('#step-s1').isChecked()).toBe(true)
    expect(await rowsOf(page)).toEqual(rows)
    expect(await glyphYs(page)).toEqual(ys)
    expect(await page.locator('[data-headline]').textContent()).toBe('Still not safe to revoke')
    expect(await page.locator('[data-sentence]').textContent()).toContain('With 1 step, ')
    await page.unroute('**/api/**')
    await page.keyboard.press('1')
    await waitForCount(page, 'breaks', reply.counts.breaks)
    expect(ticked(page)).toBeNull()
    expect(await page.locator('[data-headline]').textContent()).toBe(reply.headline.title)
  })

  it('then the server is asked once after the last tick, agrees, and no note appears', async () => {
    await open()
    const asked = stub.requests.length
    const answer = page.waitForResponse(
      (response) => response.url().includes('steps=s1,s2') || response.url().includes('steps=s1%2Cs2'),
    )
    await page.keyboard.press('1')
    await page.keyboard.press('2')
    await answer
    expect(await countsOf(page)).toEqual(after('s1', 's2'))
    expect(stub.requests.slice(asked).filter((request) => request.includes('/whatif')).length).toBeLessThanOrEqual(2)
    expect(await page.locator('.whatif-note').count()).toBe(0)
    await page.locator('[data-announced]', { hasText: 'Still not safe to revoke' }).waitFor({ state: 'attached' })
  })

  it('an address with ticks opens as it was; Back and Forward walk the ticks; undo and redo name themselves', async () => {
    await open(`${blast}?w=s1,s4&d=1`)
    expect(await countsOf(page)).toEqual(after('s1', 's4'))
    expect(await page.locator('.ghost').count()).toBeGreaterThan(0)
    await open()
    for (const [key, ...so] of [
      ['1', 's1'],
      ['2', 's1', 's2'],
    ] as const) {
      await page.keyboard.press(key)
      await waitForCount(page, 'breaks', after(...so).breaks)
    }
    // Of the others, which comes third is the order of the moment: this one is named.
    await page.locator('#step-s4').check()
    await waitForCount(page, 'breaks', after('s1', 's2', 's4').breaks)
    expect(ticked(page)).toBe('s1,s2,s4')
    await page.goBack()
    expect(ticked(page)).toBe('s1,s2')
    await waitForCount(page, 'breaks', after('s1', 's2').breaks)
    await page.goForward()
    await waitForCount(page, 'breaks', after('s1', 's2', 's4').breaks)
    await page.keyboard.press('Control+z')
    await page.getByText('Undone: tick “Rebuild image base-2026.10 without the key”').waitFor()
    expect(ticked(page)).toBe('s1,s2')
    await page.keyboard.press('Control+z')
    expect(ticked(page)).toBe('s1')
    await page.keyboard.press('Control+Shift+z')
    await page.getByText('Done again: tick “Add a second key, roll it through Vault”').waitFor()
    expect(ticked(page)).toBe('s1,s2')
    expect(await countsOf(page)).toEqual(after('s1', 's2'))
  })

  it('is worked by pointer and by Space as well, and focus stays on the tick', async () => {
    await open()
    await page.getByLabel('Update the GitHub environment secret').check()
    await waitForCount(page, 'breaks', after('s1').breaks)
    await page.locator('#step-s4').focus()
    await page.keyboard.press('Space')
    await waitForCount(page, 'breaks', after('s1', 's4').breaks)
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('step-s4')
  })

  it('D shows where everybody stood: outlines for those who moved, none for others; differences sum to 0; a table too', async () => {
    await open(`${blast}?w=s1,s2`)
    await page.keyboard.press('d')
    await page.locator('.ghost').first().waitFor()
    expect(new URL(page.url()).searchParams.get('d')).toBe('1')
    const moved = whatIfOf(world, 'revoke', ['s1', 's2']).moved.filter(({ from, to }) => from!.band !== to!.band)
    const ghosts = await page
      .locator('[data-ghost]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-ghost')))
    expect(ghosts.toSorted()).toEqual(moved.map(({ dependent }) => dependent.id).toSorted())
    expect(await page.locator('.trail').count()).toBeGreaterThan(0)
    const changes = await page
      .locator('.chips [data-change]')
      .evaluateAll((all) => all.map((one) => Number(one.getAttribute('data-change'))))
    expect(changes.length).toBeGreaterThanOrEqual(2)
    expect(changes.reduce((sum, n) => sum + n, 0)).toBe(0)
    await page.keyboard.press('t')
    await page.locator('table.numbers').waitFor()
    const heads = await page.locator('table.numbers thead th').allTextContents()
    expect(heads.slice(-2)).toEqual(['Before', 'After'])
    const sums = async (name: string): Promise<number> =>
      (
        await page
          .locator(`table.numbers tbody td[data-${name}]`)
          .evaluateAll((cells, key) => cells.map((cell) => Number(cell.getAttribute(`data-${key}`))), name)
      ).reduce((sum, n) => sum + n, 0)
    expect(await sums('before')).toBe(reply.counts.dependents)
    expect(await sums('total')).toBe(reply.counts.dependents)
    await page.locator('table.dependants thead', { hasText: 'After' }).waitFor()
  })

  it('holding B shows what was, letting go returns', async () => {
    await open(`${blast}?w=s1`)
    await waitForCount(page, 'breaks', after('s1').breaks)
    await page.keyboard.down('b')
    await waitForCount(page, 'breaks', reply.counts.breaks)
    await page.keyboard.up('b')
    await waitForCount(page, 'breaks', after('s1').breaks)
    expect(ticked(page)).toBe('s1')
  })

  it('Tick all needed ticks the server’s smallest set, and one undo takes it back', async () => {
    await open()
    const table = movesOf(world, 'revoke')
    const needed = table.steps.filter((_, bit) => (table.needed >> bit) & 1).map(({ id }) => id)
    await page.getByRole('button', { name: `Tick all ${needed.length} needed` }).click()
    expect(ticked(page)).toBe(needed.join(','))
    await page.locator('[data-headline]', { hasText: 'Cannot say yet' }).waitFor()
    expect(await countsOf(page)).toEqual(after(...needed))
    await page.keyboard.press('Control+z')
    expect(ticked(page)).toBeNull()
  })

  it('offers to sort again when the order is no longer ideal, and does it only then', async () => {
    await open()
    expect(await page.getByRole('button', { name: 'Re-sort' }).count()).toBe(0)
    const rows = await rowsOf(page)
    await page.getByRole('button', { name: /^Tick all/ }).click()
    await page.getByRole('button', { name: 'Re-sort' }).waitFor()
    expect(await rowsOf(page)).toEqual(rows)
    await page.getByRole('button', { name: 'Re-sort' }).click()
    await page.getByRole('button', { name: 'Re-sort' }).waitFor({ state: 'detached' })
    const sorted = await rowsOf(page)
    expect(sorted).not.toEqual(rows)
    expect(sorted.toSorted()).toEqual(rows.toSorted())
  })

  it('exports the picture as SVG without script, as PNG, the answer as JSON and Markdown, ticks included', async () => {
    await open(`${blast}?w=s1`)
    await waitForCount(page, 'breaks', after('s1').breaks)
    const files = new Map<string, Buffer>()
    for (const form of ['svg', 'png', 'json', 'md']) {
      await page.keyboard.press('e')
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator(`#export-${form}`).click()])
      expect(download.suggestedFilename()).toBe(`keyfall-blast-AKIA7QEXAMPLE0000QK7-20261120T0400Z.${form}`)
      files.set(form, readFileSync(await download.path()))
    }
    const svg = files.get('svg')!.toString()
    expect(svg).toContain('Still not safe to revoke')
    expect(svg).not.toMatch(/<script|foreignObject|xlink|@import|<image/)
    // The policy of the page forbids parsing there.
    const blank = await browser.newPage()
    const uses = await blank.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, 'image/svg+xml')
      return parsed.querySelector('parsererror') ? -1 : parsed.querySelectorAll('g > use').length
    }, svg)
    await blank.close()
    expect(uses).toBe(reply.counts.dependents)
    expect(files.get('png')!.subarray(1, 4).toString()).toBe('PNG')
    expect(files.get('png')!.length).toBeGreaterThan(10_000)
    const json = JSON.parse(files.get('json')!.toString()) as {
      schema: string
      whatIf: { steps: string[]; counts: unknown }
    }
    expect(json.schema).toBe('keyfall.blast/1')
    expect(json.whatIf.steps).toEqual(['s1'])
    expect(json.whatIf.counts).toMatchObject(after('s1'))
    expect(files.get('md')!.toString()).toContain('simulated as done')
  })

  it('did nothing a page must never do', () => {
    expect(watched.wrongs).toEqual([])
  })
})

describe.skipIf(noBrowser())('steps in other worlds', () => {
  let browser: Browser
  beforeAll(async () => {
    buildScreen()
    browser = await launch()
  })
  afterAll(() => browser?.close())

  const visit = async (
    name: Parameters<typeof worldOf>[0],
    query: string,
    act: (page: Page, stub: Stub) => Promise<void>,
    options: {
      differs?: boolean
      reducedMotion?: 'reduce' | 'no-preference'
      colorScheme?: 'light' | 'dark'
      bypassCSP?: boolean
      expected?: RegExp
    } = {},
  ): Promise<void> => {
    const { differs = false, ...context } = options
    const stub = await startStub(name, { differs })
    const { page, wrongs, close } = await watchedPage(browser, stub.url, context)
    // 100,000 dependants on a loaded machine: the stub alone may need seconds.
    page.setDefaultTimeout(30_000)
    await page.goto(`${stub.url}/b/${worldOf(name).subject.id}${query}`)
    await page.locator('[data-headline]').waitFor()
    await act(page, stub)
    expect(wrongs).toEqual([])
    await close()
    await stub.close()
  }

  it('a server that counts otherwise wins, and one line says what differs', async () => {
    const served = whatIfOf(world, 'revoke', ['s1'], true).after.counts
    await visit(
      'std',
      '?w=s1',
      async (page) => {
        await page.locator('.whatif-note', { hasText: 'The server counts otherwise' }).waitFor()
        expect(await countsOf(page)).toEqual(served)
        expect(served).not.toEqual(after('s1'))
      },
      { differs: true },
    )
  })

  it('a server that does not answer leaves what the table says, and that it is not checked', async () => {
    await visit(
      'std',
      '',
      async (page, stub) => {
        await page.locator('[data-effect=s1]', { hasText: /break/ }).waitFor()
        stub.fail(`/api${blast.replace('/b/', '/blast/')}/whatif`, 500)
        await page.keyboard.press('1')
        await page.locator('.whatif-note', { hasText: 'Not checked by the server' }).waitFor()
        expect(await countsOf(page)).toEqual(after('s1'))
      },
      { expected: /500/ },
    )
  })

  it('all that is needed ticked: safe after so many steps, the assumed ones counted; without one of them no longer', async () => {
    await visit('tiny', '', async (page) => {
      await page.getByRole('button', { name: /^Tick (all|the)/ }).click()
      await page.locator('[data-headline]', { hasText: /^Safe to revoke after \d steps?/ }).waitFor()
      const tiny = worldOf('tiny')
      const table = movesOf(tiny, 'revoke')
      const saving = table.alternatives.flatMap((list) => list.map(({ mask }) => mask)).filter(Boolean)
      expect(saving.length).toBeGreaterThan(0)
      const first = (ticked(page) ?? '').split(',')[0]!
      await page.locator(`#step-${first}`).uncheck()
      await page.locator('[data-headline]', { hasText: /ot safe|Safe to revoke after/ }).waitFor()
      expect(await page.locator('.chip[data-verdict=keeps]').getAttribute('data-count')).not.toBe('3')
    })
  })

  it('no set of ticks makes a stale graph safe', async () => {
    await visit('stale', '?w=s1,s2,s3,s4', async (page) => {
      await waitForCount(page, 'steps', 0)
      expect(await page.locator('[data-headline]').textContent()).toBe('Cannot say yet')
      expect(await page.locator('[data-sentence]').textContent()).toContain('Missing: Vault audit log')
    })
  })

  it.each(['reduce', 'no-preference'] as const)(
    'motion %s: glyphs glide along x only where motion is welcome',
    async (reducedMotion) => {
      await visit(
        'std',
        '',
        async (page) => {
          await page.locator('[data-effect=s1]', { hasText: /break/ }).waitFor()
          const frames = await page.evaluate(async () => {
            const seen: string[] = []
            const animate = Element.prototype.animate
            Element.prototype.animate = function (keyframes, timing) {
              seen.push(JSON.stringify(keyframes))
              return animate.call(this, keyframes, timing)
            }
            document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true }))
            await new Promise((resolve) => setTimeout(resolve, 400))
            return seen
          })
          if (reducedMotion === 'reduce') expect(frames).toEqual([])
          else expect(frames.length).toBeGreaterThan(0)
          for (const frame of frames)
            expect(frame).toMatch(/^\[\{"transform":"translateX\(-?[\d.]+px\)"\},\{"transform":"translateX\(0\)"\}\]$/)
          await waitForCount(page, 'breaks', after('s1').breaks)
        },
        { reducedMotion },
      )
    },
  )

  it.each(['big', 'huge'] as const)(
    '%s: a tick asks nothing before it paints, and stays within the ceiling of elements',
    async (name) => {
      await visit(name, '?d=1', async (page, stub) => {
        await page.locator('[data-effect=s1]', { hasText: /break/ }).waitFor()
        const asked = stub.requests.length
        await page.evaluate(() =>
          document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true })),
        )
        await page.locator('.chips [data-change]').first().waitFor()
        expect(stub.requests.slice(asked).filter((request) => request.includes('/moves'))).toEqual([])
        expect(await page.locator('.picture svg, .picture svg *').count()).toBeLessThanOrEqual(1_500)
        const total = Object.values(await countsOf(page)).reduce((sum, n) => sum + n, 0)
        expect(total).toBe(worldOf(name).dependents.length)
      })
    },
  )

  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    it.each(['?w=s1,s2', '?w=s1,s2&d=1', '?w=s1,s2&d=1&v=table'])(
      '%s has no violation of WCAG 2.2 AA',
      async (query) => {
        const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
        await visit(
          'std',
          query,
          async (page) => {
            await page.locator('.chips [data-change]').first().waitFor()
            await page.locator('[data-claim]').waitFor()
            await page.evaluate(axe)
            const found = await page.evaluate(async () => {
              interface Found {
                violations: { id: string; nodes: { html: string }[] }[]
              }
              const run = (globalThis as unknown as { axe: { run(options: unknown): Promise<Found> } }).axe
              const { violations } = await run.run({
                runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
              })
              return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`))
            })
            expect(found).toEqual([])
          },
          { colorScheme, reducedMotion: 'reduce', bypassCSP: true },
        )
      },
    )
  })
})
