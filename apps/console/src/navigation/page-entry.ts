// What a page is to the rest of the console: where it lives, what it is called, who may see it, how it is loaded.
import type { RouteName } from '@crosswalk/admin-api'
import type { ComponentType } from 'react'

export interface PageEntry {
  /** Below `/admin`; parameters as `$id` */
  readonly path: string
  /** In the title of the window, the navigation and the palette */
  readonly title: string
  /** Read by the page before anything else; without it the role does not see the page. Undefined: everybody */
  readonly needs?: RouteName
  /** What it is about is kept by an identity provider: without one here, there is no such page */
  readonly ofIdp?: true
  /** Absent: reached from other pages only */
  readonly nav?: { readonly group: NavGroup; readonly icon: ComponentType<{ size?: number }> }
  /** Two keys, such as `g c` */
  readonly keys?: string
  /** The module exports the page as `Page` */
  readonly load: () => Promise<{ readonly Page: ComponentType }>
}

/** Groups of the navigation in their order; the first has no heading. */
export const NAV_GROUPS = [
  'start',
  'access',
  'people',
  'policies',
  'activity',
  'respond',
  'reviews',
  'trust',
  'integrations',
  'settings',
] as const
export type NavGroup = (typeof NAV_GROUPS)[number]
