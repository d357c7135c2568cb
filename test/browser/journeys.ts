import { readFile } from 'node:fs/promises'
import type { Download, Page } from 'playwright-core'

/** Sum of the numbers in the accessible names of all cells. */
export const cellTotal = (page: Page): Promise<number> =>
  page.locator('[data-cell]').evaluateAll((cells) =>
    cells
      .flatMap(
        (cell) =>
          (cell.querySelector('.hidden-words')?.textContent ?? '')
            .split(':')
            .at(-1)!
            .match(/[\d,]+(?= )/g) ?? [],
      )
      .reduce((sum, number) => sum + Number(number.replaceAll(',', '')), 0),
  )

/** Sum of the counts on the chips. */
export const chipTotal = (page: Page): Promise<number> =>
  page
    .locator('.chips [data-count]')
    .evaluateAll((chips) => chips.reduce((sum, chip) => sum + Number(chip.getAttribute('data-count')), 0))

/** Ids of the rows of the front, from top to bottom. */
export const rowsShown = (page: Page): Promise<(string | null)[]> =>
  page.locator('tr[data-row]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-row')))

/** Name of the focused element, in small letters. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => (document.activeElement?.tagName ?? 'body').toLowerCase())

export const fileOf = async (download: Download): Promise<string> => readFile((await download.path())!, 'utf8')
