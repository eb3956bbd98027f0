// Every check of the configuration as a whole, in no particular order: problems are sorted by line afterwards.
import { checkAddresses } from './addresses.ts'
import { checkAdminRoles } from './admin-roles.ts'
import { checkBrokered } from './brokered.ts'
import { checkCallbacks } from './callbacks.ts'
import type { Check } from './check.ts'
import { checkCodeFlow } from './code-flow.ts'
import { checkConnections } from './connections.ts'
import { checkDetailsSchemas } from './details-schemas.ts'
import { checkDirectories } from './directories.ts'
import { checkDuplicates } from './duplicates.ts'
import { checkIssuers } from './issuers.ts'
import { checkSignIn } from './sign-in.ts'
import { checkLimits } from './limits.ts'
import { checkPkce } from './pkce.ts'
import { checkPolicies } from './policies.ts'
import { checkProxies } from './proxies.ts'
import { checkReferences } from './references.ts'
import { checkSaml } from './saml.ts'
import { checkScopeApprovals } from './scope-approvals.ts'
import { checkSecrets } from './secrets.ts'
import { checkSecurityEvents } from './security-events.ts'
import { checkSubjectIssuers } from './subject-issuers.ts'
import { checkTrustWorks } from './trust.ts'
import { checkUpstreams } from './upstreams.ts'

export const CHECKS: readonly Check[] = [
  checkDuplicates,
  checkReferences,
  checkConnections,
  checkIssuers,
  checkSignIn,
  checkAddresses,
  checkBrokered,
  checkCallbacks,
  checkCodeFlow,
  checkProxies,
  checkPolicies,
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
