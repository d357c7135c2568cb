import type { ComponentChildren } from 'preact'

export interface Tab {
  readonly id: string
  readonly title: string
  readonly count?: number
  readonly body: () => ComponentChildren
}

interface TabsProps {
  readonly label: string
  readonly tabs: readonly Tab[]
  readonly chosen: string
  readonly choose: (id: string) => void
  readonly after?: ComponentChildren
}

/** ARIA tabs: one tab stop, arrows move and choose. */
export function Tabs({ label, tabs, chosen, choose, after }: TabsProps) {
  const current = tabs.find((tab) => tab.id === chosen) ?? tabs[0]!
  const step = (by: number): void => {
    const next = tabs[(tabs.indexOf(current) + by + tabs.length) % tabs.length]!
    choose(next.id)
    requestAnimationFrame(() => document.getElementById(`tab-${next.id}`)?.focus())
  }
  return (
    <>
      <div class="tabs">
        <div role="tablist" aria-label={label}>
          {tabs.map((tab) => (
            <button
              type="button"
              role="tab"
              id={`tab-${tab.id}`}
              key={tab.id}
              aria-selected={tab === current}
              aria-controls={`tabpanel-${label.replaceAll(' ', '-')}`}
              tabIndex={tab === current ? 0 : -1}
              onClick={() => choose(tab.id)}
              onKeyDown={(event) => {
                const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
                if (by === 0) return
                event.preventDefault()
                step(by)
              }}
            >
              {tab.title}
              {tab.count !== undefined && tab.count > 0 && (
                <span class="count">{tab.count.toLocaleString('en-US')}</span>
              )}
            </button>
          ))}
        </div>
        {after}
      </div>
      <div
        role="tabpanel"
        id={`tabpanel-${label.replaceAll(' ', '-')}`}
        class="tabpanel"
        aria-labelledby={`tab-${current.id}`}
        tabIndex={0}
      >
        {current.body()}
      </div>
    </>
  )
}
