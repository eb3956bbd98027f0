// The menu: ten areas, each with its pages as tabs. The page table assigns pages to areas.
import {
  IconActivity,
  IconApps,
  IconClipboardCheck,
  IconGavel,
  IconHandStop,
  IconInbox,
  IconLayoutDashboard,
  IconPlugConnected,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react'

import { text } from '../texts/text.ts'
import type { Area, PageEntry } from '../pages/page-entry.ts'

/** In menu order. */
export const AREAS = [
  { id: 'overview', label: text('word.overview'), icon: IconLayoutDashboard },
  { id: 'inbox', label: text('nav.inbox'), icon: IconInbox },
  { id: 'connections', label: text('word.connections'), icon: IconPlugConnected },
  { id: 'apps', label: text('word.apps'), icon: IconApps },
  { id: 'users', label: text('word.users'), icon: IconUsers },
  { id: 'policies', label: text('word.policies'), icon: IconGavel },
  { id: 'activity', label: text('nav.area.activity'), icon: IconActivity },
  { id: 'respond', label: text('nav.area.respond'), icon: IconHandStop },
  { id: 'reviews', label: text('nav.area.reviews'), icon: IconClipboardCheck },
  { id: 'settings', label: text('nav.area.settings'), icon: IconSettings },
] as const satisfies readonly { readonly id: Area; readonly label: string; readonly icon: unknown }[]

/** Pages that share one tab, shown in a second row. */
const SUB_AREAS = {
  trust: text('nav.area.trust'),
  delivery: text('nav.area.delivery'),
} as const

export type NavigablePage = PageEntry & { readonly nav: NonNullable<PageEntry['nav']> }

export interface Tab {
  readonly label: string
  /** The page itself, or the pages that share the tab */
  readonly pages: readonly [NavigablePage, ...NavigablePage[]]
}

export function isNavigable(entry: PageEntry): entry is NavigablePage {
  return entry.nav !== undefined
}

/** @returns the page of a URL; of nested pages the deepest */
export function findPageAt<P extends PageEntry>(pages: readonly P[], at: string): P | undefined {
  return pages
    .filter(({ path }) => at === path || (path !== '/' && at.startsWith(`${path}/`)))
    .sort((a, b) => b.path.length - a.path.length)[0]
}

/** @param pages - of one area, in order */
export function listTabs(pages: readonly NavigablePage[]): readonly Tab[] {
  const groups = Map.groupBy(pages, ({ path, nav }) => nav.within ?? path)
  return [...groups.values()].flatMap(([first, ...others]): readonly Tab[] => {
    if (first === undefined) return []
    const { within, tab = first.title } = first.nav
    return [{ label: within === undefined ? tab : SUB_AREAS[within], pages: [first, ...others] }]
  })
}
