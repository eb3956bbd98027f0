// Tabs of a page. The address names the open one, as `?tab=users`; `[` and `]` go to the previous and next one.
import { Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { useCentered } from '../hooks/use-centered.ts'
import { useShortcut } from '../keyboard/shortcuts.tsx'
import { text } from '../texts/text.ts'

export interface PageTab {
  readonly id: string
  readonly label: string
  /** Ids of earlier tabs that were merged into this one */
  readonly former?: readonly string[]
  /** Rendered only while the tab is active */
  readonly content: () => ReactNode
}

export function PageTabs({ label, tabs }: { readonly label: string; readonly tabs: readonly PageTab[] }) {
  const { tab } = useSearch({ strict: false }) as { readonly tab?: string }
  const navigate = useNavigate()
  const at = Math.max(
    0,
    tabs.findIndex(({ id, former = [] }) => id === tab || (tab !== undefined && former.includes(tab))),
  )
  const go = (id: string | null | undefined) => {
    if (id === null || id === undefined || id === tabs[at]?.id) return
    void navigate({
      to: '.',
      replace: true,
      search: (previous: object) => ({ ...previous, tab: id }),
    })
  }
  useTabKeys((by) => go(tabs[(at + by + tabs.length) % tabs.length]?.id))
  return (
    <Tabs value={tabs[at]?.id ?? null} onChange={go} keepMounted={false} className="cw-tabs">
      <Tabs.List aria-label={label}>
        {tabs.map(({ id, label: name }) => (
          <CenteredTab key={id} id={id} name={name} isHere={id === tabs[at]?.id} />
        ))}
      </Tabs.List>
      {tabs.map(({ id, content }) => (
        <Tabs.Panel key={id} value={id} tabIndex={0} className="cw-tab-panel">
          {content()}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

/** @param step - undefined if the tabs are not those of the page */
export function useTabKeys(step: ((by: 1 | -1) => void) | undefined): void {
  const group = text('help.group.page')
  useShortcut({ keys: ']', label: text('tabs.next'), group }, step && (() => step(1)))
  useShortcut({ keys: '[', label: text('tabs.previous'), group }, step && (() => step(-1)))
}

interface CenteredTabProps {
  readonly id: string
  readonly name: string
  readonly isHere: boolean
}

function CenteredTab({ id, name, isHere }: CenteredTabProps) {
  return (
    <Tabs.Tab ref={useCentered<HTMLButtonElement>(isHere)} value={id}>
      {name}
    </Tabs.Tab>
  )
}
