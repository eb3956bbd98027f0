// All checks of the complete configuration, in no particular order: problems are sorted by line afterwards.
import { checkAddresses, checkProxies } from './addresses.ts'
import { checkAdminRoles } from './admin-roles.ts'
import { checkApprovalRules } from './approval-rules.ts'
import { checkBrokered } from './brokered.ts'
import { checkCallbacks } from './callbacks.ts'
import type { FileCheck } from './check.ts'
import { checkCodeFlow } from './code-flow.ts'
import { checkConnections } from './connections.ts'
import { checkDirectories } from './directories.ts'
import { DUPLICATE_CHECKS } from './duplicates.ts'
import { checkIssuers } from './issuers.ts'
import { checkPkce, checkSignIn, checkUpstreams } from './sign-in.ts'
import { checkDetailsSchemas, checkLimits } from './limits.ts'
import { checkPolicies } from './policies.ts'
import { REFERENCE_CHECKS } from './references.ts'
import { checkReviewSchedules } from './review-schedules.ts'
import { checkRoles } from './roles.ts'
import { checkSaml } from './saml.ts'
import { checkScopeApprovals } from './scope-approvals.ts'
import { checkSecrets } from './secrets.ts'
import { checkSecurityEvents } from './security-events.ts'
import { checkSubjectIssuers } from './subject-issuers.ts'
import { checkTrustWorks } from './trust.ts'

export const CHECKS: readonly FileCheck[] = [
  ...DUPLICATE_CHECKS,
  ...REFERENCE_CHECKS,
  checkRoles,
  checkConnections,
  checkIssuers,
  checkSignIn,
  checkAddresses,
  checkBrokered,
  checkCallbacks,
  checkCodeFlow,
  checkProxies,
  checkPolicies,
  checkApprovalRules,
  checkReviewSchedules,
  checkPkce,
  checkSaml,
  checkSecrets,
  checkSecurityEvents,
  checkAdminRoles,
  checkDetailsSchemas,
  checkScopeApprovals,
  checkDirectories,
  checkLimits,
  checkSubjectIssuers,
  checkTrustWorks,
  checkUpstreams,
]
