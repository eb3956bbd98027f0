export {
  type ClientAuth,
  type ClientAuthContext,
  type ClientCredentials,
  clientSecret,
  clientSecretPost,
  privateKeyJwt,
  type PrivateKeyJwtOptions,
  publicClient,
} from './client-auth.ts'
export { type Challenge, findResourceMetadata, findTokenChallenge } from './challenge.ts'
export type { Leg, LegEvent } from './leg-event.ts'
export type { Confidence, KnownAnswer } from './known-answer.ts'
export { KNOWN_ANSWERS } from './known-answers.ts'
export { type ForeignError, normalizeError, type NormalizedError } from './normalize-error.ts'
export type { AccessOptions, IdpOptions, ResourceRegistration, XaaOptions } from './options.ts'
export { Redacted, redactText } from './redacted.ts'
export type { AccessToken } from './redemption.ts'
export type { ResourceAccess } from './resource-access.ts'
export type { Session, SubjectToken, SubjectTokenKind, SubjectTokenRequest } from './session.ts'
export { type Agent, type AgentSession, xaa } from './xaa.ts'
export {
  AnswerRefused,
  BlockedByAdmin,
  ClientRefused,
  DiscoveryFailed,
  GrantRefused,
  InvalidOptions,
  NeedsMoreScope,
  SignInAgain,
  StepUpFailed,
  StepUpRequired,
  TokenRefused,
  Unavailable,
  XaaError,
} from './xaa-error.ts'
