// The public interface of this package, by file. Everything else is internal: add a name when other packages need it;
// never use `export *`.
export { ADMIN_LOG, type AuditEvent, buildAuditEvent } from './records/audit-event.ts'
export { cleanForeignText } from './records/clean-foreign-text.ts'
export { cleanUpUnfinished } from './clean-up-unfinished.ts'
export {
  clientAssertionReplayKey,
  findMisdirection,
  matchesSecret,
  registerClientAuth,
} from './client-authentication/authenticate-client.ts'
export { type ClientAuthRefusal, parseClientCredentials } from './client-authentication/client-credentials.ts'
export { createSecretHasher, type SecretHasher } from './client-authentication/secret-hasher.ts'
export {
  type ClientDocuments,
  createClientDocuments,
  type DocumentRefusal,
} from './client-documents/client-documents.ts'
export {
  type AuthenticatedCaller,
  createClientEndpoint,
  type ManagementRequest,
  refuseIncomplete,
  renderUnauthenticated,
  renderUnread,
} from './client-endpoint.ts'
export { buildDecisionEvent, buildStoredDecision } from './records/decision-event.ts'
export type { StoredDecision } from './records/stored-decision.ts'
export { createDecisionRecorder, type DecisionRecorder, type OnDecision } from './decision-recorder.ts'
export type { EventRecorder } from './event-recorder.ts'
export { parseEventText, renderEventText } from './records/event-text.ts'
export { decodeUtf8 } from './decode-utf8.ts'
export { compileDetailsSchema } from './details-schema/details-schema.ts'
export { ANY_ORIGIN, createDocument, notFound } from './http/document.ts'
export { createDpopNonces } from './dpop/dpop-nonces.ts'
export { dpopReplayKey } from './dpop/verify-dpop-proof.ts'
export { answerFault, findStorageFault, respondToFault, respondToOverload } from './http/fault-answer.ts'
export { createFaultLog } from './http/fault-log.ts'
export { findIssuerKey } from './issuer-keys/find-issuer-key.ts'
export { findRestMs } from './find-rest-ms.ts'
export { findRepeated, type Form, MAX_PARAMETERS, parseForm, readForm } from './http/form.ts'
export type { CallerFacts, Draft, Grant, Reservation } from './grants/grant.ts'
export { GRANT_NAMES, type GrantName, nameGrant } from './grants/name-grant.ts'
export { type GrantPorts, runGrant } from './grants/run-grant.ts'
export {
  findTargetProblem,
  isLoopbackHost,
  type ReachableAddresses,
  type TargetProblem,
} from './guarded-fetch/address-guard.ts'
export { createCheckedLookup } from './guarded-fetch/checked-lookup.ts'
export {
  createGuardedFetch,
  type DocumentFetch,
  explainFailure,
  findHeaderRefusal,
  type FetchRefusal,
  type GuardedFetch,
  MAX_CLIENT_METADATA_BYTES,
  MAX_DOCUMENT_BYTES,
} from './guarded-fetch/guarded-fetch.ts'
export { createGuardedStreamFetch } from './guarded-fetch/guarded-stream-fetch.ts'
export { createGuardedWebFetch } from './guarded-fetch/guarded-web-fetch.ts'
export {
  type AttemptCounter,
  type PendingAttempt,
  createAttemptCounter,
  type SharedCount,
} from './guessing/attempt-counter.ts'
export { type AttemptLimit, createAttempts, FORGET_AFTER_MS } from './guessing/attempts.ts'
export type { Failures, SharedAttempts, SharedFailures } from './guessing/shared-attempts.ts'
export { findNetwork } from './guessing/network.ts'
export type { SecretGuesses, SecretVerdict } from './guessing/secret-guesses.ts'
export { refuseInvalidHost } from './http/host-header.ts'
export { newId, newTokenId, randomToken } from './records/ids.ts'
export { createIssuerKeys, type IssuerKeys, type KeyQuery } from './issuer-keys/issuer-keys.ts'
export { decodeCompactJws, type DecodedJws } from './jws/compact-jws.ts'
export { type DraftedJws, draftJws } from './jws/draft-jws.ts'
export { createSigner, type Signer } from './jws/signer.ts'
export { type JsonProblem, parseStrictJsonObject } from './jws/strict-json.ts'
export {
  computeThumbprint,
  importVerificationKey,
  type VerificationKey,
  verifySignature,
} from './jws/verification-key.ts'
export { keepOneEntry } from './keep-one-entry.ts'
export { findKeyProviderFault, KeyProviderFault } from './keys/key-provider-fault.ts'
export { KEY_URI_PREFIX, type KeyProviderName, nameKeyProvider } from './keys/key-uris.ts'
export { resealKey } from './keys/key-material.ts'
export {
  type AlgorithmChoice,
  createSigningKeys,
  type SigningKey,
  type SigningKeys,
} from './keys/signing-keys.ts'
export { createKnownJwts, type KnownJwts } from './jws/known-jwts.ts'
export { makeFolder } from './make-folder.ts'
export {
  type EmbeddedServer,
  type FastifyHook,
  type NodeMiddleware,
  toFastifyHook,
  toMiddleware,
} from './http/node-adapter.ts'
export { type ClientObserver, createClientObserver } from './client-authentication/observe-client.ts'
export { createDpopObserver, type DpopObserver } from './dpop/observe-dpop.ts'
export { isSameText } from './is-same-text.ts'
export { createKeyMaintainer } from './keys/key-maintainer.ts'
export { type KeyChoice, observeJwt } from './jws/observe-jwt.ts'
export type {
  AccessTokenOrigin,
  ChainPlace,
  Clock,
  CreatedKey,
  KeyProvider,
  KeyProviders,
  KeyStore,
  Ledger,
  LedgerEntry,
  LoggedEvent,
  LedgerOutcome,
  NewAccount,
  ReplayKey,
  SignInRecords,
  StoredKey,
  TokenPorts,
} from './ports.ts'
export { createRateLimit, type RateLimit } from './rate-limit.ts'
export type { CountedMinute, RequestCounts } from './request-counts.ts'
export { openRecords } from './open-records.ts'
export { createRecentRefusals, type RecentRefusals } from './recent-refusals.ts'
export type { JsonAnswer } from './http/json-answer.ts'
export { createRounds, type Rounds, settleAll } from './rounds.ts'
export { inPortions, inTurns, mapInTurns } from './in-portions.ts'
export { runSteps } from './run-steps.ts'
export { refuseMissingPorts } from './refuse-missing-ports.ts'
export { writeRefusals } from './refusal-line.ts'
export { digest, grantIdOf, replayKeyDigest } from './sealing/digest.ts'
export { readVariable, type VariableRefusal } from './read-variable.ts'
export {
  createRingSealing,
  KEY_RING_OWNER,
  type KeyRing,
  nameMasterKey,
  openKeyRing,
  type RingSealing,
  sealKeyRing,
} from './sealing/key-ring.ts'
export { findMasterKey, makeMasterKey, MasterKeyError, parseMasterKey } from './sealing/master-key.ts'
export { createSealing, type Sealing, SealingError } from './sealing/sealing.ts'
export { openCredential, resealCredential, sealCredential } from './sealing/stored-credential.ts'
export type {
  DeliveryFailure,
  OutgoingSecurityEvent,
  QueuedSecurityEvent,
  SecurityEventOutbox,
  StreamDelivery,
} from './security-events/outbox.ts'
export { createGuardedPost, type GuardedPost } from './security-events/guarded-post.ts'
export {
  respondRetryLater,
  createPushEndpoint,
  type PushRefusal,
  SIGNATURE_REFUSAL,
} from './security-events/receive-pushed.ts'
export { describeTrouble, StorageFault, type StorageTrouble } from './http/storage-fault.ts'
export {
  answerRefusal,
  createTokenEndpoint,
  type Endpoint,
  findTraceId,
  type GrantHandler,
  renderAnswer,
  type TokenRequest,
} from './token-endpoint.ts'
export { DEFAULT_ROTATION } from './keys/key-lifecycle.ts'
export { lookUpUsers } from './http/user-lookup-fault.ts'
