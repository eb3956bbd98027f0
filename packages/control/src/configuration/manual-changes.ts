// Manual changes: every revision of an object since a document was last applied, and who made it.
import type { ConfigurationPlan, PlannedChange } from '@crosswalk/admin-api'

import type { EvaluationParts } from '../evaluator/parts.ts'

/** Object that records the last application of a document; its revision is the greatest of that application. */
export const APPLIED = { collection: 'configuration', id: 'applied' } as const

/** Enough to see what happened; the history of the object is complete. */
const MAX_SHOWN = 5

type LastApplied = NonNullable<ConfigurationPlan['lastApplied']>

export async function findLastApplied({ storage }: EvaluationParts): Promise<LastApplied | undefined> {
  const stored = await storage.objects.find(APPLIED.collection, APPLIED.id)
  if (stored === undefined) return undefined
  const { revision, updatedAt, updatedBy } = stored
  return { revision, at: new Date(updatedAt).toISOString(), by: updatedBy }
}

export interface ManualChangeQuestion extends Pick<PlannedChange, 'action' | 'collection' | 'id'> {
  /** The current revision of the object; undefined if it does not exist */
  readonly revision: number | undefined
}

/** Objects of the file have no history here. If no document was ever applied, only the last change is listed. */
export async function findManualChanges(
  { storage }: EvaluationParts,
  { action, collection, id, revision: current = Infinity }: ManualChangeQuestion,
  lastApplied: LastApplied | undefined,
): Promise<PlannedChange['byHand']> {
  const applied = lastApplied?.revision ?? 0
  // Most objects have not changed since, so few histories are read.
  if (action === 'blocked' || current <= applied) return []
  const history = await storage.objects.history(collection, id)
  const since = history.filter(({ revision }) => revision > applied)
  return since
    .slice(0, lastApplied === undefined ? 1 : MAX_SHOWN)
    .map(({ revision, at, by, reason, body }) => ({
      revision,
      at: new Date(at).toISOString(),
      by,
      ...(reason === undefined ? {} : { reason }),
      removed: body === undefined,
    }))
}
