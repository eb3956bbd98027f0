// Opens the database that a URL names and creates the ports on it.

import { createStores } from './create-stores.ts'
import { findSqlitePath } from './database-url.ts'
import type { Engine } from './dialects/dialect.ts'
import { openSqliteEngine } from './dialects/sqlite/engine.ts'
import { createLedger } from './ledger/group-commit.ts'
import { createIsUsed } from './stores/is-replay-key-used.ts'
import { tryWrite } from './ledger/try-write.ts'
import { createSchemaCheck } from './schema/check-schema.ts'
import type { Storage, StorageOptions } from './storage.ts'

const DEFAULT_POOL_SIZE = 13

/**
 * Opens storage and migrates its schema; several processes may do so concurrently.
 *
 * @param databaseUrl - `sqlite:PATH` (relative to the working directory; `sqlite::memory:` for an in-memory database)
 *   or `postgres://…`, `postgresql://…`. Throws a `TypeError` for anything else, or the error of the database if it
 *   cannot be opened.
 */
export async function openStorage(databaseUrl: string, options: StorageOptions = {}): Promise<Storage> {
  const {
    clock = { nowMs: () => Date.now() },
    poolSize = DEFAULT_POOL_SIZE,
    onMigrate = () => undefined,
  } = options
  const engine = await openEngine(databaseUrl, { clock, poolSize, onMigrate })
  const ledger = createLedger(engine.ledgerWriter, options)
  const stores = createStores(engine, clock, options.checkObject)
  const checkSchema = createSchemaCheck(engine)
  return {
    ...stores,
    dialect: engine.traits.name,
    ledger: {
      commit: (entry) => ledger.commit(entry),
      consume: (replayKeys) => ledger.consume(replayKeys),
      isUsed: createIsUsed(engine),
    },
    takeTurn: engine.takeTurn,
    connections: () => engine.connections?.() ?? [],
    async ping() {
      await checkSchema()
      if (ledger.isTroubled()) await tryWrite(engine)
    },
    async close() {
      await ledger.idle()
      await stores.objects.close()
      await engine.close()
    },
  }
}

async function openEngine(
  databaseUrl: string,
  { clock, poolSize, onMigrate }: Required<Pick<StorageOptions, 'clock' | 'poolSize' | 'onMigrate'>>,
): Promise<Engine> {
  if (/^postgres(ql)?:\/\//.test(databaseUrl)) {
    // Load the driver only if it is needed.
    const { openPostgresEngine } = await import('./dialects/postgres/engine.ts')
    return openPostgresEngine(databaseUrl, poolSize, onMigrate)
  }
  const path = findSqlitePath(databaseUrl)
  if (path !== undefined) return openSqliteEngine(path, clock, onMigrate)
  // The URL may contain a password, so repeat only its scheme.
  const scheme = databaseUrl.split(':', 1)[0]
  throw new TypeError(
    `\`database\` must start with sqlite: or postgres://, not with ${JSON.stringify(scheme)}`,
  )
}
