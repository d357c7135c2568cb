import { signal } from '@preact/signals'
import type { AroundReply, MapReply } from '../../../../graph/wire-map.ts'
import { say } from '../../app/say.ts'
import { exportName } from '../../model/export-name.ts'
import { savePng, saveSvg, type Picture } from '../../model/save-picture.ts'
import { save } from '../../model/save.ts'
import { plural } from '../../model/verdict.ts'
import { ExportDialog, type Mask } from '../../ui/export-dialog.tsx'
import { exportAround, exportMatrix } from './export-map.ts'

export const exportOpen = signal(false)
const close = (): void => void (exportOpen.value = false)

/** Schema name of the JSON export: the answer of the API and where it was seen. */
export const MAP_SCHEMA = 'keyfall.map/1'

interface Forms<Reply> {
  readonly sentence: string
  readonly csv: (mask: Mask) => void | Promise<void>
  readonly answer: Reply
  readonly picture: (answer: Reply) => Promise<Picture>
  readonly name: (answer: Reply) => string
}

function MapForms<Reply extends AroundReply | MapReply>({ sentence, csv, answer, picture, name }: Forms<Reply>) {
  const file = (safe: Reply, ending: string): string => exportName('map', name(safe), safe.snapshot.at, ending)
  return (
    <ExportDialog
      sentence={sentence}
      close={close}
      forms={[
        { id: 'csv', title: 'CSV', what: 'every row, also of what is folded', run: csv },
        {
          id: 'json',
          title: 'JSON',
          what: 'the answer as shown, for programs',
          run: (mask) => {
            const safe = mask(answer)
            const text = JSON.stringify({ schema: MAP_SCHEMA, link: location.href, answer: safe }, null, 2)
            save(`${text}\n`, file(safe, 'json'), 'application/json')
            say('Answer exported as JSON')
          },
        },
        {
          id: 'svg',
          title: 'SVG',
          what: 'the picture, text as text',
          run: async (mask) => {
            const safe = mask(answer)
            saveSvg(await picture(safe), file(safe, 'svg'))
            say('Picture exported as SVG')
          },
        },
        {
          id: 'png',
          title: 'PNG',
          what: 'the picture, twice the size',
          run: async (mask) => {
            const safe = mask(answer)
            await savePng(await picture(safe), file(safe, 'png'))
            say('Picture exported as PNG')
          },
        },
      ]}
    />
  )
}

const pictures = () => import('./export-map-picture.ts')

export function AroundExport({ answer }: { answer: AroundReply }) {
  return (
    <MapForms
      answer={answer}
      sentence={`${plural(answer.up + answer.down, 'thing')} around ${answer.focus.title}. Pictures show what is open.`}
      csv={(mask) => exportAround(answer, mask)}
      picture={async (safe) => (await pictures()).aroundSvg(safe, location.href)}
      name={({ focus }) => focus.name}
    />
  )
}

export function MatrixExport({ answer, flow }: { answer: MapReply; flow: boolean }) {
  const title = (safe: MapReply): string => safe.within.at(-1)?.name ?? 'Systems by systems'
  return (
    <MapForms
      answer={answer}
      sentence={`${plural(answer.systems, 'system')}, ${plural(answer.cells.length, 'pair')} that share or need.`}
      csv={(mask) => exportMatrix(mask(answer))}
      picture={async (safe) => {
        const { flowSvg, matrixSvg } = await pictures()
        return flow ? flowSvg(safe, title(safe), location.href) : matrixSvg(safe, title(safe), location.href)
      }}
      name={(safe) => safe.within.at(-1)?.name ?? 'systems'}
    />
  )
}
