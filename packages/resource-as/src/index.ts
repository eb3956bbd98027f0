export * from './create-resource-as.ts'
export type * from './resource-as-ports.ts'
export * from './define-resource-as.ts'
// Overrides the internal `createResourceAs` of the star export.
export { createResourceAs, type EmbeddedResourceAs, type EmbeddedResourceOptions } from './embed.ts'
export * from './accounts/own-users.ts'
export type { SignedIn, SignIn, SignInRequest } from './authorization/signed-in.ts'
export type { InspectedToken } from './introspection.ts'
export * from './ports.ts'
export * from './security-events/received-revocations.ts'
export * from './security-events/revoke-received.ts'
export {
  type EmbeddedServer,
  type FastifyHook,
  type NodeMiddleware,
  toFastifyHook,
  toMiddleware,
} from '@crosswalk/as-core'
