// The changes of one collection between two revisions, from the history of its objects.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { inPortions } from '@crosswalk/as-core'
import type { EpochMs } from '@crosswalk/protocol'
import type { ObjectStore, StoredChange } from '@crosswalk/storage'

import { BATCH_SIZE } from './stored-items.ts'

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

type History = Pick<ObjectStore, 'changedBetween' | 'findManyAt' | 'changesBetween'>

/** Each state of a group contains all its members: there may be tens of thousands. */
const GROUPS_AT_ONCE = 3

/** Yields every change of an object that existed before it; the changes of one object in their order. */
export async function* iteratePastChanges(
  objects: History,
  collection: string,
  period: Period,
): AsyncIterable<PastChange> {
  const { after, until } = period
  const limit = collection === 'groups' ? GROUPS_AT_ONCE : BATCH_SIZE
  for await (const ids of inPortions(await objects.changedBetween(collection, after, until), limit)) {
    const then = await objects.findManyAt(collection, after, ids)
    const states = new Map(then.map(({ id, body }) => [id, body]))
    for await (const change of iterateChanges(objects, period, { collection, ids, limit })) {
      const { id, body, updatedAt: at } = change
      const before = states.get(id)
      states.set(id, body)
      if (before !== undefined) yield { id, before, after: body, at }
    }
  }
}

async function* iterateChanges(
  objects: History,
  { after, until }: Period,
  of: NonNullable<Parameters<History['changesBetween']>[2]>,
): AsyncIterable<StoredChange> {
  for (let last = after; ;) {
    const changes = await objects.changesBetween(last, until, of)
    for (const change of changes) {
      await nextTurn()
      yield change
      last = change.revision
    }
    if (changes.length < of.limit) return
  }
}
