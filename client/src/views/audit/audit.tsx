import '../../styles/audit.css'
import { useEffect, useLayoutEffect } from 'preact/hooks'
import { SourcesReply } from '../../../../graph/wire.ts'
import { AuditReply, type AuditVerdict } from '../../../../graph/wire-audit.ts'
import { MeReply } from '../../../../graph/wire-people.ts'
import { edition, standsOn } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { setOfView } from '../../app/commands.ts'
import { here } from '../../app/crumbs.ts'
import { place, pushHere, settled } from '../../app/place.ts'
import { utc } from '../../model/moments.ts'
import { exact, plural } from '../../model/verdict.ts'
import type { Verdict } from '../../../../graph/wire.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'
import { Bars, Region } from '../../ui/region.tsx'
import { useSettled } from '../../ui/use-settled.ts'
import { exportAudit } from './audit-export.ts'
import { auditUrl, PAGE, readFilter } from './audit-filter.ts'
import { AuditFilters } from './audit-filters.tsx'
import { AuditTable } from './audit-table.tsx'

/** Audit: who saw and did what, newest first, and whether the chain of entries verifies. */
export function AuditView() {
  const { filter } = place.value
  const asked = useSettled(filter, 200)
  const parsed = readFilter(asked)
  const url = auditUrl(parsed, PAGE)
  const reply = useReply(AuditReply, url, `audit ${edition.value}`)
  const me = useReply(MeReply, '/api/me', `me ${edition.value}`)
  const sees = me.data?.may.includes('map.read') ?? false
  const sources = useReply(SourcesReply, sees ? '/api/sources' : null, `sources ${edition.value}`)
  useEffect(() => {
    if (sources.data) standsOn(sources.data.snapshot)
  }, [sources.data])
  useEffect(() => here(['Audit'], 'Audit'), [])
  useEffect(() => {
    if (reply.data) settled()
  }, [reply.data])
  useLayoutEffect(
    () =>
      setOfView([
        { id: 'filter', title: 'Filter', key: '/', run: () => document.getElementById('audit-kind')?.focus() },
        { id: 'clear-filter', title: 'Show all entries', run: () => pushHere({ filter: '' }) },
        { id: 'only-changes', title: 'Show changes only', run: () => pushHere({ filter: 'kind:change' }) },
        { id: 'only-failed', title: 'Show failures only', run: () => pushHere({ filter: 'outcome:failed' }) },
        { id: 'export', title: 'Export as JSONL', key: 'e', run: () => void exportAudit(parsed, 'jsonl') },
        { id: 'export-csv', title: 'Export as CSV', run: () => void exportAudit(parsed, 'csv') },
      ]),
    [asked],
  )
  return (
    <main class="main audit" id="main" data-scroller>
      <header class="audit-head">
        <h1>Audit</h1>
        <p class="mut grow">
          Every answer and every change, written before the reply leaves. Ids only, no names of files.
        </p>
        <p class="acts" hidden={me.data !== null && !me.data.may.includes('audit.read')}>
          <button type="button" id="audit-jsonl" onClick={() => void exportAudit(parsed, 'jsonl')}>
            Export JSONL
          </button>
          <button type="button" id="audit-csv" onClick={() => void exportAudit(parsed, 'csv')}>
            Export CSV
          </button>
        </p>
      </header>
      <Region reply={reply} skeleton={<Bars rows={10} height={34} />}>
        {(data) => (
          <>
            <ChainLine verdict={data.verdict} />
            <AuditFilters filter={readFilter(filter)} reply={data} />
            <AuditTable url={url} filter={parsed} reply={data} asking={reply.asking} me={me.data} />
          </>
        )}
      </Region>
    </main>
  )
}

const chainGlyph = ({ ok, chains }: AuditVerdict): Verdict =>
  !ok ? 'breaks' : chains.some(({ own, state }) => own && state === 'not-checked') ? 'unknown' : 'keeps'

const outsideWords = {
  none: 'Checkpoints are kept on this machine only.',
  delivered: 'Checkpoints are also kept outside this machine.',
  failing: 'The place outside this machine did not take the last checkpoint.',
} as const

/** Whether the chain verifies, in one line; what is wrong, by name; other chains on demand. */
function ChainLine({ verdict }: { verdict: AuditVerdict }) {
  return (
    <section class="audit-chain" aria-label="Does the chain verify">
      <p role="status">
        <Glyph verdict={chainGlyph(verdict)} size={16} /> <strong>{verdict.sentence}</strong>{' '}
        <span class="mut">
          Checked {utc(verdict.at)}. {outsideWords[verdict.outside]}
        </span>
      </p>
      {verdict.faults.length > 0 && (
        <ul class="audit-faults">
          {verdict.faults.map((fault) => (
            <li key={`${fault.chain} ${fault.seq} ${fault.words}`}>
              {fault.seq === null ? 'Checkpoints' : `Entry ${exact(fault.seq)}`} of <code>{fault.chain}</code>:{' '}
              <Name value={fault.words} />
            </li>
          ))}
        </ul>
      )}
      {verdict.chains.length > 1 && (
        <details>
          <summary>{plural(verdict.chains.length, 'chain')}</summary>
          <ul class="audit-faults">
            {verdict.chains.map((chain) => (
              <li key={chain.chain}>
                <code>{chain.chain}</code>
                {chain.own && ' (this server)'}: {chain.words}, {exact(chain.entries)} entries,{' '}
                {plural(chain.checkpoints, 'checkpoint')}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}
