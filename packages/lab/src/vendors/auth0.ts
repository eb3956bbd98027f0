import type { Vendor } from './vendor.ts'

const SLASH = 'The issuer of Auth0 ends with a slash: https://YOUR-TENANT.auth0.com/.'

export const auth0: Vendor = {
  id: 'auth0',
  name: 'Auth0',
  issuer: /^https:\/\/[^/]+\.auth0\.com(\/|$)/,
  issuerForm: 'https://YOUR-TENANT.auth0.com/',
  fixes: {
    M02: SLASH,
    R01: SLASH,
    R02: 'Give the enterprise connection the Cross App Access role, and allow Cross App Access on the application.',
  },
  subjectIssuer: {
    metadata: {
      issuer: 'https://acme.eu.auth0.com/',
      jwks_uri: 'https://acme.eu.auth0.com/.well-known/jwks.json',
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['HS256', 'RS256', 'PS256'],
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    },
    entry: { link: ['attribute:auth0Id', 'email'], emailDomains: ['acme.example'] },
    steps: [
      'Applications ▸ Create Application, for the app. Its Client ID goes into `audiences`.',
      'Settings ▸ Advanced ▸ OAuth ▸ JSON Web Token Signature Algorithm: RS256.',
      'Back-Channel Logout URI: `baseUrl`/upstream/logout (Enterprise plan).',
    ],
    quirks: [
      {
        id: 'V12',
        title: 'the issuer of Auth0',
        why: 'Issuers are compared byte for byte.',
        find: ({ issuer }) => (issuer.endsWith('/') ? undefined : issuer),
        what: 'Issuers of Auth0 end with a slash',
        fix: SLASH,
      },
    ],
  },
}
