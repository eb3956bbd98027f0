// The table entry of a page: path, title, required permission, and module.
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
  /** The tab it shares with others */
  readonly within?: 'trust' | 'delivery'
  /** Tab label, if it differs from the title */
  readonly tab?: string
}

export interface PageEntry {
  /** Below `/admin`; parameters as `$id` */
  readonly path: string
  /** For window title, navigation and palette */
  readonly title: string
  /** The route it needs; roles without it do not see the page. Undefined for everyone */
  readonly needs?: RouteName
  /** Exists also on a server without an identity provider */
  readonly withoutIdp?: true
  /** Former paths, which redirect here */
  readonly former?: readonly string[]
  /** Absent if only linked from other pages */
  readonly nav?: NavigationPlace
  /** Two keys, such as `g c` */
  readonly keys?: string
  /** The module exports the page as `Page` */
  readonly load: () => Promise<{ readonly Page: ComponentType }>
}
