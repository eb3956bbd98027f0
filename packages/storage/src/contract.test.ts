// One contract for every database; a difference between them fails here.
import { describe } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { describeAccountKeys } from './contract/account-keys.ts'
import { describeAccounts } from './contract/accounts.ts'
import { describeActivity } from './contract/activity.ts'
import { describeAuditStreams } from './contract/audit-streams.ts'
import { describeCleanUp } from './contract/clean-up.ts'
import { describeCheckpoints } from './contract/checkpoints.ts'
import { describeConnectionUse } from './contract/connection-use.ts'
import { describeLastUse } from './contract/last-use.ts'
import { describeEvents } from './contract/events.ts'
import { describeFailedAttempts } from './contract/failed-attempts.ts'
import { describeGrantLog } from './contract/grant-log.ts'
import { describeLedger } from './contract/ledger.ts'
import { describeObjectChanges } from './contract/object-changes.ts'
import { describeObjects } from './contract/objects.ts'
import { describeReplayKeys } from './contract/replay-keys.ts'
import { describeRequestCounts } from './contract/request-counts.ts'
import { describeReseal } from './contract/reseal.ts'
import { describeSchema } from './contract/schema.ts'
import { describeSecondFactors } from './contract/second-factors.ts'
import { describeSecurityEvents } from './contract/security-events.ts'
import { describeSignIn } from './contract/sign-in.ts'
import { describeStoredCredentials } from './contract/stored-credentials.ts'
import { describeStores } from './contract/stores.ts'
import { describeTampering } from './contract/tampering.ts'
import { describeTokens } from './contract/tokens.ts'
import { describeUpstreamLinks } from './contract/upstream-links.ts'
import { describeUsagePatterns } from './contract/usage-patterns.ts'

describeOnDatabases('$name', (kind) => {
  describe('ledger', () => describeLedger(kind))
  describe('replay keys', () => describeReplayKeys(kind))
  describe('events', () => describeEvents(kind))
  describe('tampering', () => describeTampering(kind))
  describe('audit streams', () => describeAuditStreams(kind))
  describe('clean-up', () => describeCleanUp(kind))
  describe('schema', () => describeSchema(kind))
  describe('checkpoints', () => describeCheckpoints(kind))
  describe('connection use', () => describeConnectionUse(kind))
  describe('activity', () => describeActivity(kind))
  describe('usage patterns', () => describeUsagePatterns(kind))
  describe('last use', () => describeLastUse(kind))
  describe('grant log', () => describeGrantLog(kind))
  describe('tokens', () => describeTokens(kind))
  describe('accounts', () => describeAccounts(kind))
  describe('account keys', () => describeAccountKeys(kind))
  describe('stores', () => describeStores(kind))
  describe('re-sealing', () => describeReseal(kind))
  describe('sign-in', () => describeSignIn(kind))
  describe('request counts', () => describeRequestCounts(kind))
  describe('failed attempts', () => describeFailedAttempts(kind))
  describe('second factors', () => describeSecondFactors(kind))
  describe('stored credentials', () => describeStoredCredentials(kind))
  describe('upstream links', () => describeUpstreamLinks(kind))
  describe('security events', () => describeSecurityEvents(kind))
  describe('objects', () => describeObjects(kind))
  describe('changes of objects', () => describeObjectChanges(kind))
})
