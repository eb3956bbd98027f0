export type { Idp } from './create-idp.ts'
export type { IdpConfig, IdpPorts } from './idp-ports.ts'
export type { SessionEnd } from './sign-in/contract.ts'
export { type DefinedIdp, defineIdp, type IdpDefinition, InvalidDefinition } from './define-idp.ts'
export type { OwnUserSource, ConfiguredUser } from './define-users.ts'
export { createIdp, type IdpBasePorts } from './embed.ts'
export type {
  OwnAccess,
  OwnAccount,
  OwnActivity,
  OwnPeriod,
  OwnConnection,
  OwnProblem,
  OwnRefusal,
  OwnRequest,
  OwnScope,
  OwnSource,
} from './sign-in/own-access/contract.ts'
export type {
  AdminConsole,
  CountedGrants,
  CurrentClaims,
  GrantLog,
  LogCursor,
  LoggedGrant,
  Passkey,
  PasswordHashes,
  SecondFactors,
  SignInStore,
  TotpFactor,
  UpstreamLinks,
  Upstreams,
  UpstreamUser,
  User,
  UserLookup,
  Users,
} from './ports.ts'
export {
  type Descent,
  type FoundAccessToken,
  type IssuedTokens,
  observeAccessToken,
  recordDescent,
} from './grants/token-exchange/observe-access-token.ts'
export { buildSecurityEvent, type SecurityEventParts } from './security-events/build-security-event.ts'
export {
  buildTransmitterMetadata,
  createSecurityEvents,
  type SecurityEventPorts,
  type SecurityEvents,
  type SecurityEventsParts,
} from './security-events/security-events.ts'
export { buildVerification, nameSubject } from './security-events/stream-management.ts'
export {
  AUTHORIZATION_LABEL,
  chooseEvents,
  type EventStream,
  type EventStreams,
  renderStream,
  resealStream,
  type StreamReceiver,
  type StreamStatus,
} from './security-events/streams.ts'
export { nameCredentialType } from './sign-in/factors/passkeys.ts'
export { listFactors } from './sign-in/factors/enrolled-factors.ts'
export { resealTotpSecret, sealTotpSecret } from './sign-in/factors/totp-factor.ts'
export { hashPassword, verifyPassword } from './sign-in/passwords.ts'
export {
  type EmbeddedServer,
  type FastifyHook,
  type NodeMiddleware,
  toFastifyHook,
  toMiddleware,
} from '@crosswalk/as-core'
