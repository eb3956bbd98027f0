import type { Vendor } from './vendor.ts'

export const ping: Vendor = {
  id: 'ping',
  name: 'PingOne',
  issuer: /^https:\/\/auth\.pingone\.[a-z.]+\//,
  issuerForm: 'https://auth.pingone.com/ENVIRONMENT-ID/as',
  fixes: { M02: 'The issuer of PingOne ends with /as, after the environment id.' },
  subjectIssuer: {
    metadata: {
      issuer: 'https://auth.pingone.com/11111111-2222-3333-4444-555555555555/as',
      jwks_uri: 'https://auth.pingone.com/11111111-2222-3333-4444-555555555555/as/jwks',
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    },
    entry: { link: ['attribute:pingId', 'username'] },
    steps: ['Applications ▸ Add application ▸ OIDC, for the app. Its Client ID goes into `audiences`.'],
    quirks: [
      {
        id: 'V09',
        title: 'the issuer of PingOne',
        why: 'Issuers are compared byte for byte.',
        find: ({ issuer }) => (/\/as$/.test(issuer) ? undefined : issuer),
        what: 'This is not an issuer of PingOne: they end with /as',
        fix: 'Write https://auth.pingone.com/ENVIRONMENT-ID/as, with the ending of your region.',
      },
    ],
  },
}
