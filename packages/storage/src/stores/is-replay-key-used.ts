// Whether a replay key was used, or may have been used and then removed; for reads outside of ledger transactions.
import type { Ledger } from '@crosswalk/as-core'
import { sql } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'

export function createIsUsed({ db, prepareRead }: Pick<Engine, 'db' | 'prepareRead'>): Ledger['isUsed'] {
  const read = prepareRead(
    sql<{ horizon: number | null; found: number | string }>`
      select (select forgotten_before from replay_horizon) as horizon,
        (select count(*) from replay_keys where kind = ${''} and key = ${''}) as found`.compile(db),
    ([row]) => row,
  )
  return async ({ kind, key, expiresAt }) => {
    const row = await read([kind, key])
    // Without the horizon, no key counts as unused.
    return Number(row?.found) > 0 || expiresAt < (row?.horizon ?? Infinity)
  }
}
