// Migration: what objects are found by, beside their id. The revision tells that keys are those of the object as it is.
// Frozen, as every migration.
import type { DialectTraits } from './database.ts'

/** Ids and keys are read in one order on both databases, that of their code units, which SQLite has by itself. */
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
    // To compare revisions without reading bodies.
    `create index objects_current on objects (collection, id${name === 'postgres' ? ' collate "C"' : ''}, revision)`,
  ]
}
