// A user reports that an app was used on their behalf without their knowledge. The report is an event, from which a
// recommendation for the owners of the app follows; it stops nothing by itself.
import { ADMIN_LOG } from '@crosswalk/as-core'
import type { OwnProblem, OwnSource } from '@crosswalk/idp'
import { DAY_MS, type DecisionRecord, type EpochMs } from '@crosswalk/protocol'

import { recordAdminEvent } from '../audit/change-event.ts'
import type { Parts } from '../parts.ts'
import { actFor } from './act-for.ts'

export const REPORTED = 'activity.reported'
const MAX_REPORTS_A_DAY = 20
/** Reports of one user to look through; more than can concern the activity shown to them */
const MAX_READ = 100

type ReportParts = Parts<'storage' | 'clock'>

export async function reportActivity(
  parts: ReportParts,
  userId: string,
  { decisionId, text }: { readonly decisionId: string; readonly text: string },
  source: OwnSource,
): Promise<OwnProblem | undefined> {
  const decision = await findGranted(parts, userId, decisionId)
  if (decision === undefined) return 'unknown'
  const reports = await findReports(parts, userId)
  if (reports.has(decisionId)) return 'reported-already'
  const dayAgo = parts.clock.nowMs() - DAY_MS
  if ([...reports.values()].filter((at) => at > dayAgo).length >= MAX_REPORTS_A_DAY) return 'too-many-reports'
  const { requesting_app: app } = decision.request
  const { resource_app: resourceApp, connection } = decision.resolution
  await recordAdminEvent(parts, actFor(userId, source, text), {
    ...{ type: REPORTED, category: 'response', severity: 'warning' },
    target: { kind: 'decision', id: decisionId },
    on_behalf_of: { user_ref: userId },
    ...(connection === undefined ? {} : { delegation: { connection } }),
    change: { app: app?.id, resource_app: resourceApp },
  })
  return undefined
}

/** @returns when the user reported each decision */
export async function findReports(
  { storage }: Parts<'storage'>,
  userId: string,
): Promise<ReadonlyMap<string, EpochMs>> {
  const { items } = await storage.events.list({
    ...{ log: ADMIN_LOG, user: userId, types: [REPORTED], limit: MAX_READ },
  })
  return new Map(items.map(({ event: { target, time } }) => [target?.id ?? '', Date.parse(time)]))
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
