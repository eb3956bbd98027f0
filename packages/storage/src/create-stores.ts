// Every store on one database: a port for each purpose.
import type { Clock } from '@crosswalk/as-core'

import type { Engine } from './dialects/dialect.ts'
import { createActivity } from './events/activity.ts'
import { createConnectionUses } from './events/connection-use.ts'
import { createEventReader } from './events/event-reader.ts'
import { createGrantLog } from './events/grant-log.ts'
import { createLastUses } from './events/last-use.ts'
import { createUsagePatterns } from './events/usage-patterns.ts'
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
import type { CheckObject } from './stores/object-store.ts'
import { createObjectStore } from './stores/objects.ts'
import { createPasswordHashes } from './stores/password-hashes.ts'
import { createReceivedRevocations } from './stores/received-revocations.ts'
import { createRequestCounts } from './stores/request-counts.ts'
import { createSecondFactors } from './stores/second-factors.ts'
import { createSecurityEventOutbox } from './stores/security-event-outbox.ts'
import { createSignInStore } from './stores/sign-in-store.ts'
import { createStoredCredentials } from './stores/stored-credentials.ts'
import { createTokenDescents } from './stores/token-descents.ts'
import { createUpstreamLinks } from './stores/upstream-links.ts'

export type Stores = Readonly<ReturnType<typeof createStores>>

export function createStores(engine: Engine, clock: Clock, checkObject?: CheckObject) {
  const { db, reports } = engine
  /** For slow work: lists, reports, verification. */
  const forReports = { ...engine, db: reports }
  const securityEvents = createSecurityEventOutbox(engine)
  const signIn = createSignInStore(engine, clock, securityEvents)
  return {
    keys: createKeyStore(engine),
    accounts: createAccounts(engine),
    accessTokens: createAccessTokens(engine),
    tokenDescents: createTokenDescents(engine),
    liveAccess: createLiveAccess(forReports),
    signIn,
    consents: createConsents(signIn),
    passwordHashes: createPasswordHashes(db),
    secondFactors: createSecondFactors(engine, securityEvents),
    failedSignIns: createFailedAttempts(engine),
    requestCounts: createRequestCounts(db),
    upstreamLinks: createUpstreamLinks(db),
    credentials: createStoredCredentials(engine),
    events: createEventReader(forReports),
    grantLog: createGrantLog(engine),
    connectionUses: createConnectionUses(forReports),
    lastUses: createLastUses(forReports),
    activity: createActivity(forReports),
    usagePatterns: createUsagePatterns(forReports),
    auditStreams: createAuditStreams(reports),
    auditCheckpoints: createAuditCheckpoints(reports),
    auditPeriods: createAuditPeriods(engine),
    objects: createObjectStore(engine, securityEvents, checkObject),
    securityEvents,
    receivedRevocations: createReceivedRevocations(engine),
    expiry: createExpiry(engine),
  }
}
