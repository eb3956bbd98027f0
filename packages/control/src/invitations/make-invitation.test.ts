import type { Invitation } from '@crosswalk/admin-api'
import type { Signer } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { describeAuth, signInvitation } from './make-invitation.ts'

const PUBLIC = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'k' }

it.each([
  [
    'a secret as its method',
    'app',
    { method: 'client_secret_post', secretHash: 'h' },
    { method: 'client_secret_post' },
  ],
  [
    'keys without private members',
    'app',
    { method: 'private_key_jwt', jwks: { keys: [{ ...PUBLIC, d: 'private' }] } },
    { method: 'private_key_jwt', jwks: { keys: [PUBLIC] } },
  ],
  [
    'the URL of published keys',
    'app',
    { method: 'private_key_jwt', jwksUri: 'https://app.test/jwks' },
    { method: 'private_key_jwt', jwksUri: 'https://app.test/jwks' },
  ],
  ['a public client', 'app', { method: 'none' }, { method: 'none' }],
  [
    'a client metadata document, whatever is registered',
    'https://app.test/client.json',
    { method: 'client_secret_basic', secretHash: 'h' },
    { method: 'metadata_document' },
  ],
] as const)('describes %s', (_, clientId, auth, described) => {
  expect(describeAuth(clientId, auth as never)).toEqual(described)
})

it.each([1, 30])('is valid for %i days', async (days) => {
  const invitation = { app: { name: 'A' }, resourceApp: { name: 'B' } } as Invitation
  const signed: unknown[] = []
  const signer = {
    signJws: async (_: object, claims: object) => (signed.push(claims), 'jws'),
  } as unknown as Signer
  const made = await signInvitation(invitation, { issuer: 'https://idp.test', signer, days, nowMs: 999 })
  expect(made.expiresAt).toBe(new Date(days * 86_400_000).toISOString())
  expect(signed).toEqual([expect.objectContaining({ iat: 0, exp: days * 86_400 })])
})
