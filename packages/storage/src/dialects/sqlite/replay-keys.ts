// Replay keys on SQLite: a key is taken by inserting it, inside the transaction of the ledger.
import type { DatabaseSync } from 'node:sqlite'

import type { ReplayKey } from '@crosswalk/as-core'

export interface ReplayKeys {
  /** Reads what clean-up did meanwhile; only inside a transaction that holds the write lock, before the first `take`. */
  begin(): void
  /** Takes all of them, or none. @returns the first that was used before, or may have been and is forgotten */
  take(keys: readonly ReplayKey[]): ReplayKey | undefined
}

export function prepareReplayKeys(database: DatabaseSync): ReplayKeys {
  const readHorizon = database.prepare('select forgotten_before from replay_horizon')
  const insert = database.prepare(
    'insert into replay_keys (kind, key, expires_at) values (?, ?, ?) on conflict do nothing',
  )
  const remove = database.prepare('delete from replay_keys where kind = ? and key = ?')
  let horizon = Infinity

  function isTaken({ kind, key, expiresAt }: ReplayKey): boolean {
    return expiresAt < horizon || insert.run(kind, key, expiresAt).changes === 0
  }

  return {
    begin() {
      // Without its row nothing is known to be unused.
      horizon = Number(readHorizon.get()?.['forgotten_before'] ?? Infinity)
    },
    take(keys) {
      const used = keys.findIndex(isTaken)
      if (used === -1) return undefined
      for (const { kind, key } of keys.slice(0, used)) remove.run(kind, key)
      return keys[used]
    },
  }
}
