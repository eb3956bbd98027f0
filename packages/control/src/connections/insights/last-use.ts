// Last uses as the API returns them.
import type { LastUse } from '@crosswalk/storage'
import { toMoment } from '../../http/to-moment.ts'

export interface LastUseView {
  /** RFC 3339; the last exchange that was allowed */
  readonly lastUsedAt: string | null
  /** RFC 3339; the last attempt that was denied */
  readonly lastDeniedAt: string | null
}

export function renderLastUse(use: LastUse | undefined): LastUseView {
  return { lastUsedAt: toMoment(use?.lastUsedAt), lastDeniedAt: toMoment(use?.lastDeniedAt) }
}
