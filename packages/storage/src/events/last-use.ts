// When connections and apps were last used, for many at once: what lists show beside each of their rows.
import type { EpochMs } from '@crosswalk/protocol'
import { sql } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import type { Catalogue } from './catalogue.ts'

export interface LastUse {
  /** Of the last exchange that was decided, however */
  readonly lastUsedAt: EpochMs | undefined
  /** Of the last exchange that was allowed */
  readonly lastGrantedAt: EpochMs | undefined
}

export interface LastUses {
  /** @returns one entry for each id, whether or not it was ever used; as far as the log goes back */
  read(of: 'connection' | 'app', ids: readonly string[]): Promise<ReadonlyMap<string, LastUse>>
}

const GRANTED = ['idjag.issued']
const USED = [...GRANTED, 'idjag.denied', 'idjag.stepup']
/** Bounds how many parameters one statement has. */
const IDS_AT_ONCE = 1_000

interface Row {
  readonly id: string
  readonly used: number | null
  readonly granted: number | null
}

export function createLastUses(database: Pick<Engine, 'db' | 'traits'>, catalogue: Catalogue): LastUses {
  return {
    async read(of, ids) {
      await catalogue.catchUp()
      const uses = new Map<string, LastUse>()
      for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
        for (const { id, used, granted } of await readRows(
          database,
          of,
          ids.slice(start, start + IDS_AT_ONCE),
        ))
          uses.set(id, { lastUsedAt: used ?? undefined, lastGrantedAt: granted ?? undefined })
      }
      return uses
    },
  }
}

async function readRows(
  { db, traits }: Pick<Engine, 'db' | 'traits'>,
  column: string,
  ids: readonly string[],
): Promise<readonly Row[]> {
  const wanted = sql.join(ids.map((id) => sql`(cast(${id} as text))`))
  const newest = (types: readonly string[]) => sql`(
    select time_ms from event_catalogue
    where ${sql.ref(column)} = wanted.id and ${traits.unsearched('type')} in (${sql.join(types)})
    order by time_ms desc limit 1
  )`
  const { rows } = await sql<Row>`with wanted (id) as (values ${wanted})
    select id, ${newest(USED)} as used, ${newest(GRANTED)} as granted from wanted`.execute(db)
  return rows
}
