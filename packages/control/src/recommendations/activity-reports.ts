// Reads what users reported about apps that acted for them.
import { ADMIN_LOG } from '@crosswalk/as-core'
import { DAY_MS, type EpochMs, isObject } from '@crosswalk/protocol'

import { REPORTED } from '../own-access/report-activity.ts'
import type { Parts } from '../parts.ts'

/** Older reports are in the audit log only. */
export const REPORT_DAYS = 30
export const MAX_REPORTS = 200

export interface ActivityReport {
  readonly decisionId: string
  readonly at: EpochMs
  /** Name of the user */
  readonly user: string
  /** Id of the app, also if it was removed */
  readonly app: string
  readonly resourceApp: string
  readonly text: string
}

/** @returns newest first */
export async function readActivityReports(
  { directory, storage }: Parts<'directory' | 'storage'>,
  nowMs: EpochMs,
): Promise<readonly ActivityReport[]> {
  const since = nowMs - REPORT_DAYS * DAY_MS
  const { items } = await storage.events.list({
    log: ADMIN_LOG,
    types: [REPORTED],
    since,
    limit: MAX_REPORTS,
  })
  const users = await directory.current().users.findMany(items.map(({ event }) => event.actor.id))
  return items.flatMap(({ event: { time, actor, target, change, reason = '' } }) => {
    if (target === undefined || !isObject(change)) return []
    const { app, resource_app: resourceApp } = change
    if (typeof app !== 'string' || typeof resourceApp !== 'string') return []
    const user = users.get(actor.id)
    return [
      {
        ...{ decisionId: target.id, at: Date.parse(time), app, resourceApp, text: reason },
        user: user?.name ?? user?.username ?? actor.id,
      },
    ]
  })
}
