// The tables, columns and indexes of a database, in one form for both databases, so that they can be compared.
import { sql, type Kysely } from 'kysely'

import type { DialectTraits } from './traits.ts'
import type { Tables } from './tables.ts'

/** By table: descriptions of its columns and indexes. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>

interface ColumnRow {
  readonly table: string
  readonly column: string
  readonly type: string
  readonly required: number | boolean
}

interface IndexRow {
  readonly table: string
  /** Number of partitions; 1 if the table is not partitioned */
  readonly parts: number | string
  readonly index: string
  readonly kind: 'primary key' | 'unique' | 'index'
  readonly partial: number | boolean
  readonly place: number
  readonly column: string | null
}

/** All tables that programs created in the database, or in the first schema of PostgreSQL's search path. */
export async function listTables(db: Kysely<Tables>, traits: DialectTraits): Promise<readonly string[]> {
  const { rows } = await (
    traits.name === 'sqlite'
      ? sql<{
          name: string
        }>`select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'`
      : sql<{ name: string }>`select relname as name from pg_class
          where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition and not exists
            (select 1 from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')`
  ).execute(db)
  return rows.map(({ name }) => name).sort()
}

export async function readShape(db: Kysely<Tables>, traits: DialectTraits): Promise<Shape> {
  const tables = await listTables(db, traits)
  const shape = new Map<string, Set<string>>(tables.map((table) => [table, new Set()]))
  for (const { table, column, type, required } of await readColumns(db, traits))
    shape.get(table)?.add(`column ${column} ${type}${required ? '' : ' null'}`)
  for (const [table, index] of joinIndexes(await readIndexes(db, traits))) shape.get(table)?.add(index)
  return shape
}

/** @returns descriptions of everything missing or different in `actual`; additions are ignored */
export function compareShapes(expected: Shape, actual: Shape): readonly string[] {
  return [...expected].flatMap(([table, parts]) => {
    const found = actual.get(table)
    if (found === undefined) return [`table ${table} is missing`]
    return [...parts].filter((part) => !found.has(part)).map((part) => `table ${table} lacks ${part}`)
  })
}

/** @returns the expected columns that are missing, whatever their types; costs little */
export async function listMissingColumns(
  expected: Shape,
  db: Kysely<Tables>,
  traits: DialectTraits,
): Promise<readonly string[]> {
  const found = new Set((await readColumns(db, traits)).map(({ table, column }) => `${table}.${column}`))
  return [...expected].flatMap(([table, parts]) =>
    [...parts]
      .filter((part) => part.startsWith('column '))
      .map((part) => `${table}.${part.split(' ')[1]}`)
      .filter((column) => !found.has(column)),
  )
}

/** On PostgreSQL, only the columns that the current user has a privilege on */
async function readColumns(db: Kysely<Tables>, { name }: DialectTraits): Promise<readonly ColumnRow[]> {
  const { rows } = await (
    name === 'sqlite'
      ? sql<ColumnRow>`select t.name as "table", c.name as "column", lower(c.type) as type, (c."notnull" or c.pk) as required
          from sqlite_schema as t, pragma_table_info(t.name) as c where t.type = 'table'`
      : sql<ColumnRow>`select table_name as "table", column_name as "column", data_type as type, is_nullable = 'NO' as required
          from information_schema.columns where table_schema = current_schema()`
  ).execute(db)
  // Ignore the names of integer types: SQLite has one kind, and requires a particular name for its row ids.
  return rows.map((row) => ({ ...row, type: row.type === 'bigint' ? 'integer' : row.type }))
}

async function readIndexes(db: Kysely<Tables>, { name }: DialectTraits): Promise<readonly IndexRow[]> {
  const { rows } = await (
    name === 'sqlite'
      ? sql<IndexRow>`select t.name as "table", 1 as parts, i.name as "index", i.partial, c.seqno as place, c.name as "column",
          case when i.origin = 'pk' then 'primary key' when i."unique" then 'unique' else 'index' end as kind
          from sqlite_schema as t, pragma_index_list(t.name) as i, pragma_index_info(i.name) as c where t.type = 'table'
          union all
          select t.name, 1, t.name, 0, 0, c.name, 'primary key' from sqlite_schema as t, pragma_table_info(t.name) as c
          where t.type = 'table' and lower(c.type) = 'integer' and c.pk = 1
            and not exists (select 1 from pragma_index_list(t.name) where origin = 'pk')`
      : sql<IndexRow>`select coalesce(whole.relname, t.relname) as "table",
          greatest(1, (select count(*) from pg_inherits where inhparent = whole.oid)) as parts,
          i.relname as "index", x.indpred is not null as partial, k.place,
          a.attname as "column",
          case when x.indisprimary then 'primary key' when x.indisunique then 'unique' else 'index' end as kind
          from pg_index as x join pg_class as t on t.oid = x.indrelid join pg_class as i on i.oid = x.indexrelid
          left join pg_inherits as part on t.relispartition and part.inhrelid = t.oid
          left join pg_class as whole on whole.oid = part.inhparent
          cross join unnest(x.indkey) with ordinality as k (number, place)
          left join pg_attribute as a on a.attnum = k.number and a.attrelid = t.oid
          where t.relnamespace = current_schema()::regnamespace and x.indisvalid`
  ).execute(db)
  return [...rows].sort((one, other) => Number(one.place) - Number(other.place))
}

/**
 * @returns table and description; ignores index names, and a partitioned table has the indexes common to all its
 *   partitions
 */
function joinIndexes(rows: readonly IndexRow[]): readonly (readonly [string, string])[] {
  const byIndex = Map.groupBy(rows, ({ table, index }) => `${table} ${index}`)
  const described = [...byIndex.values()].flatMap((columns) => {
    const [first] = columns
    if (first === undefined) return []
    const names = columns.map(({ column }) => column ?? '?').join(', ')
    return [{ ...first, text: `${first.kind} (${names})${first.partial ? ' where' : ''}` }]
  })
  return [...Map.groupBy(described, ({ table, text }) => `${table} ${text}`).values()].flatMap((same) => {
    const [first] = same
    return first === undefined || same.length < Number(first.parts)
      ? []
      : [[first.table, first.text] as const]
  })
}
