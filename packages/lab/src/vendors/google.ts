import { linksBy, type Vendor } from './vendor.ts'

export const google: Vendor = {
  id: 'google',
  name: 'Google Workspace',
  issuer: /^https:\/\/accounts\.google\.com(\/|$)/,
  issuerForm: 'https://accounts.google.com',
  fixes: { M03: 'Google does not issue ID-JAGs. Put Crosswalk beside it: `idp.subjectIssuers`.' },
  subjectIssuer: {
    metadata: {
      issuer: 'https://accounts.google.com',
      jwks_uri: 'https://www.googleapis.com/oauth2/v3/certs',
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      claims_supported: [
        'aud',
        'email',
        'email_verified',
        'exp',
        'family_name',
        'given_name',
        'iat',
        'iss',
        'name',
        'picture',
        'sub',
      ],
    },
    entry: { requireClaims: { hd: 'acme.example' }, link: ['email'], emailDomains: ['acme.example'] },
    steps: [
      'APIs & Services ▸ Credentials ▸ OAuth client ID, for the app. It goes into `audiences`.',
      'OAuth consent screen ▸ User type: Internal.',
    ],
    quirks: [
      {
        id: 'V07',
        title: 'the Workspace of Google',
        why: 'Every Google account has the same issuer; only hd tells whose Workspace it is of.',
        find: ({ entry }) =>
          entry !== undefined && !Object.hasOwn(entry.requireClaims, 'hd')
            ? 'no requireClaims.hd'
            : undefined,
        what: 'ID tokens of every Google account are taken',
        fix: 'Write `requireClaims: { hd: YOUR-DOMAIN }`.',
      },
      {
        id: 'V08',
        title: 'user names of Google',
        why: 'ID tokens of Google have no preferred_username.',
        find: (it) =>
          linksBy('username')(it) && it.entry?.claims.username === 'preferred_username'
            ? 'link: username'
            : undefined,
        what: '`username` in `link` matches no user: Google sends no user name',
        fix: 'Write `link: [email]`, with `emailDomains`.',
      },
    ],
  },
}
