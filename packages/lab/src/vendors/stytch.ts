import type { Vendor } from './vendor.ts'

export const stytch: Vendor = {
  id: 'stytch',
  name: 'Stytch',
  issuer: /^https:\/\/([^/]+\.customers\.stytch\.(com|dev)|(test|api)\.stytch\.com)(\/|$)/,
  issuerForm: 'https://YOUR-PROJECT.customers.stytch.com',
  fixes: { M03: 'Stytch does not issue ID-JAGs. Put Crosswalk beside it: `idp.subjectIssuers`.' },
  subjectIssuer: {
    metadata: {
      issuer: 'https://acme.customers.stytch.com',
      jwks_uri: 'https://acme.customers.stytch.com/.well-known/jwks.json',
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    },
    entry: { link: ['attribute:stytchId', 'email'], emailDomains: ['acme.example'] },
    steps: ['Connected Apps ▸ Create, for the app. Its client ID goes into `audiences`.'],
    quirks: [
      {
        id: 'V13',
        title: 'the domain of Stytch',
        why: 'The project domain and the public API serve metadata, and a project names one of them as issuer.',
        find: ({ issuer }) => (/^https:\/\/(test|api)\.stytch\.com/.test(issuer) ? issuer : undefined),
        what: 'This is the address of the public API, kept for old projects',
        fix: 'Use the project domain, or your custom domain, exactly as the metadata names it.',
      },
    ],
  },
}
