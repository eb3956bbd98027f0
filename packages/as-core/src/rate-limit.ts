// How many requests one client may send in a minute; over it, the answer is 429 with Retry-After. The minute begins with the
// client's first request. Where processes share a database, each adds what it counted there every second, and learns what the
// others did: so a client gets at most what it can send to the others within that second on top.
import type { EpochMs } from '@crosswalk/protocol'

import type { Clock } from './ports.ts'
import { MINUTE_MS, type RequestCounts } from './request-counts.ts'

export interface RateLimit {
  /** Counts one request. @returns seconds to wait when the limit is passed, undefined otherwise */
  count(clientId: string): number | undefined
}

export interface RateLimitOptions {
  readonly clock: Clock
  /** Counts for all processes of the database; without it, each counts for itself */
  readonly shared?: RequestCounts | undefined
  /** Sets the keys of one server apart from those of the others in the same database */
  readonly scope: string
}

const SHARE_EVERY_MS = 1_000
/** Clients from which on those of past minutes are looked for. */
const MANY_CLIENTS = 10_000

interface Minute {
  startedMs: EpochMs
  /** What all processes are known to have counted */
  known: number
  /** What was counted here since */
  added: number
}

/** @param perMinute - 0 switches the limit off */
export function createRateLimit(
  perMinute: number,
  { clock, shared, scope }: RateLimitOptions,
): RateLimit | undefined {
  if (perMinute === 0) return undefined
  const minutes = new Map<string, Minute>()
  let sharing: NodeJS.Timeout | undefined

  function findMinute(clientId: string, now: EpochMs): Minute {
    const found = minutes.get(clientId)
    if (found !== undefined && now - found.startedMs < MINUTE_MS) return found
    if (minutes.size >= MANY_CLIENTS) forgetOver(minutes, now)
    const minute = { startedMs: now, known: 0, added: 0 }
    minutes.set(clientId, minute)
    return minute
  }

  async function share(counts: RequestCounts): Promise<void> {
    sharing = undefined
    forgetOver(minutes, clock.nowMs())
    const sent = [...minutes]
      .filter(([, { added }]) => added > 0)
      .map(([id, minute]) => ({ id, minute, count: minute.added }))
    if (sent.length === 0) return
    const keyOf = (id: string) => JSON.stringify([scope, id])
    const all = await counts.add(
      new Map(sent.map(({ id, minute, count }) => [keyOf(id), { startedMs: minute.startedMs, count }])),
    )
    for (const { id, minute, count } of sent) {
      const { startedMs, count: known } = all.get(keyOf(id)) ?? { startedMs: minute.startedMs, count }
      Object.assign(minute, { startedMs, known, added: minute.added - count })
    }
  }

  return {
    count(clientId) {
      const now = clock.nowMs()
      const minute = findMinute(clientId, now)
      if (minute.known + minute.added >= perMinute)
        return Math.max(1, Math.ceil((minute.startedMs + MINUTE_MS - now) / 1000))
      minute.added += 1
      // A database that is away counts nothing, and nothing is granted without it either.
      if (shared !== undefined)
        sharing ??= setTimeout(() => void share(shared).catch(() => undefined), SHARE_EVERY_MS).unref()
      return undefined
    },
  }
}

function forgetOver(minutes: Map<string, Minute>, now: EpochMs): void {
  for (const [id, { startedMs }] of minutes) if (now - startedMs >= MINUTE_MS) minutes.delete(id)
}
