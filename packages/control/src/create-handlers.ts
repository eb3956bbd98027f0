// All handlers of the admin API, by route name.
import { createEvaluationHandler } from './simulate/access-evaluation.ts'
import { createAccountHandlers } from './accounts/accounts.ts'
import { createAccessGrantHandlers } from './approvals/access-grants.ts'
import { createAccessRequestHandlers } from './approvals/access-requests.ts'
import { createAdminRoleHandlers } from './administrators/admin-roles.ts'
import { createAuditStreamHandlers } from './audit/audit-streams.ts'
import { createAuditHandlers } from './audit/audit.ts'
import { createVerificationHandlers } from './audit/audit-verification.ts'
import { createExportLimit } from './audit/export-limit.ts'
import { createAuditRetentionHandlers } from './audit/audit-retention.ts'
import { createPackHandlers } from './audit/pack/build-pack.ts'
import { createInclusionProofHandlers } from './audit/prove-event.ts'
import { createRestoreDrillHandlers } from './audit/restore-drills.ts'
import { createBlockHandlers } from './respond/blocks.ts'
import { createConfigurationHandlers } from './configuration/handlers.ts'
import { createConnectionUsageHandlers } from './connections/connection-usage.ts'
import type { Handlers } from './http/context.ts'
import { createDecisionHandlers } from './audit/decisions.ts'
import { createSimulationHandlers } from './simulate/simulation-handlers.ts'
import { createEventStreamHandlers } from './audit/event-streams.ts'
import { createExplainHandler } from './simulate/explain.ts'
import { createActHandlers } from './respond/acts.ts'
import { createFactorHandlers } from './respond/factors.ts'
import { createObjectHandlers } from './objects/handlers.ts'
import { createTokenHandlers } from './administrators/tokens.ts'
import { createInvitationHandlers } from './invitations/handlers.ts'
import { createRecommendationHandlers } from './recommendations/recommendations.ts'
import { createFactHandlers } from './connections/insights/facts.ts'
import { createConnectionPreviewHandler } from './connections/insights/connection-preview.ts'
import { createDecisionSummaryHandler } from './connections/insights/decision-summary.ts'
import { createDiscoverHandler } from './connections/insights/discover.ts'
import { createKeyHandlers } from './audit/keys.ts'
import { createKillHandlers } from './respond/kill.ts'
import { createLiveAccessHandlers } from './respond/live-access.ts'
import { createOpenApiHandler } from './http/openapi.ts'
import type { SharedParts } from './parts.ts'
import type { AuditKeeperPart } from './audit/delivery/audit-keeper.ts'
import type { AuditStreamsPart } from './audit/delivery/audit-streams.ts'
import type { EvaluatePart } from './evaluator/evaluator.ts'
import type { ProofsPart } from './connections/proofs/proofs.ts'
import type { RevokerPart } from './respond/access-revoker.ts'
import type { SignalsPart } from './security-events/signals.ts'
import type { VaultPart } from './vault/vault.ts'
import { createPolicyDraftHandlers } from './simulate/policy-drafts.ts'
import { createProofHandlers } from './connections/prove.ts'
import { createReviewHandlers } from './reviews/reviews.ts'
import { createScopeApprovalHandlers } from './approvals/scope-approvals.ts'
import { createVaultHandlers } from './vault/handlers.ts'

export type AllParts = SharedParts &
  AuditKeeperPart &
  AuditStreamsPart &
  EvaluatePart &
  ProofsPart &
  RevokerPart &
  SignalsPart &
  VaultPart

export function createHandlers(parts: AllParts): Handlers {
  const exportLimit = createExportLimit()
  return {
    openapi: createOpenApiHandler(parts.configuration.baseUrl),
    ...createObjectHandlers(parts),
    ...createActHandlers(parts),
    ...createScopeApprovalHandlers(parts),
    ...createFactorHandlers(parts),
    ...createTokenHandlers(parts),
    ...createAdminRoleHandlers(parts),
    ...createConnectionUsageHandlers(parts),
    ...createDecisionHandlers(parts),
    ...createSimulationHandlers(parts),
    'access.evaluate': createEvaluationHandler(parts),
    explain: createExplainHandler(parts),
    ...createAuditHandlers(parts, exportLimit),
    ...createVerificationHandlers(parts),
    ...createInclusionProofHandlers(parts),
    ...createPackHandlers(parts, exportLimit),
    ...createAuditRetentionHandlers(parts),
    ...createRestoreDrillHandlers(parts),
    ...createAuditStreamHandlers(parts),
    ...createLiveAccessHandlers(parts),
    ...createAccountHandlers(parts),
    ...createBlockHandlers(parts),
    ...createKillHandlers(parts),
    ...createAccessRequestHandlers(parts),
    ...createAccessGrantHandlers(parts),
    ...createReviewHandlers(parts),
    ...createRecommendationHandlers(parts),
    ...createKeyHandlers(parts),
    'decisions.summary': createDecisionSummaryHandler(parts),
    ...createFactHandlers(parts),
    'connections.preview': createConnectionPreviewHandler(parts),
    discover: createDiscoverHandler(parts),
    ...createEventStreamHandlers(parts),
    ...createVaultHandlers(parts),
    ...createConfigurationHandlers(parts),
    ...createInvitationHandlers(parts),
    ...createPolicyDraftHandlers(parts),
    ...createProofHandlers(parts),
  }
}
