// The daily volume of ID-JAGs per app, compared with its earlier days. Past days do not change, so each is counted once
// per process.
import type { Activity, AppActivity } from '@crosswalk/storage'
import { DAY_MS } from '@crosswalk/protocol'

import type { AppVolume } from './recommendation.ts'
import { NORM_DAYS } from './traffic-rules.ts'

export interface DailyVolumes {
  /** @returns the volumes of each app with grants in the last 24 hours; no concurrent calls */
  read(nowMs: number): Promise<readonly AppVolume[]>
}

const GRANTED = 'idjag.issued'

export function createDailyVolumes(activity: Pick<Activity, 'countByApp'>): DailyVolumes {
  /** By day number, in UTC */
  const days = new Map<number, ReadonlyMap<string, AppActivity>>()
  return {
    async read(nowMs) {
      const last = await activity.countByApp(GRANTED, { since: nowMs - DAY_MS, until: nowMs + 1 })
      if (last.length === 0) return []
      // The newest day that ended before the last 24 hours began.
      const newest = Math.floor(nowMs / DAY_MS) - 2
      const norm = Array.from({ length: NORM_DAYS }, (_, index) => newest - index)
      for (const day of days.keys()) if (!norm.includes(day)) days.delete(day)
      for (const day of norm) if (!days.has(day)) days.set(day, await countDay(activity, day))
      return last.map((one) => ({
        app: one.app,
        last: one,
        before: norm.flatMap((day) => days.get(day)?.get(one.app) ?? []),
      }))
    },
  }
}

async function countDay(
  activity: Pick<Activity, 'countByApp'>,
  day: number,
): Promise<ReadonlyMap<string, AppActivity>> {
  const period = { since: day * DAY_MS, until: (day + 1) * DAY_MS }
  return new Map((await activity.countByApp(GRANTED, period)).map((one) => [one.app, one]))
}
