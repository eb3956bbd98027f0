export { createResource, type Requirement, type Resource, toResponse } from './create-resource.ts'
export { holdToToken, type TokenHold } from './hold-to-token.ts'
export {
  type IntrospectionOptions,
  InvalidResourceOptions,
  type RefusalReport,
  type ResourceOptions,
} from './options.ts'
export type { RequestHead } from './read-credentials.ts'
export { buildRefusal, type RefusalAnswer, type RefusalError, type TokenRefusal } from './token-refusal.ts'
export { createUsedProofs, type UsedProofs } from './used-proofs.ts'
export type { Xaa, XaaIdentity } from './xaa-context.ts'
