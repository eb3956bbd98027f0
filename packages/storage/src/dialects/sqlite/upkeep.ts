// Clean-up on SQLite: by the clock of this process, and one process at a time by the write lock.
import type { Clock } from '@crosswalk/as-core'
import { type Kysely, sql } from 'kysely'

import type { Tables } from '../../schema/tables.ts'
import type { Upkeep } from '../dialect.ts'

export function createSqliteUpkeep(db: Kysely<Tables>, clock: Clock): Upkeep {
  return {
    readTimeMs: async () => clock.nowMs(),
    asLeader: (_, work) => work(),
    async advanceReplayHorizon(cut) {
      await sql`update replay_horizon set forgotten_before = ${cut} where forgotten_before < ${cut}`.execute(
        db,
      )
    },
  }
}
