// Finds scopes that were granted over a connection for the first time in a long while. Results are remembered, so that
// repeated reads examine only new grants.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Activity, GrantedScopes } from '@crosswalk/storage'
import { DAY_MS } from '@crosswalk/protocol'

import type { ScopeFirstUse } from './recommendation.ts'

export const LOOK_BACK_DAYS = 90
/** Over a new connection, every scope would be a first use. */
const ESTABLISHED_DAYS = 7
const MAX_LOOKED_AT = 1_000
/** How many earlier grants are searched, in steps: usually the newest few have the scope. */
const EARLIER = [1, 20, 500] as const
/** Also examines events that were stored late. */
const OVERLAP_MS = 10_000

export interface ScopeFirstUses {
  /** @returns the first uses of the last 24 hours; no concurrent calls */
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
      const granted = await activity.listGranted({ since, until: nowMs + 1, most: MAX_LOOKED_AT })
      const firsts: ScopeFirstUse[] = []
      for (const { scopes, ...grant } of [...granted].reverse()) {
        const isKnown = (scope: string) => {
          const last = seen.get(keyOf(grant, scope))
          return last !== undefined && grant.at - last <= LOOK_BACK_DAYS * DAY_MS
        }
        const unknown = [...new Set(scopes)].filter((scope) => !isKnown(scope))
        if (unknown.length > 0) {
          for (const scope of await findFirsts(activity, grant, unknown)) firsts.push({ ...grant, scope })
          // An embedded database never yields, so give other work its turn.
          await nextTurn()
        }
        for (const scope of scopes) seen.set(keyOf(grant, scope), grant.at)
      }
      reached = nowMs - OVERLAP_MS
      found = [...found, ...firsts].filter(({ at }) => at > nowMs - DAY_MS)
      return found
    },
  }
}

function keyOf({ connection }: Pick<GrantedScopes, 'connection'>, scope: string): string {
  return `${connection} ${scope}`
}

/** @returns the scopes that were not granted over the connection within the look-back, if it is established */
async function findFirsts(
  activity: Pick<Activity, 'listGranted'>,
  { connection, at }: Pick<GrantedScopes, 'connection' | 'at'>,
  scopes: readonly string[],
): Promise<readonly string[]> {
  const since = at - LOOK_BACK_DAYS * DAY_MS
  let firsts = scopes
  for (const most of EARLIER) {
    const earlier = await activity.listGranted({ connection, since, until: at, most })
    const had = new Set(earlier.flatMap((one) => one.scopes))
    firsts = firsts.filter((scope) => !had.has(scope))
    if (firsts.length === 0) return []
    if (earlier.length < most) break
  }
  const old = { connection, since, until: at - ESTABLISHED_DAYS * DAY_MS, most: 1 }
  return (await activity.listGranted(old)).length > 0 ? firsts : []
}
