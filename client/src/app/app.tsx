import { Component, type ComponentChildren, type ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { edition, listenToServer, snapshot } from '../api/live.ts'
import { Frame } from '../ui/frame.tsx'
import { openPalette } from '../ui/palette.tsx'
import { helpOpen } from '../ui/help.tsx'
import { BlastView } from '../views/blast/blast.tsx'
import { FindView } from '../views/find/find.tsx'
import { Locked } from '../views/locked.tsx'
import { presenting } from './choices.ts'
import { setEverywhere } from './commands.ts'
import { here, lastBlast } from './crumbs.ts'
import { recentIds } from './recent.ts'
import { at, place, push } from './place.ts'
import { learnRights } from './rights.ts'
import { session } from './session.ts'
import { signOut } from './sign-out.ts'
import { nextTheme } from './theme.ts'

const togglePresent = (): void =>
  void import('./present.ts').then(({ present }) => present(presenting.peek() === 'off'))

/** Commands of every view. */
function everywhere(): void {
  setEverywhere([
    { id: 'palette', title: 'Find or run a command', key: 'Mod+K', run: openPalette },
    { id: 'go-find', title: 'Go to Find', key: 'g f', run: () => push(at('find')) },
    {
      id: 'go-blast',
      title: 'Go to the last Blast',
      key: 'g b',
      run: () => lastBlast.peek() !== null && push(at('blast', lastBlast.peek()!)),
    },
    {
      id: 'go-reach',
      title: 'Open reach',
      key: 'g r',
      run: () => {
        const { view, id } = place.peek()
        const subject = view === 'blast' || view === 'node' ? id : lastBlast.peek()
        if (view !== 'reach' && subject !== null) push(at('reach', subject))
      },
    },
    { id: 'go-map', title: 'Go to Map', key: 'g m', run: () => push(at('map')) },
    { id: 'go-estate', title: 'Go to Estate', key: 'g e', run: () => push(at('estate')) },
    { id: 'go-cutover', title: 'Go to Cutover', key: 'g c', run: () => push(at('cutover')) },
    { id: 'go-audit', title: 'Go to Audit', key: 'g a', run: () => push(at('audit')) },
    { id: 'go-import', title: 'Go to Import', key: 'g i', run: () => push(at('import')) },
    { id: 'go-sources', title: 'Go to Sources: what answers stand on', key: 'g s', run: () => push(at('sources')) },
    { id: 'go-settings', title: 'Go to Settings', key: 'g ,', run: () => push(at('settings')) },
    { id: 'present', title: 'Present mode: names as pseudonyms, on or off', run: togglePresent },
    {
      id: 'copy-link',
      title: 'Copy link',
      key: 'c',
      run: () => void import('./share.ts').then(({ copyLink }) => copyLink()),
    },
    { id: 'theme', title: 'Change theme', run: nextTheme },
    { id: 'sign-out', title: 'Sign out of this browser', run: () => void signOut() },
    { id: 'help', title: 'Show the keys', key: '?', run: () => void (helpOpen.value = true) },
  ])
}

export function App() {
  useEffect(() => {
    everywhere()
    lastBlast.value = recentIds()[0] ?? null
  }, [])
  const isOpen = session.value === 'open'
  useEffect(() => {
    if (isOpen) void learnRights()
  }, [isOpen])
  const known = snapshot.value !== null
  useEffect(() => {
    if (known) listenToServer()
  }, [known])
  if (session.value !== 'open') return <Locked />
  return (
    <Frame>
      <Boundary key={`${place.value.view} ${edition.value}`}>
        <View />
      </Boundary>
    </Frame>
  )
}

const lazy = {
  node: () => import('../views/node/node.tsx').then((module) => module.NodeView),
  map: () => import('../views/map/map.tsx').then((module) => module.MapView),
  reach: () => import('../views/reach/reach.tsx').then((module) => module.ReachView),
  estate: () => import('../views/estate/estate.tsx').then((module) => module.EstateView),
  import: () => import('../views/import/import.tsx').then((module) => module.ImportView),
  cutover: () => import('../views/cutover/cutover.tsx').then((module) => module.CutoverView),
  audit: () => import('../views/audit/audit.tsx').then((module) => module.AuditView),
  sources: () => import('../views/sources/sources.tsx').then((module) => module.SourcesView),
  saved: () => import('../views/saved.tsx').then((module) => module.SavedView),
  settings: () => import('../views/settings/settings.tsx').then((module) => module.SettingsView),
}

function View() {
  const { view, id } = place.value
  if (view === 'find') return <FindView />
  if (view === 'blast') return <BlastView key={id} id={id} />
  if (view === 'node') return <Lazy key="node" load={lazy.node} />
  if (view === 'map') return <Lazy key="map" load={lazy.map} />
  if (view === 'reach') return <Lazy key="reach" load={lazy.reach} />
  if (view === 'estate') return <Lazy key="estate" load={lazy.estate} />
  if (view === 'import') return <Lazy key="import" load={lazy.import} />
  if (view === 'cutover') return <Lazy key="cutover" load={lazy.cutover} />
  if (view === 'audit') return <Lazy key="audit" load={lazy.audit} />
  if (view === 'sources') return <Lazy key="sources" load={lazy.sources} />
  if (view === 'saved') return <Lazy key="saved" load={lazy.saved} />
  if (view === 'settings') return <Lazy key="settings" load={lazy.settings} />
  return <Lost />
}

function Lazy({ load }: { load: () => Promise<ComponentType> }) {
  const [loaded, setLoaded] = useState<{ View: ComponentType } | null>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    load().then(
      (View) => setLoaded({ View }),
      () => setFailed(true),
    )
  }, [])
  if (failed) return <Broken words="This part of the page could not be loaded. Is keyfall serve still running?" />
  return loaded ? <loaded.View /> : <main class="main" id="main" />
}

function Lost() {
  here(['Not found'], 'Not found')
  return (
    <main class="main" id="main">
      <h1>There is nothing at this address</h1>
      <p>
        <a href="/">Go to Find</a>
      </p>
    </main>
  )
}

function Broken({ words }: { words: string }) {
  return (
    <main class="main" id="main">
      <div class="failed" role="alert">
        <p>
          <strong>{words}</strong>
        </p>
        <p class="acts">
          <button type="button" onClick={() => location.reload()}>
            Reload
          </button>
        </p>
      </div>
    </main>
  )
}

/** A mistake of ours in a view leaves the frame standing. */
class Boundary extends Component<{ children: ComponentChildren }, { broken: boolean }> {
  override state = { broken: false }
  static override getDerivedStateFromError(): { broken: boolean } {
    return { broken: true }
  }
  override render() {
    return this.state.broken ? (
      <Broken words="This view failed to draw. That is a defect of Keyfall." />
    ) : (
      this.props.children
    )
  }
}
