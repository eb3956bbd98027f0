// What clean-up needs of SQLite. It knows no time but that of this process, and its write lock orders all who clean up.
import type { Clock } from '@crosswalk/as-core'
import { type Kysely, sql } from 'kysely'

import type { Tables } from '../../schema/tables.ts'
import type { Upkeep } from '../dialect.ts'

export function createSqliteUpkeep(db: Kysely<Tables>, clock: Clock): Upkeep {
  return {
    readTimeMs: async () => clock.nowMs(),
    asLeader: (work) => work(),
    async advanceReplayHorizon(cut) {
      await sql`update replay_horizon set forgotten_before = ${cut} where forgotten_before < ${cut}`.execute(
        db,
      )
    },
  }
}
