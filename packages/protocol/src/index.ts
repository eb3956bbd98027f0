// The exports for other packages, by file. Everything else is internal: add a name when another package needs it; never
// export `*`.
export { type AccessTokenClaims, renderAudience } from './access-token.ts'
export {
  ACTOR_TOKEN_TYP,
  buildActor,
  findActorTokenProblem,
  attributeActors,
  listActorIssuers,
  listActors,
  readActor,
  SUBJECT_PROFILES,
  WORKLOAD_PREFIX,
} from './actor-token.ts'
export type { AuditEvent } from './audit-event.ts'
export { renderCef } from './cef.ts'
export { AUDIT_EVENT_TYPES, expandEventTypes, isEventOf } from './audit-event-types.ts'
export type {
  CompileDetailsSchema,
  DetailsCheck,
  DetailsFault,
  DetailsSchema,
} from './authorization-details.ts'
export { renderBasicCredentials } from './basic-credentials.ts'
export { isBlockedPort } from './blocked-ports.ts'
export { type CheckName, CHECK_TITLES } from './check-names.ts'
export {
  findAudienceProblem,
  findClientAssertionProblem,
  findSvidProblem,
  isSpiffeId,
} from './client-assertion.ts'
export {
  type ClientMetadata,
  isAllowedClientMetadataUrl,
  isClientMetadataUrl,
  parseClientMetadata,
} from './definitions/client-metadata.ts'
export {
  DECISION_CODES,
  type DecisionCode,
  type DecisionKind,
  describeAuthentication,
  describeMissingParameters,
  describeWrongParameter,
  RETRY_AFTER_SECONDS,
  WIRE_DESCRIPTION,
  type XaaCode,
} from './codes.ts'
export {
  ACR,
  AMR,
  CLIENT_ASSERTION_TYPE,
  SPIFFE_ASSERTION_TYPE,
  DECISION_HEADER,
  GRANT_TYPE,
  ID_JAG_PROFILE,
  JWT_TYP,
  MCP_EMA_EXTENSION,
  TOKEN_TYPE,
  TOKEN_TYPE_NOT_APPLICABLE,
} from './constants.ts'
export {
  type Chain,
  type Check,
  type DecisionRecord,
  type Granted,
  type Hop,
  type PolicyTrace,
  type Remedy,
  type Wire,
  zChain,
  zDecisionRecord,
} from './decision-record.ts'
export {
  type AuditStreamDefinition,
  EVENT_FORMATS,
  LINE_FORMATS,
  type LineFormat,
  zAuditSection,
  zAuditStream,
} from './definitions/audit.ts'
export { type BrokeredDefinition, type OauthCredentialDefinition, zBrokered } from './definitions/brokered.ts'
export {
  type AuthorizationServerDefinition,
  type CodeSignInDefinition,
  type ResourceClientDefinition,
  nameTrustedIssuer,
  type TrustedIssuerDefinition,
  zAuthorizationCode,
  zAuthorizationServer,
  zCodeSignIn,
  zGuardedResource,
  zResourceClient,
  zTrustedIssuer,
} from './definitions/authorization-server.ts'
export {
  type ClientAuth,
  type ClientAuthDefinition,
  zClientAuth,
  zClientMetadataAllow,
  zClientSecret,
  zJwks,
  zStoredSecretAuth,
} from './definitions/client-auth.ts'
export {
  type AppDefinition,
  type Assignments,
  type ConnectionDefinition,
  type AppKind,
  type Delegation,
  type GroupDefinition,
  type PolicyDefinition,
  type ResourceAppDefinition,
  type UserDefinition,
  zApp,
  zAssignments,
  zConnection,
  zGroup,
  zPolicy,
  zResourceApp,
  zUser,
} from './definitions/idp.ts'
export { type ApprovalRule, MAX_REQUEST_DAYS, zApprovalRule } from './definitions/approval-rule.ts'
export {
  type AccessConditions,
  type ReviewedConnections,
  type ReviewSchedule,
  reviewedMembers,
  zPeriodDays,
  zReviewName,
  zReviewSchedule,
  zWhenDue,
} from './definitions/review-schedule.ts'
export {
  type KeptSuite,
  type PolicySuite,
  type PolicyTest,
  type PolicyTestExpectation,
  type PolicyTestGiven,
  zKeptSuite,
  zPolicySuite,
} from './definitions/policy-tests.ts'
export {
  type SamlDefinition,
  type SamlIssuerDefinition,
  zSamlIssuer,
  zSamlSection,
} from './definitions/saml.ts'
export {
  zBoolean,
  zClientId,
  zId,
  zInteger,
  zIssuer,
  zTimestamp,
  zResource,
  zScopeToken,
  zServerUrl,
  zDisplayName,
} from './definitions/scalars.ts'
export {
  type ScopeApproval,
  type ScopeMeaning,
  zScopeApproval,
  zScopeMeaning,
} from './definitions/scope-meaning.ts'
export { listIdTokenAlgorithms, SIGNING_ALGORITHMS, zIdpSigning } from './definitions/signing.ts'
export { type SubjectIssuerDefinition, zSubjectIssuer } from './definitions/subject-issuer.ts'
export {
  type OidcUpstreamDefinition,
  type SamlUpstreamDefinition,
  type UpstreamDefinition,
  zOidcUpstream,
  zUpstream,
} from './definitions/upstream.ts'
export { findDpopProblem } from './dpop-proof.ts'
export { describeValue } from './describe-value.ts'
export { dropUndefined } from './drop-undefined.ts'
export { findOwn } from './find-own.ts'
export { showDefault } from './definitions/show-default.ts'
export { type MaybePromise, mapMaybe } from './map-maybe.ts'
export {
  type ClientFact,
  type DecisionFrame,
  type DpopFact,
  isVerified,
  type JwtFact,
  type RequestProblem,
  type SamlFact,
} from './facts.ts'
export { isOfDomain } from './email-domain.ts'
export { cutText, foldName, isDisplayName, toDisplayName } from './display-name.ts'
export {
  type TokenFinding,
  findUnknownMembers,
  isNumericDate,
  isObject,
  isText,
  isTextList,
  isTyp,
} from './finding.ts'
export { findRepeats } from './find-repeats.ts'
export { flat } from './flat-text.ts'
export { checkGlobalRevocationAssertion, readRevokedSubject } from './global-revocation.ts'
export {
  findActorProblem,
  type IdJagClaims,
  inspectIdJag,
  isIdJagTyp,
  readConfirmation,
  readResourceClaim,
  RESERVED_ID_JAG_CLAIMS,
} from './id-jag.ts'
export { inspectIdToken } from './id-token.ts'
export { isIssuerIdentifier, isServerUrl } from './issuer-identifier.ts'
export {
  ASYMMETRIC_ALGORITHMS,
  isPrivateJwkMember,
  isSignatureAlgorithm,
  type JwkProblem,
  JWT_SVID_USE,
  listKeyAlgorithms,
  omitPrivateJwkMembers,
  parsePublicJwk,
  type PublicJwk,
  renderThumbprintInput,
  type SignatureAlgorithm,
} from './jwk.ts'
export { parsePointer, renderPointer } from './json-pointer.ts'
export { isLoopbackAuthority } from './loopback-authority.ts'
export { evictOldest, memoize, memoizeBounded } from './memoize.ts'
export { OCSF_VERSION, renderOcsf } from './ocsf.ts'
export { MAX_BRANCHES, MAX_OPEN_INPUTS, OPEN_INPUTS, type OpenInput } from './open-inputs.ts'
export { isShredded, readAtMost } from './read-at-most.ts'
export { isAllowedRedirect, isRedirectUri, matchesRedirectUri } from './redirect-uri.ts'
export { findReplayEnd } from './replay-end.ts'
export { readPath } from './request-path.ts'
export { asStringArray, isResourceIdentifier } from './resource-identifier.ts'
export { buildResourceMetadataUrl, splitUrl } from './resource-metadata-url.ts'
export { accept, refuse, type Result } from './result.ts'
export { isRocaModulus } from './roca.ts'
export {
  findSamlEnd,
  inspectSamlAssertion,
  SAML_BEARER,
  type SamlAssertion,
  type SamlAuthnStatement,
  type SamlConfirmation,
  type SamlNameId,
} from './saml-assertion.ts'
export { parseScope, renderScope } from './scope.ts'
export {
  checkSecurityEvent,
  DELIVERY_METHOD,
  readEventTime,
  SECURITY_EVENT,
  SECURITY_EVENT_TYPE,
  type SecurityEvent,
  SENT_SECURITY_EVENTS,
  type SetRefusal,
  revokesAccess,
  suspendsAccess,
} from './security-event.ts'
export {
  buildSubjectId,
  parseSecuritySubject,
  type SecuritySubject,
  type SubjectId,
} from './security-subject.ts'
export { renderCsv } from './csv.ts'
export { toCommandLine, toShellWord, withOptions, withServer } from './shell-word.ts'
export {
  isComplexJson,
  isUsableText,
  type JsonTextProblem,
  parseJson,
  parseStrictJson,
} from './strict-json.ts'
export { parseSubId, renderSubIdKey } from './sub-id.ts'
export { DAY_MS, type EpochMs, type EpochSeconds, HOUR_MS, MINUTE_MS } from './time.ts'
export {
  findUpstreamAudience,
  inspectSessionExpiry,
  inspectUpstreamIdToken,
  readUpstreamSubject,
} from './upstream-id-token.ts'
export { listMetadataPaths } from './well-known.ts'
