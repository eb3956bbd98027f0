// Connections of the database as they were some days ago, parsed again only if they have changed since the last call.
import type { ObjectStore } from '@crosswalk/storage'

import type { DefinitionOf } from '../definitions/records.ts'
import { parseStoredDefinition } from '../definitions/stored-items.ts'

type Connections = ReadonlyMap<string, DefinitionOf<'connections'>>

export interface PastConnections {
  /** @returns the connections by id; empty if the database was empty */
  readAt(atMs: number): Promise<Connections>
}

export function createPastConnections(objects: Pick<ObjectStore, 'revisionAt' | 'listAt'>): PastConnections {
  let last: { readonly revision: number; readonly connections: Connections } | undefined
  return {
    async readAt(atMs) {
      const revision = await objects.revisionAt(atMs)
      if (last?.revision === revision) return last.connections
      const stored = revision === 0 ? [] : await objects.listAt('connections', revision)
      const connections = new Map(
        stored.map(({ id, body }) => [id, parseStoredDefinition('connections', id, body)]),
      )
      last = { revision, connections }
      return connections
    },
  }
}
