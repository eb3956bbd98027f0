// How a client authenticates; the same terms at the IdP and at a Resource Authorization Server.
import { z } from 'zod'

import { isSpiffeId } from '../tokens/client-assertion.ts'
import { isPrivateOrSymmetric } from '../tokens/jwk.ts'
import { isClientMetadataAllowance } from './client-metadata.ts'
import { zServerUrl } from './scalars.ts'

/** Keys of other kinds are accepted and skipped (RFC 7517 section 5), but a private one would be shown to every reader. */
const zPublicKey = z
  .record(z.string(), z.unknown())
  .refine((key) => !isPrivateOrSymmetric(key), 'a public key, without private or symmetric members')

export const zJwks = z.strictObject({ keys: z.array(zPublicKey).max(100) })

/** Clients that need no registration, because their client_id is the URL of their metadata document. */
export const zClientMetadataAllow = z
  .array(
    z
      .string()
      .refine(
        isClientMetadataAllowance,
        'the https URL of a client metadata document (without fragment or dot segments), or a HOST or HOST:PORT of such documents',
      ),
  )
  .min(1)

/** Printable ASCII (RFC 6749 appendix A.2): the sign-in provider accepts no other secrets. */
export const zClientSecret = z
  .string()
  .regex(/^[\x20-\x7e]{1,1024}$/, 'a client secret: 1 to 1024 printable ASCII characters')

const zSecret = zClientSecret.describe('The client secret, ideally from a variable: printable ASCII.')

const secrets = {
  secret: zSecret,
  previousSecret: zClientSecret
    .optional()
    .describe('A second accepted secret, until every instance of the client has the new one.'),
}

/** Authentication by keys of the client; the same in files and requests. */
export const zKeyAuth = z
  .strictObject({
    method: z.literal('private_key_jwt'),
    jwks: zJwks.optional().describe('Public keys of the client, instead of a URL.'),
    jwksUri: zServerUrl.optional().describe('Where the client publishes its public keys.'),
    spiffeId: z
      .string()
      .max(2048)
      .refine(isSpiffeId, 'a SPIFFE ID: spiffe://TRUST-DOMAIN/PATH')
      .optional()
      .describe(
        'SPIFFE ID, exact: the client authenticates by JWT-SVIDs of this `sub`, and the keys are those of its trust domain.',
      ),
  })
  .refine(
    (auth) => (auth.jwks === undefined) !== (auth.jwksUri === undefined),
    'needs exactly one of jwks and jwksUri',
  )

export const zClientAuth = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('client_secret_basic'), ...secrets }),
  z.strictObject({ method: z.literal('client_secret_post'), ...secrets }),
  zKeyAuth,
  /** A public client: may only redeem what is bound to its DPoP key. */
  z.strictObject({ method: z.literal('none') }),
])

export type ClientAuthDefinition = z.infer<typeof zClientAuth>

/** A secret in stored form: verifiable, but not readable. Configuration files do not accept it. */
export const zStoredSecretAuth = z.strictObject({
  method: z.enum(['client_secret_basic', 'client_secret_post']),
  secretHash: z.string().min(1),
  previousSecretHash: z.string().min(1).optional(),
})

/** Client authentication as servers see it: the secret as written, or only its hash. */
export type ClientAuth = ClientAuthDefinition | z.infer<typeof zStoredSecretAuth>
