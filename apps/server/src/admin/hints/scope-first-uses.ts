// Which scopes were granted over a connection that had not been for long. What was looked up once is remembered, so that
// asking again costs what was granted since.
import type { Activity, GrantedScopes } from '@crosswalk/storage'

import type { ScopeFirstUse } from './hint.ts'
import { DAY_MS } from './spans.ts'

export const LOOK_BACK_DAYS = 90
/** Of a connection that is new every scope is used for the first time. */
const ESTABLISHED_DAYS = 7
const MOST_LOOKED_AT = 1_000
/** How many earlier grants are looked at: mostly the newest few have the scope. */
const EARLIER = [1, 20, 500] as const
/** What became durable a moment late is looked at as well. */
const OVERLAP_MS = 10_000

export interface ScopeFirstUses {
  /** @returns those of the last 24 hours; one reading at a time */
  read(nowMs: number): Promise<readonly ScopeFirstUse[]>
}

export function createScopeFirstUses(activity: Pick<Activity, 'listGranted'>): ScopeFirstUses {
  /** When each scope was last seen over each connection */
  const seen = new Map<string, number>()
  let found: readonly ScopeFirstUse[] = []
  let reached = 0
  return {
    async read(nowMs) {
      const since = Math.max(reached, nowMs - DAY_MS)
      const granted = await activity.listGranted({ since, until: nowMs + 1, most: MOST_LOOKED_AT })
      const firsts: ScopeFirstUse[] = []
      for (const { scopes, ...grant } of [...granted].reverse()) {
        for (const scope of scopes) {
          const key = `${grant.connection} ${scope}`
          const last = seen.get(key)
          const isKnown = last !== undefined && grant.at - last <= LOOK_BACK_DAYS * DAY_MS
          if (!isKnown && (await isFirst(activity, grant, scope))) firsts.push({ ...grant, scope })
          seen.set(key, grant.at)
        }
      }
      reached = nowMs - OVERLAP_MS
      found = [...found, ...firsts].filter(({ at }) => at > nowMs - DAY_MS)
      return found
    },
  }
}

async function isFirst(
  activity: Pick<Activity, 'listGranted'>,
  { connection, at }: Pick<GrantedScopes, 'connection' | 'at'>,
  scope: string,
): Promise<boolean> {
  const since = at - LOOK_BACK_DAYS * DAY_MS
  for (const most of EARLIER) {
    const earlier = await activity.listGranted({ connection, since, until: at, most })
    if (earlier.some(({ scopes }) => scopes.includes(scope))) return false
    if (earlier.length < most) break
  }
  const old = { connection, since, until: at - ESTABLISHED_DAYS * DAY_MS, most: 1 }
  return (await activity.listGranted(old)).length > 0
}
