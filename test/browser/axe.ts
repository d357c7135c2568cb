import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Violations as "rule: element", empty when there are none. The page's own policy forbids injecting it: bypassed there. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async (runTags) => {
    interface Found {
      violations: { id: string; nodes: { html: string }[] }[]
    }
    // Colours on their way from one to another have the contrast of neither.
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(ending.map(({ finished }) => finished))
    const run = (globalThis as unknown as { axe: { run(options: unknown): Promise<Found> } }).axe
    const found = await run.run({ runOnly: { type: 'tag', values: runTags } })
    return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`))
  }, tags)
}
