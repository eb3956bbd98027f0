// Limits the requests of one client per minute; above the limit, the response is 429 with Retry-After. The minute
// starts with the client's first request. Processes that share a database add their counts every second and learn the
// total. A client can exceed the limit only by what it sends to the other processes within that second.
import { type EpochMs, MINUTE_MS } from '@crosswalk/protocol'

import { findRestMs } from './find-rest-ms.ts'
import type { Clock } from './ports.ts'
import type { RequestCounts } from './request-counts.ts'

export interface RateLimit {
  /** Counts one request. @returns the seconds to wait if the limit is exceeded, otherwise undefined */
  count(clientId: string): number | undefined
}

export interface RateLimitOptions {
  readonly clock: Clock
  /** Counts across all processes of the database; if absent, each process counts its own */
  readonly shared?: RequestCounts | undefined
  /** Separates the keys of this server from those of other servers in the same database */
  readonly scope: string
}

const SHARE_EVERY_MS = 1_000
/** Number of clients above which those of past minutes are removed. */
const MANY_CLIENTS = 10_000

interface Minute {
  startedMs: EpochMs
  /** Known total of all processes */
  known: number
  /** Counted by this process since */
  added: number
}

/** @param perMinute - 0 disables the limit */
export function createRateLimit(
  perMinute: number,
  { clock, shared, scope }: RateLimitOptions,
): RateLimit | undefined {
  if (perMinute === 0) return undefined
  const minutes = new Map<string, Minute>()
  let sharing: NodeJS.Timeout | undefined

  function findMinute(clientId: string, now: EpochMs): Minute {
    const found = minutes.get(clientId)
    if (found !== undefined && findRestMs(found.startedMs, MINUTE_MS, now) > 0) return found
    if (minutes.size >= MANY_CLIENTS) forgetOver(minutes, now)
    const minute = { startedMs: now, known: 0, added: 0 }
    minutes.delete(clientId)
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
        return Math.max(1, Math.ceil(findRestMs(minute.startedMs, MINUTE_MS, now) / 1000))
      minute.added += 1
      // An unreachable database counts nothing, but then nothing is granted either.
      if (shared !== undefined)
        sharing ??= setTimeout(() => void share(shared).catch(() => undefined), SHARE_EVERY_MS).unref()
      return undefined
    },
  }
}

/** Minutes are in order of their start. Stops at the first live one, so that a flood of new clients stays cheap. */
function forgetOver(minutes: Map<string, Minute>, now: EpochMs): void {
  for (const [id, { startedMs }] of minutes) {
    if (findRestMs(startedMs, MINUTE_MS, now) > 0) break
    minutes.delete(id)
  }
}
