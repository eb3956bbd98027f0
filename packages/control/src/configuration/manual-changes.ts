// Manual changes: every revision of an object since a document was last applied, and who made it.
import { inPortions } from '@crosswalk/as-core'
import type { ConfigurationPlan, PlannedChange } from '@crosswalk/admin-api'

import type { EvaluationParts } from '../evaluator/parts.ts'

/** Object that records the last application of a document; its revision is the greatest of that application. */
export const APPLIED = { collection: 'configuration', id: 'applied' } as const

/** Enough to see what happened; the history of the object is complete. */
const MAX_SHOWN = 5

type LastApplied = NonNullable<ConfigurationPlan['lastApplied']>
type ManualChanges = PlannedChange['byHand']

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

/**
 * Objects of the file have no history here. If no document was ever applied, only the last change is listed.
 *
 * @returns the changes of each object asked about, newest first, in the order of the questions
 */
export async function findManualChanges(
  { storage }: EvaluationParts,
  questions: readonly ManualChangeQuestion[],
  lastApplied: LastApplied | undefined,
): Promise<readonly ManualChanges[]> {
  const applied = lastApplied?.revision ?? 0
  // Most objects have not changed since, so few histories are read.
  const changed = questions.filter(
    ({ action, revision = Infinity }) => action !== 'blocked' && revision > applied,
  )
  const found = new Map<string, ManualChanges>()
  for (const [collection, own] of Map.groupBy(changed, (question) => question.collection))
    for await (const some of inPortions(own.map(({ id }) => id))) {
      const rows = await storage.objects.listRevisions(collection, some, applied)
      for (const [id, revisions] of Map.groupBy(rows, (row) => row.id))
        found.set(
          `${collection}/${id}`,
          revisions
            .slice(0, lastApplied === undefined ? 1 : MAX_SHOWN)
            .map(({ revision, at, by, reason, removed }) => ({
              revision,
              at: new Date(at).toISOString(),
              by,
              ...(reason === undefined ? {} : { reason }),
              removed,
            })),
        )
    }
  return questions.map(({ collection, id }) => found.get(`${collection}/${id}`) ?? [])
}
