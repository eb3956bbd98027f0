// Whether a replay key was used, or may have been used and then removed; for reads outside of ledger transactions.
import type { ReplayKey } from '@crosswalk/as-core'
import { type Kysely, sql } from 'kysely'

import type { Tables } from '../schema/tables.ts'

export async function isReplayKeyUsed(
  db: Kysely<Tables>,
  { kind, key, expiresAt }: ReplayKey,
): Promise<boolean> {
  const { rows } = await sql<{ horizon: number | null; found: number | string }>`
    select (select forgotten_before from replay_horizon) as horizon,
      (select count(*) from replay_keys where kind = ${kind} and key = ${key}) as found`.execute(db)
  const [row] = rows
  // Without the horizon, no key counts as unused.
  return Number(row?.found) > 0 || expiresAt < (row?.horizon ?? Infinity)
}
