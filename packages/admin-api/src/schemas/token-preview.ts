// A token as it would be. Shown, never signed.
import { z } from 'zod'

const zClaimPreview = z.object({
  name: z.string(),
  value: z.unknown(),
  origin: z.string().describe('Where the value comes from, in words.'),
  personal: z.boolean().describe('Whether it tells the resource something about the user.'),
})

export const zTokenPreview = z
  .object({
    header: z
      .object({ typ: z.literal('example+json') })
      .describe('Of no kind of token: nothing takes it for one.'),
    claims: z.array(zClaimPreview),
    bytes: z.int().describe('Of the claims as compact JSON.'),
    atResource: z
      .array(zClaimPreview)
      .nullable()
      .describe(
        'What the API learns about the user from the access token, besides the account; null where its authorization server does not run here.',
      ),
  })
  .meta({ id: 'TokenPreview' })
export type TokenPreview = z.output<typeof zTokenPreview>
