// The daily volume of ID-JAGs per app, compared with its earlier days.
import type { Activity, AppActivity, Period } from '@crosswalk/storage'
import { DAY_MS } from '@crosswalk/protocol'

import { NORM_DAYS } from './habits.ts'
import type { AppVolume } from './recommendation.ts'
import { createSpanCounts } from './span-counts.ts'

export interface DailyVolumes {
  /** @returns the volumes of each app with grants in the last 24 hours; no concurrent calls */
  read(nowMs: number): Promise<readonly AppVolume[]>
}

export function createDailyVolumes(activity: Pick<Activity, 'countByApp'>): DailyVolumes {
  const count = (period: Period) => activity.countByApp('idjag.issued', period)
  const days = createSpanCounts(
    DAY_MS,
    async (day): Promise<ReadonlyMap<string, AppActivity>> =>
      new Map((await count(day)).map((one) => [one.app, one])),
  )
  return {
    async read(nowMs) {
      const last = await count({ since: nowMs - DAY_MS, until: nowMs + 1 })
      if (last.length === 0) return []
      // The newest day that ended before the last 24 hours began.
      const newest = Math.floor(nowMs / DAY_MS) - 2
      const norm = await days.read(newest - NORM_DAYS + 1, newest)
      return last.map((one) => ({
        app: one.app,
        last: one,
        before: norm.flatMap((day) => day.get(one.app) ?? []),
      }))
    },
  }
}
