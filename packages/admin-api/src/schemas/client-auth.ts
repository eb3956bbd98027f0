// Authentication of clients, as sent to and shown by the admin API: secrets can be set, and are shown only once.
import { zClientSecret, zKeyAuth } from '@crosswalk/protocol'
import { z } from 'zod'

const zSecretMethod = z.enum(['client_secret_basic', 'client_secret_post'])

const zNone = z.strictObject({ method: z.literal('none') })

export const zClientAuthInput = z
  .discriminatedUnion('method', [
    z.strictObject({
      method: zSecretMethod,
      secret: zClientSecret
        .optional()
        .describe('The client secret; default: kept if there is one, otherwise generated and shown once.'),
      previousSecret: zClientSecret.optional().describe('Another accepted secret.'),
      keepPrevious: z
        .boolean()
        .optional()
        .describe(
          'true: a new secret is set or generated, and the current one stays accepted; false: it is removed.',
        ),
      hasSecret: z.boolean().optional().describe('Ignored.'),
      hasPreviousSecret: z.boolean().optional().describe('Ignored.'),
    }),
    zKeyAuth,
    zNone,
  ])
  .meta({ id: 'ClientAuthInput' })
export type ClientAuthInput = z.output<typeof zClientAuthInput>

export const zClientAuthView = z
  .discriminatedUnion('method', [
    z.object({
      method: zSecretMethod,
      hasSecret: z.literal(true),
      hasPreviousSecret: z
        .literal(true)
        .optional()
        .describe('The previous secret is still accepted; remove it with `keepPrevious: false`.'),
      secret: z
        .string()
        .optional()
        .describe('Only in the response to the request that generated it; it cannot be read again.'),
    }),
    z.object(zKeyAuth.shape),
    zNone,
  ])
  .meta({ id: 'ClientAuth' })
export type ClientAuthView = z.output<typeof zClientAuthView>
