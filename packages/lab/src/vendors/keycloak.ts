import { linksBy, type Vendor } from './vendor.ts'

export const keycloak: Vendor = {
  id: 'keycloak',
  name: 'Keycloak',
  issuer: /\/realms\/[^/]+\/?$/,
  issuerForm: 'https://YOUR-HOST/realms/REALM',
  fixes: {
    M03: 'Keycloak takes ID-JAGs but does not issue them; use it as the authorization server, and Crosswalk as the IdP.',
    R02: 'Start Keycloak with the feature identity-assertion-jwt, and enable the grant for the client.',
  },
  subjectIssuer: {
    metadata: {
      issuer: 'https://login.acme.example/realms/acme',
      jwks_uri: 'https://login.acme.example/realms/acme/protocol/openid-connect/certs',
      subject_types_supported: ['public', 'pairwise'],
      id_token_signing_alg_values_supported: ['RS256', 'ES256', 'PS256', 'EdDSA', 'HS256'],
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    },
    entry: { link: ['attribute:keycloakId', 'username'], session: 'required' },
    steps: [
      'Clients ▸ Create client ▸ OpenID Connect, for the app. Its Client ID goes into `audiences`.',
      'Logout settings ▸ Backchannel logout URL: `baseUrl`/upstream/logout, with Backchannel logout session required.',
      'Realm settings ▸ Login ▸ Edit username: off, so that user names do not change hands.',
    ],
    quirks: [
      {
        id: 'V10',
        title: 'the issuer of Keycloak',
        why: 'Issuers are compared byte for byte.',
        find: ({ issuer }) => (issuer.endsWith('/') ? issuer : undefined),
        what: 'Issuers of Keycloak have no slash at the end',
        fix: 'Remove the slash.',
      },
      {
        id: 'V11',
        title: 'sessions of Keycloak',
        why: 'Without a sid, a logout there ends the access of all sessions of the user.',
        find: (it) =>
          linksBy('username')(it) && it.entry?.session === 'optional' ? 'session: optional' : undefined,
        what: 'ID tokens without a session are taken, although Keycloak always names one',
        fix: 'Write `session: required`.',
      },
    ],
  },
}
