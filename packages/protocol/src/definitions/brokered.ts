// What an administrator of the IdP writes down about a resource that knows no ID-JAG: its API, and how a credential for it is got.
// No secret stands here: client secrets and API keys are kept in the vault.
import { z } from 'zod'

import { zBoolean, zClientId, zIssuer, zScopeToken, zServerUrl } from './scalars.ts'

/** Headers that belong to the connection or to us, and that no API takes a key in. */
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'dpop',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

const zOauthCredential = z.strictObject({
  kind: z
    .literal('oauth')
    .describe('Each user connects their account once, by authorization code with PKCE.'),
  issuer: zIssuer
    .optional()
    .describe('Its issuer identifier, checked in the `iss` of its answers; not checked unless given.'),
  authorizationEndpoint: zServerUrl.describe('Where users allow the access.'),
  tokenEndpoint: zServerUrl.describe('Where codes and refresh tokens are redeemed.'),
  revocationEndpoint: zServerUrl
    .optional()
    .describe('Called when a credential is revoked here (RFC 7009); optional.'),
  onReconnect: z
    .enum(['revoke', 'keep'])
    .default('revoke')
    .describe(
      'What happens to the earlier tokens when a user connects again. `keep`: for services where revoking one token ends all access of the user.',
    ),
  clientId: zClientId.describe('The client_id of this IdP there. Its secret is kept in the vault.'),
  clientAuth: z
    .enum(['client_secret_basic', 'client_secret_post', 'none'])
    .default('client_secret_basic')
    .describe('How the client authenticates there.'),
  scopes: z
    .array(zScopeToken)
    .default([])
    .refine((scopes) => !scopes.includes('openid'), 'scopes without openid: access is asked for, no sign-in')
    .describe('What is asked for there.'),
})

const zApiKeyCredential = z.strictObject({
  kind: z.literal('apiKey').describe('A key that the API gave, stored in the vault.'),
  per: z
    .enum(['app', 'user'])
    .default('app')
    .describe('app: one key, stored by an administrator. user: one key for each user.'),
  header: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'the name of a header')
    .refine((name) => !RESERVED_HEADERS.has(name.toLowerCase()), 'a header that is free for a key')
    .default('Authorization')
    .describe('Header that carries the key.'),
  scheme: z
    .string()
    .regex(/^[A-Za-z0-9-]{0,32}$/, 'a word, or nothing')
    .default('Bearer')
    .describe('Authentication scheme: the word before the key; empty for none.'),
})

export const zBrokered = z.strictObject({
  api: zServerUrl
    .refine((url) => !url.includes('?'), 'a URL without query')
    .describe('Base address of its API. Credentials are sent to this origin and below this path only.'),
  credential: z
    .discriminatedUnion('kind', [zOauthCredential, zApiKeyCredential])
    .describe('How a credential for the API is got.'),
  privateNetwork: zBoolean
    .default(false)
    .describe('true: it may have addresses of a private network. Otherwise only public ones are reached.'),
})
export type BrokeredDefinition = z.infer<typeof zBrokered>
export type OauthCredentialDefinition = z.infer<typeof zOauthCredential>
