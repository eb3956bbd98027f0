// Signing users in at another provider. A separate entry point, so that other programs do not load an OpenID Connect
// client.
export {
  createOauthClient,
  type OauthClient,
  type OauthRefusal,
  type OauthTokens,
  UNSUPPORTED_TOKEN_TYPE,
} from './oauth-client.ts'
export { createOidcClient, type OidcProvider, type PendingOidcSignIn } from './oidc-client.ts'
export { createRefusalReports, type RefusalReport, type ReportRefusal } from './report-refusal.ts'
export {
  CLOCK_TOLERANCE_SECONDS,
  type PendingSignIn,
  type UpstreamAnswer,
  type UpstreamClaims,
  type UpstreamClient,
  type UpstreamRefusal,
  type UpstreamRequest,
} from './upstream-client.ts'
