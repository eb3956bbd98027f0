export { type AccessFacts, matchesAccess } from './access-conditions.ts'
export { type AccessGrant, hasGrant } from './access-grants.ts'
export {
  type Asked,
  findAsked,
  listApprovers,
  type RequestFacts,
  renderApprovalRule,
  type RuleNames,
  routeRequest,
  type Route,
} from './approval-rules.ts'
export { ASSUMED_KEY } from './assumed-key.ts'
export { byId } from './by-id.ts'
export { type Block, type BlockQuestion, findBlock, findSignInBlock } from './blocks.ts'
export {
  type AuthorizationCode,
  type AuthorizationFacts,
  type CodeFacts,
  describeCode,
} from './code-facts.ts'
export { evaluateAuthorization } from './evaluate-authorization.ts'
export type { CredentialFact, CredentialFacts, CredentialOwner } from './credential-facts.ts'
export { evaluateCode } from './evaluate-code.ts'
export { evaluateCredential, isGatewayOf } from './evaluate-credential.ts'
export {
  evaluateSignInGrant,
  mayAskProvider,
  type SignInGrantAnswer,
  type SignInGrantFacts,
  type SignInGrantSnapshot,
} from './evaluate-sign-in-grant.ts'
export { evaluateUnreadRequest, evaluateFault } from './evaluate-unread-request.ts'
export { evaluateExchange } from './evaluate-exchange.ts'
export type { DetailsTypes } from './details-types.ts'
export type { AccessTokenFact, ActorFact, ExchangeFacts, SignInFact, SubjectFact } from './exchange-facts.ts'
export {
  compileConnections,
  compileExchangeSnapshot,
  type ConnectionHold,
  connectionKey,
  type ExchangeDefinitions,
  type ExchangeSettings,
  type ExchangeSnapshot,
  type OpenRequest,
  type Origin,
  type SamlTrust,
} from './exchange-snapshot.ts'
export { findNextOpeningTime, findOpeningTime, renderReviewSchedule } from './review-schedules.ts'
export { hasActiveOwner } from './owners.ts'
export { hasEnded, parseMoment, renderTime } from './moment.ts'
export {
  type ComparedSources,
  type ExchangeUser,
  identifyAll,
  compareSources,
  type FindByValue,
  foldValue,
  MAX_NAMESAKES,
  identifyUser,
  readIdentifier,
} from './namesakes.ts'
export { type EvaluatedUser, findAssignment, isCovered, mayUse, readUserSource } from './users.ts'
export { findActorKeys } from './exchange/actor-checks.ts'
export { applyAccessGrants } from './exchange/granted-access.ts'
export { buildIdJagClaims } from './exchange/build-id-jag.ts'
export { isRefreshExchange, REFRESH_TOKEN_TTL_SECONDS } from './exchange/refresh-exchange.ts'
export {
  isDetailsArray,
  parseAuthorizationDetails,
  listSubjectTokenTypes,
} from './exchange/request-checks.ts'
export { approvalKey, compareMeanings, renderMeaning, type ScopeState } from './scope-approvals.ts'
export { evaluateRedemption } from './evaluate-redemption.ts'
export {
  buildUserClaims,
  findEmailProblem,
  listUserClaims,
  MAX_USER_CLAIM_BYTES,
  readProfile,
} from './redemption/user-claims.ts'
export { findRequiredIssuer, type UserOrigin } from './redemption/id-jag-only.ts'
export type { AccountFact, LinkingStep, RedemptionFacts } from './redemption-facts.ts'
export {
  compileRedemptionSnapshot,
  findRevocation,
  findTrust,
  mostUses,
  type RedemptionSnapshot,
  type Revocation,
} from './redemption-snapshot.ts'
export {
  checkPolicyDefinition,
  createPolicyLinter,
  describeClauses,
  evaluateRules,
  findNearest,
  isInNetwork,
  type LintedDefinitions,
  type Linter,
  type Network,
  parseAddress,
  parseNetwork,
  parseTimeWindow,
  readsAddress,
  renderRule,
  type RuleFacts,
  type RuleFinding,
} from './rules/index.ts'
export { type AssumedExchange, assumeExchange } from './simulation/assume-exchange.ts'
export { type Branch, evaluateBranches } from './simulation/evaluate-branches.ts'
export { findNearestDenial } from './simulation/find-nearest-denial.ts'
export { addNearestAllow } from './simulation/find-nearest-allow.ts'
export {
  findReach,
  type Reach,
  type ReachCursor,
  type ReachFilter,
  type ReachPage,
  type ReachWorld,
  stepReach,
} from './simulation/find-reach.ts'
export { judgeMatrix } from './simulation/judge-matrix.ts'
export { type Reachable, stepReachable } from './simulation/list-reachable.ts'
export { findEdges, isRelevant } from './simulation/open-inputs.ts'
export { withoutConditions } from './simulation/without-conditions.ts'
export { listUsersAsked, type TestWorld } from './policy-tests/expand-test.ts'
export { findSurvivors, type MutationReport } from './policy-tests/find-survivors.ts'
export { runSuite, stepSuite, type SuiteReport, type TestResult } from './policy-tests/run-suite.ts'
export { createReplayCollector } from './replay/collect-replay.ts'
export { REPLAY_KINDS, type ReplayKind } from './replay/compare-outcomes.ts'
export { listDenialsNow, type DenialNow } from './replay/list-denials-now.ts'
export { recoverRequest } from './replay/read-recorded.ts'
export {
  replayDecision,
  type MissingFact,
  type Replayed,
  type ReplayWorld,
  type Side,
} from './replay/replay-decision.ts'
export { createReportOnlyReplay, type ReportOnlyReplay } from './replay/replay-report-only.ts'
export { describeWorkload, nameWorkload } from './exchange/workload-checks.ts'
