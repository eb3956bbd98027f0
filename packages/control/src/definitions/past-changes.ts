// The changes of one collection between two revisions, from the history of its objects.
import type { EpochMs } from '@crosswalk/protocol'
import type { ObjectStore } from '@crosswalk/storage'

import { inPortions } from './stored-items.ts'

export interface PastChange {
  readonly id: string
  /** As stored */
  readonly before: unknown
  /** Undefined if the object was removed */
  readonly after: unknown
  readonly at: EpochMs
}

/** Global revisions: the changes after the first, up to and including the second */
export interface Period {
  readonly after: number
  readonly until: number
}

/** Yields every change of an object that existed before it; the changes of one object in their order. */
export async function* iteratePastChanges(
  objects: Pick<ObjectStore, 'changedBetween' | 'findManyAt' | 'changesBetween'>,
  collection: string,
  { after, until }: Period,
): AsyncIterable<PastChange> {
  for await (const ids of inPortions(await objects.changedBetween(collection, after, until))) {
    const then = await objects.findManyAt(collection, after, ids)
    const states = new Map(then.map(({ id, body }) => [id, body]))
    const changes = await objects.changesBetween(after, until, { collection, ids })
    for (const { id, body, updatedAt: at } of changes) {
      const before = states.get(id)
      states.set(id, body)
      if (before !== undefined) yield { id, before, after: body, at }
    }
  }
}
