import { say } from '../../app/say.ts'
import { foldRows, systemRows } from '../../model/fold.ts'
import { frontSvg } from '../../model/front-svg.ts'
import { save, saveBlob } from '../../model/save.ts'
import { summaryMarkdown } from '../../model/summary.ts'
import { inOrderOf } from '../../model/whatif-diff.ts'
import { grouping, openedFolds } from './blast-queries.ts'
import { fileName } from './export-csv.ts'
import type { Scenario } from './use-whatif.ts'

/** Schema name of the JSON export: the answer of the API, the ticked steps and where it was seen. */
export const JSON_SCHEMA = 'keyfall.blast/1'

export function exportJson({ base, shown, ticked, served }: Scenario): void {
  const file = {
    schema: JSON_SCHEMA,
    link: location.href,
    answer: base,
    ...(ticked.length > 0 && {
      whatIf: {
        steps: ticked,
        verdict: shown.verdict,
        headline: shown.headline,
        counts: shown.counts,
        cells: shown.cells,
        served,
      },
    }),
  }
  save(`${JSON.stringify(file, null, 2)}\n`, fileName(base, 'json'), 'application/json')
  say('Answer exported as JSON')
}

export function exportMarkdown({ base, shown, ticked }: Scenario): void {
  save(summaryMarkdown(shown, location.href, ticked, base), fileName(base, 'md'), 'text/markdown')
  say('Summary exported as Markdown')
}

function picture({ base, shown, ticked }: Scenario): { text: string; width: number; height: number } {
  const order = systemRows(base).map(({ id }) => id)
  const rows = foldRows(
    inOrderOf(order, systemRows(shown)),
    openedFolds.peek().split(',').filter(Boolean),
    grouping.peek(),
  )
  return frontSvg(shown, rows, ticked, location.href)
}

export function exportSvg(scenario: Scenario): void {
  save(picture(scenario).text, fileName(scenario.base, 'svg'), 'image/svg+xml')
  say('Picture exported as SVG')
}

/** The same marks, painted twice the size. */
export async function exportPng(scenario: Scenario): Promise<void> {
  const { text, width, height } = picture(scenario)
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }))
  try {
    const image = new Image(width, height)
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = width * 2
    canvas.height = height * 2
    canvas.getContext('2d')!.drawImage(image, 0, 0, width * 2, height * 2)
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
    if (!blob) throw new Error('no picture')
    saveBlob(blob, fileName(scenario.base, 'png'))
    say('Picture exported as PNG')
  } finally {
    URL.revokeObjectURL(url)
  }
}
