export * from './create-idp.ts'
export type * from './idp-ports.ts'
export * from './define-idp.ts'
export type { OwnUserSource, ConfiguredUser } from './define-users.ts'
// Overrides the `createIdp` of `export *`, which stays internal.
export { createIdp, type IdpBasePorts } from './embed.ts'
export type * from './sign-in/own-access/contract.ts'
export * from './ports.ts'
export type * from './grants/token-exchange/observe-access-token.ts'
export * from './security-events/build-security-event.ts'
export * from './security-events/security-events.ts'
export { buildVerification, nameSubject } from './security-events/stream-management.ts'
export * from './security-events/streams.ts'
export { listSamlTrust } from './saml/saml-trust.ts'
export { indexSubjectIssuers } from './upstream-tokens/index-subject-issuers.ts'
export { readSigningCertificate } from './saml/signing-certificate.ts'
export { nameCredentialType } from './sign-in/passkeys.ts'
export { resealTotpSecret, sealTotpSecret } from './sign-in/totp-factor.ts'
export { chooseByLogin } from './sign-in/choose-by-login.ts'
export { hashPassword, verifyPassword } from './sign-in/passwords.ts'
export { createPairwise } from './grants/token-exchange/pairwise.ts'
export {
  type EmbeddedServer,
  type FastifyHook,
  type NodeMiddleware,
  toFastifyHook,
  toMiddleware,
} from '@crosswalk/as-core'
