// When something was last used, as pages show it.
import type { LastUse } from '@crosswalk/storage'

export interface LastUseShown {
  /** RFC 3339; of the last exchange that was allowed */
  readonly lastUsedAt: string | null
  /** RFC 3339; of the last attempt that was denied */
  readonly lastDeniedAt: string | null
}

export function renderLastUse(use: LastUse | undefined): LastUseShown {
  return { lastUsedAt: renderMoment(use?.lastUsedAt), lastDeniedAt: renderMoment(use?.lastDeniedAt) }
}

function renderMoment(moment: number | undefined): string | null {
  return moment === undefined ? null : new Date(moment).toISOString()
}
