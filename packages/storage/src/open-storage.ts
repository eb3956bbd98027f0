// Opens the database that a URL names and creates the ports on it.

import { findSqlitePath } from './database-url.ts'
import type { Engine } from './dialects/dialect.ts'
import { openSqliteEngine } from './dialects/sqlite/engine.ts'
import { createActivity } from './events/activity.ts'
import { createConnectionUses } from './events/connection-use.ts'
import { createEventReader } from './events/event-reader.ts'
import { createGrantLog } from './events/grant-log.ts'
import { createLastUses } from './events/last-use.ts'
import { createUsagePatterns } from './events/usage-patterns.ts'
import { createLedger } from './ledger/group-commit.ts'
import { isReplayKeyUsed } from './ledger/is-replay-key-used.ts'
import { tryWrite } from './ledger/try-write.ts'
import { createSchemaCheck } from './schema/check-schema.ts'
import type { Storage, StorageOptions } from './storage.ts'
import { createAccessTokens } from './stores/access-tokens.ts'
import { createAccounts } from './stores/accounts.ts'
import { createAuditCheckpoints } from './stores/audit-checkpoints.ts'
import { createAuditPeriods } from './stores/audit-periods.ts'
import { createAuditStreams } from './stores/audit-streams.ts'
import { createConsents } from './stores/consents.ts'
import { createExpiry } from './stores/expiry.ts'
import { createFailedAttempts } from './stores/failed-attempts.ts'
import { createKeyStore } from './stores/key-store.ts'
import { createLiveAccess } from './stores/live-access.ts'
import { createObjectStore } from './stores/objects.ts'
import { createPasswordHashes } from './stores/password-hashes.ts'
import { createRequestCounts } from './stores/request-counts.ts'
import { createReceivedRevocations } from './stores/received-revocations.ts'
import { createSecondFactors } from './stores/second-factors.ts'
import { createSecurityEventOutbox } from './stores/security-event-outbox.ts'
import { createSignInStore } from './stores/sign-in-store.ts'
import { createStoredCredentials } from './stores/stored-credentials.ts'
import { createTokenDescents } from './stores/token-descents.ts'
import { createUpstreamLinks } from './stores/upstream-links.ts'

const DEFAULT_POOL_SIZE = 10

/**
 * Opens storage and migrates its schema; several processes may do so concurrently.
 *
 * @param databaseUrl - `sqlite:PATH` (relative to the working directory; `sqlite::memory:` for an in-memory database)
 *   or `postgres://…`, `postgresql://…`. Throws a `TypeError` for anything else, or the error of the database if it
 *   cannot be opened.
 */
export async function openStorage(databaseUrl: string, options: StorageOptions = {}): Promise<Storage> {
  const { clock = { nowMs: () => Date.now() }, poolSize = DEFAULT_POOL_SIZE } = options
  const engine = await openEngine(databaseUrl, { clock, poolSize })
  const { db } = engine
  const ledger = createLedger(engine.ledgerWriter, options)
  const securityEvents = createSecurityEventOutbox(engine)
  const objects = createObjectStore(engine, securityEvents)
  const signIn = createSignInStore(engine, clock, securityEvents)
  const checkSchema = createSchemaCheck(engine)
  const forReports = { ...engine, db: engine.reports }
  return {
    dialect: engine.traits.name,
    ledger: {
      commit: (entry) => ledger.commit(entry),
      consume: (replayKeys) => ledger.consume(replayKeys),
      isUsed: (replayKey) => isReplayKeyUsed(db, replayKey),
    },
    keys: createKeyStore(engine),
    accounts: createAccounts(engine),
    accessTokens: createAccessTokens(engine),
    tokenDescents: createTokenDescents(engine),
    liveAccess: createLiveAccess(forReports),
    signIn,
    consents: createConsents(signIn),
    passwordHashes: createPasswordHashes(db),
    secondFactors: createSecondFactors(db),
    failedSignIns: createFailedAttempts(db),
    requestCounts: createRequestCounts(db),
    upstreamLinks: createUpstreamLinks(db),
    credentials: createStoredCredentials(engine),
    events: createEventReader(forReports),
    grantLog: createGrantLog(engine),
    connectionUses: createConnectionUses(forReports),
    lastUses: createLastUses(forReports),
    activity: createActivity(forReports),
    usagePatterns: createUsagePatterns(forReports),
    auditStreams: createAuditStreams(engine.reports),
    auditCheckpoints: createAuditCheckpoints(engine.reports),
    auditPeriods: createAuditPeriods(engine),
    objects,
    securityEvents,
    receivedRevocations: createReceivedRevocations(engine),
    expiry: createExpiry(engine),
    takeTurn: engine.takeTurn,
    connections: () => engine.connections?.() ?? [],
    async ping() {
      await checkSchema()
      if (ledger.isTroubled()) await tryWrite(engine)
    },
    async close() {
      await ledger.idle()
      await objects.close()
      await engine.close()
    },
  }
}

async function openEngine(
  databaseUrl: string,
  { clock, poolSize }: Required<Pick<StorageOptions, 'clock' | 'poolSize'>>,
): Promise<Engine> {
  if (/^postgres(ql)?:\/\//.test(databaseUrl)) {
    // Load the driver only if it is needed.
    const { openPostgresEngine } = await import('./dialects/postgres/engine.ts')
    return openPostgresEngine(databaseUrl, poolSize)
  }
  const path = findSqlitePath(databaseUrl)
  if (path !== undefined) return openSqliteEngine(path, clock)
  // The URL may contain a password, so repeat only its scheme.
  const scheme = databaseUrl.split(':', 1)[0]
  throw new TypeError(
    `\`database\` must start with sqlite: or postgres://, not with ${JSON.stringify(scheme)}`,
  )
}
