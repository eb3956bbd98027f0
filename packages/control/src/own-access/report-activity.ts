// A user reports that an app was used on their behalf without their knowledge. The report is an event, from which a
// recommendation for the owners of the app follows; it stops nothing by itself.
import { ADMIN_LOG } from '@crosswalk/as-core'
import type { OwnProblem, OwnSource } from '@crosswalk/idp'
import { DAY_MS, type DecisionRecord, type EpochMs, isObject } from '@crosswalk/protocol'

import { recordAdminEvent } from '../audit/change-event.ts'
import type { Parts } from '../parts.ts'
import { actFor } from './act-for.ts'

const REPORTED = 'activity.reported'
/** Older reports are in the audit log only. */
export const REPORT_DAYS = 30
/** Of all users */
export const MAX_REPORTS = 200
const MAX_OWN_REPORTS_A_DAY = 20

export interface ActivityReport {
  readonly decisionId: string
  readonly at: EpochMs
  /** Id of the user who reported it */
  readonly by: string
  /** Id of the app, also if it was removed */
  readonly app: string
  readonly resourceApp: string
  readonly text: string
}

/**
 * Found by type, because a user can have a million other events.
 *
 * @returns newest first
 */
export async function listActivityReports({
  storage,
  clock,
}: Parts<'storage' | 'clock'>): Promise<readonly ActivityReport[]> {
  const since = clock.nowMs() - REPORT_DAYS * DAY_MS
  const { items } = await storage.events.list({
    log: ADMIN_LOG,
    types: [REPORTED],
    since,
    limit: MAX_REPORTS,
  })
  return items.flatMap(({ event: { time, actor, target, change, reason: text = '' } }) => {
    if (target === undefined || !isObject(change)) return []
    const { app, resource_app: resourceApp } = change
    if (typeof app !== 'string' || typeof resourceApp !== 'string') return []
    return [{ decisionId: target.id, at: Date.parse(time), by: actor.id, app, resourceApp, text }]
  })
}

export async function reportActivity(
  parts: Parts<'storage' | 'clock'>,
  userId: string,
  { decisionId, text }: { readonly decisionId: string; readonly text: string },
  source: OwnSource,
): Promise<OwnProblem | undefined> {
  const decision = await findGranted(parts, userId, decisionId)
  if (decision === undefined) return 'unknown'
  const own = (await listActivityReports(parts)).filter(({ by }) => by === userId)
  if (own.some((report) => report.decisionId === decisionId)) return 'reported-already'
  const dayAgo = parts.clock.nowMs() - DAY_MS
  if (own.filter(({ at }) => at > dayAgo).length >= MAX_OWN_REPORTS_A_DAY) return 'too-many-reports'
  const { resource_app: resourceApp, connection } = decision.resolution
  await recordAdminEvent(parts, actFor(userId, source, text), {
    ...{ type: REPORTED, category: 'response', severity: 'warning' },
    target: { kind: 'decision', id: decisionId },
    on_behalf_of: { user_ref: userId },
    ...(connection === undefined ? {} : { delegation: { connection } }),
    change: { app: decision.request.requesting_app?.id, resource_app: resourceApp },
  })
  return undefined
}

/** @returns undefined for decisions about other users, and for denials, as if they did not exist */
async function findGranted(
  { storage }: Parts<'storage'>,
  userId: string,
  decisionId: string,
): Promise<DecisionRecord | undefined> {
  const events = await storage.events.findByDecision(decisionId)
  const granted = events.find(({ event: { type } }) => type === 'idjag.issued')?.event.decision
  return granted?.request.subject?.ref === userId ? granted : undefined
}
