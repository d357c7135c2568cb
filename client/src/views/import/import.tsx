import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ImportReply, SourcesReply } from '../../../../graph/wire.ts'
import { SourcesReply as Sources } from '../../../../graph/wire.ts'
import { edition, standsOn } from '../../api/live.ts'
import { commitImport, dropImport } from '../../api/upload.ts'
import { useReply } from '../../api/use-reply.ts'
import { setOfView } from '../../app/commands.ts'
import { here } from '../../app/crumbs.ts'
import { mayI } from '../../app/rights.ts'
import { permissions } from '../../../../graph/wire-people.ts'
import { say } from '../../app/say.ts'
import { at, place, push, pushHere, settled } from '../../app/place.ts'
import type { Failure } from '../../api/ask.ts'
import { Failed } from '../../ui/region.tsx'
import { DrawerButton, Panel } from '../../ui/panel.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { chosenFiles, droppedFiles } from './dropped.ts'
import { FileTable } from './file-table.tsx'
import { isRunning, sendAll, sendFailure, sending } from './job.ts'
import { EarlierBatches } from './earlier-batches.tsx'
import { importCommands } from './import-commands.ts'
import { Paste } from './paste.tsx'
import { Sending } from './sending.tsx'
import { useImport } from './use-import.ts'
import { WhatChanged, SourceList } from './what-changed.tsx'
import { Batch } from './batch.tsx'

/** Import: files in, what was understood of each, what would change, one act to make it true. */
export function ImportView() {
  const id = place.value.id
  const { reply, failure, set } = useImport(id)
  const sources = useReply(Sources, '/api/sources', `sources ${edition.value}`)
  const [actFailure, failAct] = useState<Failure | null>(null)
  useEffect(() => {
    here(['Import'], 'Import')
    settled()
  }, [])
  useEffect(() => {
    if (sources.data) standsOn(sources.data.snapshot)
  }, [sources.data])
  const commit = async (acceptRetire: number | null): Promise<void> => {
    const outcome = await commitImport(id, acceptRetire)
    failAct(outcome.ok ? null : outcome.failure)
    if (outcome.ok) set(outcome.reply)
  }
  const discard = async (): Promise<void> => {
    const undoes = reply?.state === 'done'
    const outcome = await dropImport(id)
    if (undoes) {
      failAct(outcome.ok ? null : outcome.failure)
      if (outcome.ok) set(outcome.reply)
      if (outcome.ok) say('Batch undone')
      return
    }
    if (outcome.ok || outcome.failure.status === 404 || outcome.failure.code === 'bad-reply') push(at('import'))
    else failAct(outcome.failure)
  }
  useLayoutEffect(() => setOfView(importCommands(reply, discard)), [reply])
  return (
    <>
      <main class="main import" id="main" data-scroller>
        <h1>Import</h1>
        {!mayI('import.upload') && (
          <div class="failed no-right">
            <p>
              <strong>Your roles do not reach this.</strong> Importing takes the permission import.upload (one of the
              roles {permissions['import.upload'].join(', ')}).
            </p>
          </div>
        )}
        {mayI('import.upload') && (reply === null || !isRunning(reply)) && sending.value.length === 0 && (
          <DropZone small={reply !== null} />
        )}
        {sendFailure.value && <Failed failure={sendFailure.value} retry={() => void (sendFailure.value = null)} />}
        {sending.value.length > 0 && <Sending />}
        {failure && <Failed failure={failure} retry={() => push(at('import'))} />}
        {actFailure && <Failed failure={actFailure} retry={() => failAct(null)} />}
        {reply === null && sending.value.length === 0 && (
          <>
            {mayI('import.upload') && <EarlierBatches />}
            <Readers readers={sources.data?.readers ?? []} />
          </>
        )}
        {reply && (
          <>
            <Batch reply={reply} commit={commit} discard={discard} />
            <FileTable reply={reply} readers={sources.data?.readers ?? []} />
          </>
        )}
        <DrawerButton>What changed, sources</DrawerButton>
      </main>
      <SidePanel reply={reply} sources={sources.data} />
    </>
  )
}

function SidePanel({ reply, sources }: { reply: ImportReply | null; sources: SourcesReply | null }) {
  const chosen = place.value.tab
  return (
    <Panel label="What changed, sources">
      <Tabs
        label="Side panel"
        chosen={chosen !== '' ? chosen : reply ? 'changed' : 'sources'}
        choose={(tab) => pushHere({ tab })}
        tabs={[
          { id: 'changed', title: 'What changed', body: () => <WhatChanged reply={reply} /> },
          { id: 'sources', title: 'Sources', body: () => <SourceList reply={sources} /> },
        ]}
      />
    </Panel>
  )
}

/** What can be dropped here, and the command that makes it: nobody should have to look that up. */
function Readers({ readers }: { readers: NonNullable<SourcesReply['readers']> }) {
  if (readers.length === 0) return null
  return (
    <section>
      <h2>What it reads</h2>
      <div class="table-scroll" role="region" aria-label="What it reads" tabIndex={0}>
        <table class="readers">
          <thead>
            <tr>
              <th scope="col">Export</th>
              <th scope="col">Of the form</th>
              <th scope="col">For example</th>
            </tr>
          </thead>
          <tbody>
            {readers.map(({ id, title, reads, collect }) => (
              <tr key={id}>
                <th scope="row">{title}</th>
                <td>{reads}</td>
                <td>{collect && <code>{collect}</code>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function DropZone({ small }: { small: boolean }) {
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [pasting, setPasting] = useState(false)
  const take = (input: HTMLInputElement): void => {
    const chosen = chosenFiles(input.files ?? [])
    input.value = ''
    void sendAll(chosen)
  }
  return (
    <div
      class={`drop${over ? ' over' : ''}${small ? ' small' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(sendAll)
      }}
    >
      <p>
        <strong>Drop exports here</strong> or{' '}
        <button type="button" id="choose-files" onClick={() => files.current?.click()}>
          Choose files
        </button>{' '}
        or{' '}
        <button type="button" onClick={() => folder.current?.click()}>
          Choose a folder
        </button>{' '}
        or{' '}
        <button type="button" id="paste" aria-haspopup="dialog" onClick={() => setPasting(true)}>
          Paste
        </button>
      </p>
      <p class="mut">
        Recognised by content. Secret values are dropped before anything is stored; only keyed fingerprints are kept.
      </p>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label="Files to import"
        onChange={(event) => take(event.currentTarget)}
      />
      {pasting && <Paste close={() => setPasting(false)} />}
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        aria-label="Folder to import"
        {...{ webkitdirectory: true }}
        onChange={(event) => take(event.currentTarget)}
      />
    </div>
  )
}
