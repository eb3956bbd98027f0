// What definitions and their evaluation need of this package: it loads neither the OpenID provider nor a page, which
// take a second in the thread that evaluates drafts.
export { createPairwise } from './grants/token-exchange/pairwise.ts'
export { listSamlTrust } from './saml/saml-trust.ts'
export { readSigningCertificate } from './saml/signing-certificate.ts'
export { chooseByLogin } from './sign-in/choose-by-login.ts'
export { OWN_ACCESS_CLIENT_ID } from './sign-in/own-access/own-access-app.ts'
export { indexSubjectIssuers } from './upstream-tokens/index-subject-issuers.ts'
