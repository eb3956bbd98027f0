// Every handler of the admin API under the name of its route.
import { buildOpenApi } from '@crosswalk/admin-api'

import { createEvaluationHandler } from './access-evaluation.ts'
import { createAccessGrantHandlers } from './access-grants.ts'
import { createAccessRequestHandlers } from './access-requests.ts'
import { createAdminRoleHandlers } from './admin-roles.ts'
import { createAuditStreamHandlers } from './audit-streams.ts'
import { createAuditHandlers } from './audit.ts'
import { createAuditProofHandlers } from './audit-proof.ts'
import { createAuditRetentionHandlers } from './audit-retention.ts'
import { createBlockHandlers } from './blocks.ts'
import { createConfigurationHandlers } from './configuration.ts'
import { createConnectionUsageHandlers } from './connection-usage.ts'
import type { Handlers } from './context.ts'
import { createDecisionHandlers } from './decisions.ts'
import { createAsideHandlers } from './evaluate-aside.ts'
import { createEventStreamHandlers } from './event-streams.ts'
import { createExplainHandler } from './explain.ts'
import { createActHandlers } from './handlers/acts.ts'
import { createFactorHandlers } from './handlers/factors.ts'
import { createObjectHandlers } from './handlers/objects.ts'
import { createTokenHandlers } from './handlers/tokens.ts'
import { createHintHandlers } from './hints/hints.ts'
import { createInsightHandlers } from './insights/create-insight-handlers.ts'
import { createKeyHandlers } from './keys.ts'
import { createKillHandlers } from './kill.ts'
import { createLiveAccessHandlers } from './live-access.ts'
import type { AdminParts } from './parts.ts'
import { createPolicyDraftHandlers } from './policy-drafts.ts'
import { createProofHandlers } from './prove.ts'
import { createReachHandlers } from './reach.ts'
import { createReviewHandlers } from './reviews/reviews.ts'
import { createScopeApprovalHandlers } from './scope-approvals.ts'

export function createHandlers(parts: AdminParts): Handlers {
  const document = buildOpenApi(parts.configuration.baseUrl)
  return {
    openapi: async () => ({ status: 200, body: document }),
    ...createObjectHandlers(parts),
    ...createActHandlers(parts),
    ...createScopeApprovalHandlers(parts),
    ...createFactorHandlers(parts),
    ...createTokenHandlers(parts),
    ...createAdminRoleHandlers(parts),
    ...createConnectionUsageHandlers(parts),
    ...createDecisionHandlers(parts),
    ...createAsideHandlers(parts),
    'access.evaluate': createEvaluationHandler(parts),
    explain: createExplainHandler(parts),
    ...createAuditHandlers(parts),
    ...createAuditProofHandlers(parts),
    ...createAuditRetentionHandlers(parts),
    ...createAuditStreamHandlers(parts),
    ...createLiveAccessHandlers(parts),
    ...createBlockHandlers(parts),
    ...createKillHandlers(parts),
    ...createAccessRequestHandlers(parts),
    ...createAccessGrantHandlers(parts),
    ...createReviewHandlers(parts),
    ...createHintHandlers(parts),
    ...createKeyHandlers(parts),
    ...createInsightHandlers(parts),
    ...createEventStreamHandlers(parts),
    ...createConfigurationHandlers(parts),
    ...createPolicyDraftHandlers(),
    ...createProofHandlers(parts),
    ...createReachHandlers(parts),
  }
}
