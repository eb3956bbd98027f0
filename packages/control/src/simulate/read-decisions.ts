// Recorded exchanges for a replay, newest first, with what the answer says about them. Each replay is recorded.
import { toEpochMs } from '@crosswalk/admin-api'
import type { ExchangeSnapshot, ExchangeUser } from '@crosswalk/policy'
import type { DecisionRecord } from '@crosswalk/protocol'

import type { EvaluationParts } from '../evaluator/parts.ts'
import { recordSimulation } from '../audit/change-event.ts'
import type { Users } from '../definitions/users/users.ts'
import type { AdminContext, Handlers } from '../http/context.ts'

const TYPES = ['idjag.issued', 'idjag.denied', 'idjag.stepup']
const PAGE = 500

export type Period = Pick<Parameters<Handlers['replay']>[0]['body'], 'since' | 'until' | 'limit'>

export interface Sample {
  newest: string | undefined
  oldest: string | undefined
  complete: boolean
}

/** Page by page, so that other requests get their turn in between. */
export async function* readDecisions(
  { storage }: EvaluationParts,
  { since, until, limit }: Period,
  sample: Sample,
): AsyncGenerator<readonly DecisionRecord[]> {
  let left = limit
  let cursor: string | undefined
  do {
    const page = await storage.events.list({
      types: TYPES,
      limit: Math.min(PAGE, left),
      ...(since === undefined ? {} : { since: toEpochMs(since) }),
      ...(until === undefined ? {} : { until: toEpochMs(until) }),
      ...(cursor === undefined ? {} : { cursor }),
    })
    left -= page.items.length
    sample.newest ??= page.items[0]?.event.time
    sample.oldest = page.items.at(-1)?.event.time ?? sample.oldest
    yield page.items.flatMap(({ event }) => event.decision ?? [])
    cursor = page.next
  } while (cursor !== undefined && left > 0)
  sample.complete = cursor === undefined
}

export function startSample(): Sample {
  return { newest: undefined, oldest: undefined, complete: true }
}

export function renderSample({ complete, oldest, newest }: Sample) {
  return { complete, since: oldest ?? null, until: newest ?? null }
}

/** The users of these decisions, read together. */
export function readUsers(
  { snapshot, users }: { readonly snapshot: ExchangeSnapshot; readonly users: Users },
  records: readonly DecisionRecord[],
): Promise<ReadonlyMap<string, ExchangeUser>> {
  const ids = records.flatMap(({ request }) => request.subject?.ref ?? [])
  return users.findForExchange(ids, snapshot.comparedSources)
}

export async function recordReplay(
  parts: EvaluationParts,
  context: AdminContext,
  { of, decisions }: { readonly of: 'draft' | 'report-only'; readonly decisions: number },
): Promise<void> {
  await recordSimulation(parts, context, {
    target: { kind: 'replay', id: of },
    change: { decisions },
  })
}
