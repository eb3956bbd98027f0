// Definitions of a resource that does not support ID-JAG: its API, and how to get a credential for it. They contain no
// secrets: client secrets and API keys are stored in the vault.
import { z } from 'zod'

import { zPrivateNetwork } from './common.ts'
import { zClientId, zIssuer, zScopeToken, zServerUrl } from './scalars.ts'

/** Headers of the connection or of our own, in which no API expects a key. */
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
    .describe('Its issuer identifier, checked against `iss` in its responses. Default: not checked.'),
  authorizationEndpoint: zServerUrl.describe('Where users allow the access.'),
  tokenEndpoint: zServerUrl.describe('Where codes and refresh tokens are redeemed.'),
  revocationEndpoint: zServerUrl
    .optional()
    .describe('Called when a credential is revoked here (RFC 7009). Optional.'),
  onReconnect: z
    .enum(['revoke', 'keep'])
    .default('revoke')
    .describe(
      'What happens to earlier tokens when a user connects again. `keep`: for services where revoking one token ends all access of the user.',
    ),
  clientId: zClientId.describe('The client_id of this IdP there. Its secret is stored in the vault.'),
  clientAuth: z
    .enum(['client_secret_basic', 'client_secret_post', 'none'])
    .default('client_secret_basic')
    .describe('How the client authenticates there.'),
  scopes: z
    .array(zScopeToken)
    .default([])
    .refine(
      (scopes) => !scopes.includes('openid'),
      'must not include openid: this requests access, not a sign-in',
    )
    .describe('Scopes to request there.'),
})

const zApiKeyCredential = z.strictObject({
  kind: z.literal('apiKey').describe('A key that the API issued, stored in the vault.'),
  per: z
    .enum(['app', 'user'])
    .default('app')
    .describe('app: one key, stored by an administrator. user: one key per user.'),
  header: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'the name of a header')
    .refine((name) => !RESERVED_HEADERS.has(name.toLowerCase()), 'a header that may carry a key')
    .default('Authorization')
    .describe('Header that carries the key.'),
  scheme: z
    .string()
    .regex(/^[A-Za-z0-9-]{0,32}$/, 'a word, or empty')
    .default('Bearer')
    .describe('Authentication scheme: the word before the key; empty for none.'),
})

export const zBrokered = z.strictObject({
  api: zServerUrl
    .refine((url) => !url.includes('?'), 'a URL without query')
    .describe('Base URL of its API. Credentials are only sent to this origin, below this path.'),
  credential: z
    .discriminatedUnion('kind', [zOauthCredential, zApiKeyCredential])
    .describe('How to get a credential for the API.'),
  privateNetwork: zPrivateNetwork,
})
export type BrokeredDefinition = z.infer<typeof zBrokered>
export type OauthCredentialDefinition = z.infer<typeof zOauthCredential>
