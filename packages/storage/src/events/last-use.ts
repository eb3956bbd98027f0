// When connections and apps were last used, and apps last acted for users, for a whole page of a list.
import { chunk, type EpochMs } from '@crosswalk/protocol'
import { sql } from 'kysely'

import type { Database } from '../schema/tables.ts'

export interface LastUse {
  /** Time of the last allowed exchange; denied attempts do not count */
  readonly lastUsedAt: EpochMs | undefined
  /** Time of the last attempt that was denied or required a new sign-in */
  readonly lastDeniedAt: EpochMs | undefined
}

export interface LastUses {
  /** @returns one entry per id, used or not; limited to the retained log */
  read(of: Of, ids: readonly string[]): Promise<ReadonlyMap<string, LastUse>>
  /** Only allowed exchanges, for half the cost. */
  readGranted(of: Of, ids: readonly string[]): Promise<ReadonlyMap<string, EpochMs | undefined>>
}

type Of = 'connection' | 'app' | 'user_ref'

const GRANTED = ['idjag.issued']
const DENIED = ['idjag.denied', 'idjag.stepup']
/** Limits the number of parameters per statement. */
const IDS_AT_ONCE = 1_000

interface Row {
  readonly id: string
  readonly denied?: number | null
  readonly granted: number | null
}

export function createLastUses(database: Database): LastUses {
  const readAll = async (of: Of, ids: readonly string[], grantsAlone: boolean): Promise<readonly Row[]> => {
    const rows: Row[] = []
    for (const some of chunk(ids, IDS_AT_ONCE))
      rows.push(...(await readRows(database, of, some, grantsAlone)))
    return rows
  }
  return {
    async read(of, ids) {
      const rows = await readAll(of, ids, false)
      return new Map(
        rows.map(({ id, denied, granted }) => [
          id,
          { lastUsedAt: granted ?? undefined, lastDeniedAt: denied ?? undefined },
        ]),
      )
    },
    async readGranted(of, ids) {
      const rows = await readAll(of, ids, true)
      return new Map(rows.map(({ id, granted }) => [id, granted ?? undefined]))
    },
  }
}

async function readRows(
  { db, traits }: Database,
  column: Of,
  ids: readonly string[],
  grantsAlone: boolean,
): Promise<readonly Row[]> {
  const wanted = sql.join(ids.map((id) => sql`(cast(${id} as text))`))
  const newest = (types: readonly string[]) => sql`(
    select time_ms from audit_events
    where ${sql.ref(column)} = wanted.id and ${traits.unsearched('type')} in (${sql.join(types)})
    order by time_ms desc limit 1
  )`
  const denied = grantsAlone ? sql`` : sql`${newest(DENIED)} as denied,`
  const { rows } = await sql<Row>`with wanted (id) as (values ${wanted})
    select id, ${denied} ${newest(GRANTED)} as granted from wanted`.execute(db)
  return rows
}
