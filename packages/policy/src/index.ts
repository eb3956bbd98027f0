export * from './evaluate-sign-in-grant.ts'
export * from './evaluate-unread-request.ts'
export * from './evaluate-exchange.ts'
export * from './exchange-facts.ts'
export * from './exchange-snapshot.ts'
export * from './people.ts'
export * from './exchange/build-id-jag.ts'
export { isRefreshExchange, REFRESH_TOKEN_TTL_SECONDS } from './exchange/refresh-exchange.ts'
export {
  isDetailsArray,
  parseAuthorizationDetails,
  listSubjectTokenTypes,
} from './exchange/request-checks.ts'
export { renderMoment } from './record.ts'
export * from './evaluate-redemption.ts'
export * from './redemption-facts.ts'
export * from './redemption-snapshot.ts'
export * from './rules/index.ts'
export * from './simulation/assume-exchange.ts'
export * from './simulation/find-nearest-yes.ts'
export * from './simulation/find-reach.ts'
export type { TestWorld } from './policy-tests/expand-test.ts'
export * from './policy-tests/find-survivors.ts'
export * from './policy-tests/run-suite.ts'
