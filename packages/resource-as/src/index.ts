export type { ResourceAs } from './create-resource-as.ts'
export type { ResourceAsConfig, ResourceAsPorts } from './resource-as-ports.ts'
export {
  type DefinedResourceAs,
  defineResourceAs,
  InvalidDefinition,
  type ResourceAsDefinition,
} from './define-resource-as.ts'
export { createResourceAs, type EmbeddedResourceAs, type EmbeddedResourceOptions } from './embed.ts'
export { askOwnUsers, type OwnUser, type OwnUsers } from './accounts/own-users.ts'
export type { SignedIn, SignIn, SignInRequest } from './authorization/signed-in.ts'
export type { InspectedToken } from './introspection.ts'
export type {
  AccessTokens,
  Account,
  Accounts,
  Consent,
  Consents,
  Identity,
  IssuedAccessToken,
  IssuedIdJags,
  ReleasedCredential,
  StoredCredentials,
  TokenDescent,
  TokenDescents,
  TokenOfApp,
  TokenSelector,
} from './ports.ts'
export {
  createReceivedRevocations,
  type ReceivedRevocation,
  type ReceivedRevocations,
  type ReceivedRevocationStore,
  type StoredRevocation,
} from './security-events/received-revocations.ts'
export { findIssuedUntil, type RevokeParts, revokeReceived } from './security-events/revoke-received.ts'
export { SIGN_IN_TTL_SECONDS } from './sign-in-lifetime.ts'
export { createTakeOver, mayRevoke, TAKE_OVER_EVERY_MS } from './security-events/take-over.ts'
export {
  type EmbeddedServer,
  type FastifyHook,
  type NodeMiddleware,
  toFastifyHook,
  toMiddleware,
} from '@crosswalk/as-core'
