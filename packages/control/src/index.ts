// The control plane as the server and the command line use it.
export { followLdap, type LdapFollower } from './ldap/follow-ldap.ts'
export type { SyncResult } from './ldap/sync-ldap.ts'
export { createScimApi, MAX_SCIM_BYTES, SCIM_PATH, type ScimApi } from './scim/scim-api.ts'
export { expireOpenRequests } from './approvals/expire-requests.ts'
export { buildObjectEvent } from './audit/change-event.ts'
export { CopyError } from './audit/copy-error.ts'
export { type Sample, sampleCopy } from './audit/sample-copy.ts'
export { type CopyVerdict, verifyCopy } from './audit/verify-copy.ts'
export { type PackVerdict, verifyPack } from './audit/pack/verify-pack.ts'
export { type Inclusion, verifyInclusion } from './audit/verify-inclusion.ts'
export { createAuditStreams, type RunningStreams } from './audit/delivery/audit-streams.ts'
export { type AuditKeeper, createAuditKeeper } from './audit/delivery/audit-keeper.ts'
export { createHttpSink } from './audit/delivery/sinks/http-sink.ts'
export { registerStreamMetrics } from './audit/delivery/stream-metrics.ts'
export { registerEventStreamMetrics } from './audit/event-stream-metrics.ts'
export {
  completeIssuers,
  type Configuration,
  type IdpSection,
  type Origin,
} from './config-file/configuration.ts'
export { type Environment, escapeReferences } from './config-file/expand.ts'
export {
  type FileFinding,
  type Path,
  type FileProblem,
  renderPath,
  renderProblem,
} from './config-file/finding.ts'
export {
  loadConfiguration,
  type LoadedConfiguration,
  parseConfiguration,
} from './config-file/load-configuration.ts'
export type { AwsKmsDefinition } from './config-file/keys-schema.ts'
export { loadDocument, type LoadedDocument } from './config-file/load-document.ts'
export { type LoadedObject, loadObject } from './config-file/load-object.ts'
export { environmentFileOf, readEnvironmentFile } from './config-file/environment-file.ts'
export { isSecretKey, maskSecrets, maskUrlPassword } from './config-file/secrets.ts'
export { StartError } from './config-file/start-error.ts'
export { createProofs, type Proofs } from './connections/proofs/proofs.ts'
export { type ProofRefusal } from './connections/proofs/finish-proof.ts'
export { checkCandidate } from './definitions/check-world.ts'
export {
  compileAtRevision,
  compileConfiguration,
  type CompiledConfiguration,
} from './definitions/compile-configuration.ts'
export { CONSOLE_CLIENT_ID, CONSOLE_PATH } from './config-file/console-app-id.ts'
export { buildOwnApps, deriveConsoleSecret } from './definitions/console-app.ts'
export { checkReadable, UNREADABLE_FIX, type Unreadable } from './definitions/read-stored.ts'
export { findUnreadable } from './definitions/find-unreadable.ts'
export { checkDatabase } from './definitions/check-database.ts'
export { createDirectory, type Directory } from './definitions/directory.ts'
export { type Item, type UserRecord } from './definitions/records.ts'
export { revokeHeld } from './definitions/revoke-held.ts'
export { type AdminApi, createAdminApi } from './http/admin-api.ts'
export { type Caller, FILE_TOKEN } from './http/context.ts'
export { readBySchema } from './http/request-errors.ts'
export {
  ATTEMPT_COOKIE,
  type ConsoleCookies,
  createConsoleCookies,
  PROOF_COOKIE,
  PROOF_PATH,
  SESSION_COOKIE,
} from './http/cookies.ts'
export { type AdminRoles, findRole } from './definitions/find-role.ts'
export { findUnblockedUser } from './administrators/find-unblocked-user.ts'
export { findToken, isLive } from './administrators/live-tokens.ts'
export { createHandlers } from './create-handlers.ts'
export { createSerialQueue, type ProxyTrouble } from './parts.ts'
export { buildProblem, renderProblemDetails } from './http/problem.ts'
export { isInScope } from './http/scope.ts'
export { showDefinition } from './definitions/collections/registry.ts'
export { revokeUnassigned } from './objects/after-change.ts'
export { createOwnAccess } from './own-access/own-access.ts'
export { findFailingTests, toSuite } from './policy-tests/failing-tests.ts'
export { endDueAccess } from './approvals/end-access.ts'
export { closeDueReviews, continueClosings } from './reviews/close-review.ts'
export { openDueReviews } from './reviews/open-due-reviews.ts'
export { createRemovalRounds } from './reviews/verify-removals.ts'
export { createIssuedIdJags } from './respond/issued-id-jags.ts'
export { recordFileChanges } from './configuration/file-changes.ts'
export { revokeAccessOf, revokeOutdated } from './respond/revoke-outdated.ts'
export { createRevokeRenamed, followRenames } from './respond/revoke-renamed.ts'
export { type CompleteChanges, createCompleteChanges } from './respond/complete-changes.ts'
export { dropGroupsAbove } from './administrators/role-ceiling.ts'
export { type AccessRevoker, createAccessRevoker } from './respond/access-revoker.ts'
export { createEventStreams } from './security-events/event-streams.ts'
export { followReceived } from './security-events/follow-received.ts'
export { createSignals, type Signals } from './security-events/signals.ts'
export { signalsOfSessionEnd } from './security-events/signals-of-change.ts'
export { createIssuedTokens } from './connections/issued-tokens.ts'
export { createEndSignIns } from './security-events/end-sign-ins.ts'
export { createEndIdJags, createRevokeSession } from './security-events/revoke-session.ts'
export { createEvaluator } from './evaluator/evaluator.ts'
export { startWorker } from './start-worker.ts'
export { type MountedAdminApi, withDecisionPoint } from './simulate/decision-point.ts'
export { explainAnswer, type ForeignAnswer } from './simulate/explain-answer.ts'
export { createVault, type Vault } from './vault/vault.ts'
