// What a page is to the rest of the console: where it lives, what it is called, who may see it, how it is loaded.
import type { RouteName } from '@crosswalk/admin-api'
import type { ComponentType } from 'react'

export type Area =
  | 'overview'
  | 'inbox'
  | 'connections'
  | 'apps'
  | 'users'
  | 'policies'
  | 'activity'
  | 'respond'
  | 'reviews'
  | 'settings'

export interface NavigationPlace {
  readonly area: Area
  /** Shares a tab with others of the same kind */
  readonly within?: 'trust' | 'delivery'
  /** On its tab, where that is not the title */
  readonly tab?: string
}

export interface PageEntry {
  /** Below `/admin`; parameters as `$id` */
  readonly path: string
  /** In the title of the window, the navigation and the palette */
  readonly title: string
  /** Read by the page before anything else; without it the role does not see the page. Undefined: everybody */
  readonly needs?: RouteName
  /** What it is about is kept by an identity provider: without one here, there is no such page */
  readonly ofIdp?: true
  /** Addresses it had before, which lead here */
  readonly former?: readonly string[]
  /** Absent: reached from other pages only */
  readonly nav?: NavigationPlace
  /** Two keys, such as `g c` */
  readonly keys?: string
  /** The module exports the page as `Page` */
  readonly load: () => Promise<{ readonly Page: ComponentType }>
}
