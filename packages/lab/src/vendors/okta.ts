import type { Vendor } from './vendor.ts'

export const okta: Vendor = {
  id: 'okta',
  name: 'Okta',
  issuer: /^https:\/\/[^/]+\.(okta|oktapreview|okta-emea)\.com(\/|$)/,
  issuerForm: 'https://YOUR-ORG.okta.com',
  fixes: {
    M03: 'Use the org authorization server, https://YOUR-ORG.okta.com, and not /oauth2/default or another custom one.',
    X01: 'Send the exchange to /oauth2/v1/token of the org, not to /oauth2/default/v1/token.',
    C02: 'The kid must be the key under Directory ▸ AI agents ▸ the agent ▸ Client registration.',
    X06: 'Assign the user to both the agent and the resource app, and link the two.',
  },
  subjectIssuer: {
    metadata: {
      issuer: 'https://acme.okta.com',
      jwks_uri: 'https://acme.okta.com/oauth2/v1/keys',
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    },
    entry: { link: ['attribute:oktaId', 'email'], emailDomains: ['acme.example'] },
    steps: [
      'Applications ▸ Create App Integration ▸ OIDC, for the app. Its client ID goes into `audiences`.',
      'Let the app ask for the scopes `openid profile email`.',
    ],
    quirks: [
      {
        id: 'V01',
        title: 'the authorization server of Okta',
        why: 'Each authorization server of Okta is an issuer of its own, with its own keys.',
        find: ({ issuer }) => (issuer.includes('-admin.okta') ? issuer : undefined),
        what: 'This is the address of the admin console, and not an issuer',
        fix: 'Write https://YOUR-ORG.okta.com, without -admin.',
      },
    ],
  },
}
