// The exports for other packages, by file. Everything else is internal: add a name when another package needs it; never
// export `*`.
export { createCheckingClient } from './answers.ts'
export {
  type AdminClientOptions,
  type AdminAnswer,
  AdminApiError,
  type AdminClient,
  type CallOptions,
  createAdminClient,
  readError,
} from './client.ts'
export { nameOne } from './collections/collection.ts'
export {
  type Collection,
  COLLECTION_NAMES,
  COLLECTIONS,
  type InputOf,
  READ_ONLY_MEMBERS,
  type ViewOf,
} from './collections/registry.ts'
export { type OpenApiDocument, writeOpenApi } from './openapi.ts'
export { MAX_PAGE, type Page, readPages } from './read-pages.ts'
export { ALLOWED, isAbove, type Role, ROLES, SCOPED_ROLES } from './roles.ts'
export { hasEtag, type Route } from './route.ts'
export {
  ADMIN_API_PATH,
  type AnswerTo,
  type CallTo,
  listRoutesOf,
  type ReplyTo,
  type RequestTo,
  type RouteName,
  ROUTES,
} from './routes.ts'
export {
  type AccessEvaluated,
  DECISION_POINT_METADATA_PATH,
  EVALUATION_PATH,
} from './routes/access-evaluation.ts'
export {
  accessGrantRoutes,
  type AccessGrantView,
  type DeciderChange,
  zDeciderChange,
} from './routes/access-grants.ts'
export {
  type AccessRequest,
  accessRequestRoutes,
  type AskedUsers,
  zAccessRequest,
} from './routes/access-requests.ts'
export { accessTokenRoutes, type AccessTokenView } from './routes/access-tokens.ts'
export { accountRoutes, type AccountView, MAX_ACCOUNTS } from './routes/accounts.ts'
export { type ActOutcome, actRoutes } from './routes/acts.ts'
export { adminRoleRoutes, type RoleOf, type RouteRoles } from './routes/admin-roles.ts'
export { auditStreamRoutes, type AuditStreamView } from './routes/audit-streams.ts'
export {
  type AuditFilter,
  type EventFormat,
  type HashRun,
  type InclusionProof,
  MAX_FOLLOWING,
  MAX_PACKED,
  NDJSON,
  type PackManifest,
  ZIP,
  zHashRun,
  zPackManifest,
  zInclusionProof,
  zRecordedEvent,
  splitEventTypes,
} from './routes/audit.ts'
export { blockRoutes, type BlockView, type KillReach } from './routes/blocks.ts'
export { type ObjectQuery, objectRoutes } from './routes/collections.ts'
export {
  type ConfigurationDocument,
  type ConfigurationExport,
  type ConfigurationPlan,
  configurationRoutes,
  MAX_DOCUMENT_BYTES,
  type PlannedChange,
} from './routes/configuration.ts'
export { type ConnectionUsage, connectionUsageRoutes } from './routes/connection-usage.ts'
export { decisionRoutes, type Simulated, type SimulationInput } from './routes/decisions.ts'
export { eventStreamRoutes, type EventStreamView } from './routes/event-streams.ts'
export { type FactorReset, factorRoutes } from './routes/factors.ts'
export {
  type Discovery,
  insightRoutes,
  MAX_APPS,
  MAX_CONNECTIONS,
  MAX_COUNTED,
  MAX_USERS,
} from './routes/insights.ts'
export {
  type Invitation,
  type InvitationFile,
  invitationRoutes,
  type InvitedAuth,
  LONGEST_INVITATION,
  type OpenedInvitation,
  zInvitation,
  zInvitationFile,
} from './routes/invitations.ts'
export { keyRoutes, type KeyView } from './routes/keys.ts'
export { type PolicyLintFinding, policyDraftRoutes } from './routes/policy-drafts.ts'
export { policyTestRoutes } from './routes/policy-tests.ts'
export {
  type CredentialPlace,
  type Proof,
  type ProofCredential,
  type ProofInput,
  type ProofLeg,
  proofRoutes,
} from './routes/proofs.ts'
export { type ReachBody, reachRoutes } from './routes/reach.ts'
export {
  type Recommendation,
  RECOMMENDATION_RULES,
  RECOMMENDATION_SEVERITIES,
  recommendationRoutes,
  zRecommendation,
  zRecommendationMute,
} from './routes/recommendations.ts'
export {
  DEFAULT_REPLAYED,
  MAX_EXAMPLES,
  MAX_REPLAYED,
  REPLAY_KIND_NAMES,
  type ReplayReportBody,
} from './routes/replay.ts'
export { type ListedReviewItem, reviewRoutes, type WaitingReviewItem } from './routes/reviews.ts'
export { scopeApprovalRoutes } from './routes/scope-approvals.ts'
export {
  type MatrixBody,
  type MatrixInput,
  MAX_MATRIX_CONNECTIONS,
  MAX_MATRIX_USERS,
} from './routes/simulation-matrix.ts'
export { storedCredentialRoutes, type StoredCredentialView } from './routes/stored-credentials.ts'
export { tokenRoutes, type TokenView } from './routes/tokens.ts'
export type { ClientAuthInput, ClientAuthView } from './schemas/client-auth.ts'
export { type ProblemBody, zHeld } from './schemas/common.ts'
export {
  type Removal,
  type Review,
  type ReviewerPace,
  type ReviewItem,
  zReview,
  zReviewItem,
} from './schemas/review.ts'
export { toEpochMs } from './schemas/timestamps.ts'
export type { TokenPreview } from './schemas/token-preview.ts'
