// How a client proves who it is; the same words at the IdP and at a Resource Authorization Server.
import { z } from 'zod'

import { zServerUrl } from './scalars.ts'

export const zJwks = z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())).max(100) })

export const zClientAuth = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('client_secret_basic'), secret: z.string().min(1).max(1024) }),
  z.strictObject({ method: z.literal('client_secret_post'), secret: z.string().min(1).max(1024) }),
  z
    .strictObject({
      method: z.literal('private_key_jwt'),
      jwks: zJwks.optional(),
      jwksUri: zServerUrl.optional(),
    })
    .refine(
      (auth) => (auth.jwks === undefined) !== (auth.jwksUri === undefined),
      'exactly one of jwks and jwksUri',
    ),
  /** A public client: may redeem only what is bound to its DPoP key. */
  z.strictObject({ method: z.literal('none') }),
])

export type ClientAuthDefinition = z.infer<typeof zClientAuth>
