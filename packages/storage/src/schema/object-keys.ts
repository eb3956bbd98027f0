// Migration: keys for finding objects by something other than their id. A row is valid only if its revision is the
// current one of its object. Frozen, like every migration.
import type { DialectTraits } from './traits.ts'

/** A key for finding an object, valid for the given `revision` of the object. */
export interface ObjectKeyTable {
  readonly collection: string
  readonly key: string
  readonly id: string
  readonly revision: number
}

/** Ids and keys are sorted by code units on both databases, which is the default of SQLite. */
export function listObjectKeys({ name }: Pick<DialectTraits, 'name'>): readonly string[] {
  const text = name === 'postgres' ? 'text collate "C"' : 'text'
  return [
    `create table object_keys (
      collection text not null,
      key ${text} not null,
      id ${text} not null,
      revision bigint not null,
      primary key (collection, key, id)
    )`,
    'create index object_keys_id on object_keys (collection, id, revision)',
    // For comparing revisions without reading bodies.
    `create index objects_current on objects (collection, id${name === 'postgres' ? ' collate "C"' : ''}, revision)`,
  ]
}
