// Who changed what by hand: every revision of an object since a document was last applied.
import type { ConfigurationPlan, PlannedChange } from '@crosswalk/admin-api'

import type { EvaluationParts } from '../aside/parts.ts'

/** Where it is kept that a document was applied; its revision is the greatest of that application. */
export const APPLIED = { collection: 'configuration', id: 'applied' } as const

/** More would not help anyone find out what happened; the history of the object has them all. */
const MAX_SHOWN = 5

type LastApplied = NonNullable<ConfigurationPlan['lastApplied']>

export async function findLastApplied({ storage }: EvaluationParts): Promise<LastApplied | undefined> {
  const stored = await storage.objects.find(APPLIED.collection, APPLIED.id)
  if (stored === undefined) return undefined
  const { revision, updatedAt, updatedBy } = stored
  return { revision, at: new Date(updatedAt).toISOString(), by: updatedBy }
}

/** Objects of the file have no history here. Where no document was ever applied, only the last change is told. */
export async function findHandMade(
  { storage }: EvaluationParts,
  { action, collection, id }: Pick<PlannedChange, 'action' | 'collection' | 'id'>,
  lastApplied: LastApplied | undefined,
): Promise<PlannedChange['byHand']> {
  if (action === 'blocked') return []
  const history = await storage.objects.history(collection, id)
  const since = history.filter(({ revision }) => revision > (lastApplied?.revision ?? 0))
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
