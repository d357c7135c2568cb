import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { edition, freshness, newest, refresh, snapshot } from '../api/live.ts'
import { ranking } from '../api/ranking.ts'
import { at, place } from '../app/place.ts'
import { said } from '../app/say.ts'
import { writePlace } from '../app/url.ts'
import { nextTheme, theme } from '../app/theme.ts'
import { presenting } from '../app/choices.ts'
import { asOf } from '../model/moments.ts'
import { rankedWords } from '../model/ranked-words.ts'
import { plural } from '../model/verdict.ts'
import { GlyphShapes } from './glyph.tsx'
import { Help, helpOpen } from './help.tsx'
import { Icon } from './icon.tsx'
import { KeyCap } from './key-cap.tsx'
import { Link } from './link.tsx'
import { written } from './moment.tsx'
import { openPalette, Palette, paletteOpen } from './palette.tsx'
import { crumbs, lastBlast } from '../app/crumbs.ts'
import { Name } from './name.tsx'

/** Top bar, rail, the view, and what lies above it. */
export function Frame({ children }: { children: ComponentChildren }) {
  return (
    <>
      <GlyphShapes />
      <a class="skip" href="#main">
        Skip to the answer
      </a>
      <header class="topbar">
        <Link to={at('find')} class="brand">
          Keyfall
        </Link>
        <Crumbs />
        <button type="button" class="find-open" onClick={openPalette}>
          <span class="mut">Find or paste anything: key ID, ARN, path, name</span>
          <KeyCap keys="Mod+K" />
        </button>
        <Freshness />
      </header>
      <Rail />
      {children}
      <p class="said" role="status">
        {said.value}
      </p>
      <PrintFoot />
      {paletteOpen.value && <Palette />}
      {helpOpen.value && <Help />}
    </>
  )
}

/** On paper only, at the foot of every page: which state of the graph, and the way back to it. */
function PrintFoot() {
  const current = snapshot.value
  const { origin } = location
  return (
    <p class="print-foot" aria-hidden="true">
      {current !== null && current.at !== null && `Graph as of ${written(current.at)}, snapshot ${current.id}. `}
      {origin + writePlace(place.value)}
    </p>
  )
}

function Crumbs() {
  const parts = crumbs.value
  useEffect(() => void (document.title = parts.title), [parts.title])
  return (
    <nav class="crumbs" aria-label="Place">
      {parts.path.map((part, i) => (
        <span key={i} class={i === parts.path.length - 1 ? 'here' : 'mut'}>
          <Name value={part} tip />
        </span>
      ))}
    </nav>
  )
}

function Freshness() {
  const current = snapshot.value
  if (!current) return <div class="freshness">{presenting.value === 'on' && <Presenting />}</div>
  const newer = newest.value !== null && newest.value !== current.id
  const stale = freshness.value?.sources.filter((source) => source.stale).length ?? 0
  const sources =
    stale === 0
      ? plural(current.sources, 'source')
      : `${current.sources - stale} of ${plural(current.sources, 'source')} fresh`
  return (
    <div class="freshness">
      {presenting.value === 'on' && <Presenting />}
      {current.sample && (
        <span
          class="sample"
          title="A fictional company, so that there is something to look at. Your first import replaces it."
        >
          Sample data
        </span>
      )}
      {newer ? (
        <span role="status">
          Newer graph available{' '}
          <button type="button" onClick={refresh}>
            Refresh
          </button>
        </span>
      ) : ranking.value !== null ? (
        <span class="mut" id="ranking">
          {rankedWords(ranking.value)}
        </span>
      ) : (
        <Link to={at('sources')} class="mut" id="freshness">
          {current.at === null ? (
            'Nothing imported yet'
          ) : (
            <span title={written(current.at)}>
              Graph as of {asOf(current.at, Date.now())} · {sources}
            </span>
          )}
        </Link>
      )}
    </div>
  )
}

const Presenting = () => (
  <Link to={at('settings')} class="sample">
    Present mode
  </Link>
)

function Rail() {
  const view = place.value.view
  const subject = lastBlast.value
  return (
    <nav class="rail" aria-label="Views">
      <Link to={at('find')} current={view === 'find'}>
        <Icon name="find" />
        Find
      </Link>
      <Link to={at('map')} current={view === 'map'}>
        <Icon name="map" />
        Map
      </Link>
      {subject !== null && (
        <Link to={view === 'blast' ? place.value : at('blast', subject)} current={view === 'blast'}>
          <Icon name="blast" />
          Blast
        </Link>
      )}
      {subject !== null && (
        <Link to={view === 'reach' ? place.value : at('reach', subject)} current={view === 'reach'}>
          <Icon name="reach" />
          Reach
        </Link>
      )}
      <Link to={at('cutover')} current={view === 'cutover'}>
        <Icon name="cutover" />
        Cutover
      </Link>
      <Link to={at('estate')} current={view === 'estate'}>
        <Icon name="estate" />
        Estate
      </Link>
      <Link to={at('import')} current={view === 'import'}>
        <Icon name="import" />
        Import
      </Link>
      <Link to={at('audit')} current={view === 'audit'}>
        <Icon name="audit" />
        Audit
      </Link>
      <span class="grow" />
      <Link to={at('settings')} current={view === 'settings'}>
        <Icon name="settings" />
        Settings
      </Link>
      <button type="button" class="rail-wide" onClick={() => void (helpOpen.value = true)}>
        <Icon name="keys" />
        Keys
      </button>
      <button type="button" class="rail-wide" onClick={nextTheme} aria-label={`Theme: ${theme.value}`}>
        <Icon name="theme" />
        {theme.value === 'auto' ? 'Auto' : theme.value === 'light' ? 'Light' : 'Dark'}
      </button>
    </nav>
  )
}

/** Remounts what it holds when a person asked for newer data. */
export function Edition({ children }: { children: ComponentChildren }) {
  return <div class="edition" key={edition.value} children={children} />
}
