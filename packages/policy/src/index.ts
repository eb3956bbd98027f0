export * from './access-grants.ts'
export * from './blocks.ts'
export * from './code-facts.ts'
export * from './evaluate-authorization.ts'
export * from './credential-facts.ts'
export * from './evaluate-code.ts'
export * from './evaluate-credential.ts'
export * from './evaluate-sign-in-grant.ts'
export * from './evaluate-unread-request.ts'
export * from './evaluate-exchange.ts'
export type { DetailsTypes } from './details-types.ts'
export * from './exchange-facts.ts'
export * from './exchange-snapshot.ts'
export * from './moment.ts'
export * from './users.ts'
export * from './exchange/granted-access.ts'
export * from './exchange/build-id-jag.ts'
export { isRefreshExchange, REFRESH_TOKEN_TTL_SECONDS } from './exchange/refresh-exchange.ts'
export {
  isDetailsArray,
  parseAuthorizationDetails,
  listSubjectTokenTypes,
} from './exchange/request-checks.ts'
export * from './scope-approvals.ts'
export * from './evaluate-redemption.ts'
export {
  buildUserClaims,
  findEmailProblem,
  listUserClaims,
  MAX_USER_CLAIM_BYTES,
  readProfile,
} from './redemption/user-claims.ts'
export { findRequiredIssuer, type UserOrigin } from './redemption/id-jag-only.ts'
export * from './redemption-facts.ts'
export * from './redemption-snapshot.ts'
export * from './rules/index.ts'
export * from './simulation/assume-exchange.ts'
export * from './simulation/evaluate-branches.ts'
export * from './simulation/find-nearest-denial.ts'
export * from './simulation/find-nearest-allow.ts'
export * from './simulation/find-reach.ts'
export * from './simulation/judge-matrix.ts'
export * from './simulation/list-reachable.ts'
export { findEdges, isRelevant } from './simulation/open-inputs.ts'
export { listUsersAsked, type TestWorld } from './policy-tests/expand-test.ts'
export * from './policy-tests/find-survivors.ts'
export * from './policy-tests/run-suite.ts'
export * from './replay/collect-replay.ts'
export { REPLAY_KINDS, type ReplayKind } from './replay/compare-outcomes.ts'
export { findDenialNow, type DenialNow } from './replay/find-denial-now.ts'
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
