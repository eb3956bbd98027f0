// Definitions of the database as they were some days ago, parsed again only if they have changed since the last call.
import type { ObjectStore } from '@crosswalk/storage'

import type { CachedCollection, DefinitionOf } from '../definitions/records.ts'
import { iterateObjectsAt, parseStoredDefinition } from '../definitions/stored-items.ts'

export interface PastDefinitions<C extends CachedCollection> {
  /** @returns the definitions by id; empty if the database was empty */
  readAt(atMs: number): Promise<ReadonlyMap<string, DefinitionOf<C>>>
}

export function createPastDefinitions<C extends CachedCollection>(
  objects: Pick<ObjectStore, 'revisionAt' | 'pageAt'>,
  collection: C,
): PastDefinitions<C> {
  let last: { readonly revision: number; readonly found: ReadonlyMap<string, DefinitionOf<C>> } | undefined
  return {
    async readAt(atMs) {
      const revision = await objects.revisionAt(atMs)
      if (last?.revision === revision) return last.found
      const found = new Map<string, DefinitionOf<C>>()
      for await (const { id, body } of iterateObjectsAt(objects, collection, revision))
        found.set(id, parseStoredDefinition(collection, id, body))
      last = { revision, found }
      return found
    },
  }
}
