// Preview of a token: shown, never signed.
import { z } from 'zod'

const zClaimPreview = z.object({
  name: z.string(),
  value: z.unknown(),
  origin: z.string().describe('Where the value comes from.'),
  personal: z.boolean().describe('Whether it contains personal data about the user.'),
})

export const zTokenPreview = z
  .object({
    header: z
      .object({ typ: z.literal('example+json') })
      .describe('Not the type of any token, so nothing accepts it.'),
    claims: z.array(zClaimPreview),
    bytes: z.int().describe('Size of the claims as compact JSON.'),
    atResource: z
      .array(zClaimPreview)
      .nullable()
      .describe(
        'What the API learns about the user from the access token in addition to the account; null if its authorization server does not run here.',
      ),
  })
  .meta({ id: 'TokenPreview' })
export type TokenPreview = z.output<typeof zTokenPreview>
