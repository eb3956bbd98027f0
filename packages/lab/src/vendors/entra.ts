import { linksBy, type Vendor } from './vendor.ts'

const SHARED = /^https:\/\/login\.microsoftonline\.com\/(common|organizations|consumers)\//

export const entra: Vendor = {
  id: 'entra',
  name: 'Entra ID',
  issuer: /^https:\/\/(login\.microsoftonline\.com|sts\.windows\.net)\//,
  issuerForm: 'https://login.microsoftonline.com/TENANT-ID/v2.0',
  fixes: { M02: 'Write the tenant id into the issuer, and /v2.0 at its end.' },
  subjectIssuer: {
    metadata: {
      issuer: 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0',
      jwks_uri: 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/discovery/v2.0/keys',
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      frontchannel_logout_supported: true,
      http_logout_supported: true,
    },
    entry: {
      claims: { subject: 'oid', username: 'preferred_username', email: 'email', name: 'name' },
      link: ['attribute:entraObjectId'],
    },
    steps: [
      'App registrations ▸ New registration, for the app. Its Application (client) ID goes into `audiences`.',
      'Manifest: `requestedAccessTokenVersion` is 2.',
      'Token configuration ▸ Add optional claim ▸ ID: `email`, `sid`, `auth_time`.',
    ],
    quirks: [
      {
        id: 'V02',
        title: 'the subject of Entra ID',
        why: 'The sub of Entra ID is another one for each app, so provisioning and a second app know the user by another name.',
        find: ({ entry }) => (entry?.claims.subject === 'sub' ? 'claims.subject: sub' : undefined),
        what: 'Users are linked by `sub`, which differs from app to app',
        fix: 'Write `claims: { subject: oid }`: the object id is the same in the whole tenant.',
      },
      {
        id: 'V03',
        title: 'verified addresses of Entra ID',
        why: 'Entra ID sends no email_verified, so no address counts as verified.',
        find: (it) =>
          linksBy('email')(it) && it.entry?.emailVerified === false ? 'emailVerified: false' : undefined,
        what: '`email` in `link` matches no user: Entra ID has no `email_verified`',
        fix: 'Link by `attribute:NAME` with the object id; or write `emailVerified: true` if users cannot change their address.',
      },
      {
        id: 'V04',
        title: 'user names of Entra ID',
        why: 'A preferred_username may be changed, and given to another user.',
        find: (it) =>
          linksBy('username')(it) && it.entry?.claims.username === 'preferred_username'
            ? 'link: username'
            : undefined,
        what: 'Users are linked by `preferred_username`, which can change hands',
        fix: 'Link by `attribute:NAME` with the object id, which provisioning fills in.',
      },
      {
        id: 'V05',
        title: 'the tenant of Entra ID',
        why: 'Tokens name the tenant of the user as issuer, whatever address they were asked from.',
        find: ({ issuer }) => (SHARED.test(issuer) ? issuer : undefined),
        what: 'No ID token names this issuer: it stands for every tenant',
        fix: 'Write the tenant id in its place; list several tenants one by one.',
      },
      {
        id: 'V06',
        title: 'the token version of Entra ID',
        why: 'Version 1 tokens have another issuer and other claims.',
        find: ({ issuer }) => (issuer.startsWith('https://sts.windows.net/') ? issuer : undefined),
        what: 'This is the issuer of version 1 tokens',
        fix: 'Set `requestedAccessTokenVersion` to 2 in the manifest, and use https://login.microsoftonline.com/TENANT-ID/v2.0.',
      },
    ],
  },
}
