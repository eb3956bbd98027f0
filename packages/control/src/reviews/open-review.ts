// Opens a review of the connections that it covers, with the evidence of their use.
import { byId, matchesAccess } from '@crosswalk/policy'
import { type ConnectionDefinition, dropUndefined, type ReviewedConnections } from '@crosswalk/protocol'
import type { ObjectPut } from '@crosswalk/storage'

import { findUnused } from '../connections/unused-connections.ts'
import { findHighestRisk } from '../definitions/highest-risk.ts'
import { definitionsOf } from '../definitions/records.ts'
import { type AdminContext, type Handlers, principalOf } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { isProblem } from '../http/problem.ts'
import { checkFuture, invalidRequest } from '../http/read-request.ts'
import { chooseId, refuseOtherRequest } from '../http/repeated.ts'
import { buildItems } from './build-items.ts'
import { nowOf } from './record-decision.ts'
import { buildOpening, findReview, type ReviewRecord, summarizeReview } from './review-records.ts'

type OpeningParts = Parts<'directory' | 'storage' | 'clock'>

/** As an administrator asks for it */
export async function openReview(
  parts: OpeningParts,
  context: AdminContext,
  body: Parameters<Handlers['reviews.create']>[0]['body'],
): ReturnType<Handlers['reviews.create']> {
  const { name, connections, periodDays, unusedForDays, dueAt, whenDue, reason } = body
  const { world } = parts.directory.current()
  const id = chooseId('rev', context)
  const existing = await findReview(parts, id)
  const optional = { dueAt, unusedForDays }
  const about = { name, periodDays, whenDue, reason }
  if (!isProblem(existing))
    return (
      refuseOtherRequest(existing, {
        ...about,
        ...optional,
        openedBy: principalOf(context.caller),
      }) ?? {
        status: 201,
        body: await summarizeReview(parts, existing),
      }
    )
  const past = checkFuture('/dueAt', dueAt, parts.clock.nowMs())
  if (past.length > 0) return invalidRequest(past)
  const missing = (connections ?? []).filter((id) => !world.connections.has(id))
  if (missing.length > 0)
    return invalidRequest(
      missing.map((id) => ({ path: '/connections', problem: `${id} is not a connection` })),
    )
  const covered = (await findCovered(parts, body)).filter(({ id }) => connections?.includes(id) ?? true)
  if (covered.length === 0)
    return invalidRequest([{ path: '', problem: 'there are no connections to review' }])
  const { review, steps } = await prepareOpening(
    parts,
    context,
    { id, ...about, ...dropUndefined(optional) },
    covered,
  )
  const { ok } = await parts.storage.objects.changeAll(steps)
  // If it was not, the same request, sent at the same time, was first.
  return ok ? { status: 201, body: await summarizeReview(parts, review) } : openReview(parts, context, body)
}

/** @returns the connections that a review covers, by id */
export async function findCovered(
  parts: OpeningParts,
  reviewed: ReviewedConnections,
): Promise<readonly ConnectionDefinition[]> {
  const { unusedForDays: days } = reviewed
  const unused = days === undefined ? undefined : await findUnused(parts, days)
  const { world } = parts.directory.current()
  const isCovered = (connection: ConnectionDefinition) =>
    (unused?.has(connection.id) ?? true) &&
    matchesAccess(reviewed, {
      app: connection.app,
      kind: world.apps.get(connection.app)?.definition.kind,
      resourceApp: connection.resourceApp,
      risk: findHighestRisk(world, connection),
    })
  return definitionsOf(world.connections).filter(isCovered).sort(byId)
}

type About = Omit<ReviewRecord, 'state' | 'openedBy' | 'openedAt' | 'parts' | 'count'>

/** @param connections - at least one, by id @returns the review, and the steps that store it */
export async function prepareOpening(
  parts: OpeningParts,
  context: AdminContext,
  about: About,
  connections: readonly ConnectionDefinition[],
): Promise<{ readonly review: ReviewRecord; readonly steps: readonly ObjectPut[] }> {
  const opened = { state: 'open', openedBy: principalOf(context.caller), openedAt: nowOf(parts) } as const
  const items = await buildItems(parts, connections, about.periodDays)
  return buildOpening(parts, context, { ...about, ...opened }, items)
}
