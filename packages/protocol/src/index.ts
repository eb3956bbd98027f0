// The exports for other packages, by file. Everything else is internal: add a name when another package needs it; never
// export `*`.
export { type AccessTokenClaims, renderAudience } from './tokens/access-token.ts'
export {
  type AppKind,
  ACTOR_TOKEN_TYP,
  buildActor,
  findActorTokenProblem,
  attributeActors,
  listActorIssuers,
  listActors,
  readActor,
  SUBJECT_PROFILES,
  WORKLOAD_PREFIX,
} from './tokens/actor-token.ts'
export type { AuditEvent } from './records/audit-event.ts'
export { renderCef } from './records/cef.ts'
export {
  AUDIT_EVENT_TYPES,
  expandEventTypes,
  isEventOf,
  type ObjectKind,
} from './records/audit-event-types.ts'
export type {
  CompileDetailsSchema,
  DetailsCheck,
  DetailsFault,
  DetailsSchema,
} from './authorization-details.ts'
export { renderBasicCredentials } from './tokens/basic-credentials.ts'
export { isBlockedPort } from './addresses/blocked-ports.ts'
export { type CheckFamily, type CheckName, CHECK_TITLES } from './records/check-names.ts'
export {
  findAudienceProblem,
  findClientAssertionProblem,
  findSvidProblem,
  isSpiffeId,
} from './tokens/client-assertion.ts'
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
} from './records/codes.ts'
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
} from './records/decision-record.ts'
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
  zKeyAuth,
  zStoredSecretAuth,
} from './definitions/client-auth.ts'
export {
  type AppDefinition,
  type Assignments,
  type ConnectionDefinition,
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
export { findDpopProblem } from './tokens/dpop-proof.ts'
export { chunk } from './values/chunk.ts'
export { describeValue } from './values/describe-value.ts'
export { dropUndefined } from './values/drop-undefined.ts'
export { findOwn } from './values/find-own.ts'
export { showDefault } from './definitions/show-default.ts'
export { type MaybePromise, mapMaybe } from './values/map-maybe.ts'
export {
  type ClientFact,
  type DecisionFrame,
  type DpopFact,
  isVerified,
  type JwtFact,
  type RequestProblem,
  type SamlFact,
} from './facts.ts'
export { isOfDomain } from './addresses/email-domain.ts'
export { cutText, foldName, isDisplayName, isTypedName, toDisplayName } from './display-name.ts'
export {
  type TokenFinding,
  findUnknownMembers,
  isNumericDate,
  isObject,
  isText,
  isTextList,
  isTyp,
} from './finding.ts'
export { findMedian } from './values/find-median.ts'
export { findRepeats } from './values/find-repeats.ts'
export { flat } from './values/flat-text.ts'
export { checkGlobalRevocationAssertion, readRevokedSubject } from './security-events/global-revocation.ts'
export {
  findActorProblem,
  type IdJagClaims,
  inspectIdJag,
  isIdJagTyp,
  readConfirmation,
  readResourceClaim,
  RESERVED_ID_JAG_CLAIMS,
} from './tokens/id-jag.ts'
export { inspectIdToken } from './tokens/id-token.ts'
export { isIssuerIdentifier, isServerUrl } from './addresses/issuer-identifier.ts'
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
} from './tokens/jwk.ts'
export { parsePointer, renderPointer } from './values/json-pointer.ts'
export { isLoopbackAuthority } from './addresses/loopback-authority.ts'
export { evictOldest, memoize, memoizeBounded } from './values/memoize.ts'
export { OCSF_VERSION, renderOcsf } from './records/ocsf.ts'
export { MAX_BRANCHES, MAX_OPEN_INPUTS, OPEN_INPUTS, type OpenInput } from './values/open-inputs.ts'
export { isShredded, readAtMost } from './values/read-at-most.ts'
export { isAllowedRedirect, isRedirectUri, matchesRedirectUri } from './addresses/redirect-uri.ts'
export { findReplayEnd } from './tokens/replay-end.ts'
export { readPath } from './addresses/request-path.ts'
export { asStringArray, isResourceIdentifier } from './addresses/resource-identifier.ts'
export { buildResourceMetadataUrl, splitUrl } from './addresses/resource-metadata-url.ts'
export { accept, refuse, type Result } from './result.ts'
export { isRocaModulus } from './tokens/roca.ts'
export {
  findSamlEnd,
  inspectSamlAssertion,
  SAML_BEARER,
  type SamlAssertion,
  type SamlAuthnStatement,
  type SamlConfirmation,
  type SamlNameId,
} from './tokens/saml-assertion.ts'
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
} from './security-events/security-event.ts'
export {
  buildSubjectId,
  parseSecuritySubject,
  type SecuritySubject,
  type SubjectId,
} from './security-events/security-subject.ts'
export { renderCsv } from './values/csv.ts'
export { toCommandLine, toShellWord, withOptions, withServer } from './values/shell-word.ts'
export {
  isComplexJson,
  isUsableText,
  type JsonTextProblem,
  parseJson,
  parseStrictJson,
} from './values/strict-json.ts'
export { parseSubId, renderSubIdKey } from './tokens/sub-id.ts'
export { DAY_MS, DAY_SECONDS, type EpochMs, type EpochSeconds, HOUR_MS, MINUTE_MS } from './time.ts'
export {
  findUpstreamAudience,
  inspectSessionExpiry,
  inspectUpstreamIdToken,
  readUpstreamSubject,
} from './upstream-id-token.ts'
export { listMetadataPaths } from './addresses/well-known.ts'
