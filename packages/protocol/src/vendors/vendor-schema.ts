// The schema of `vendors/*.yaml`: facts about one identity product, each with its page of documentation. Only the
// generator and the tests use it; programs read the generated `presets.ts`.
import { z } from 'zod'

import { zTrustedIssuer } from '../definitions/authorization-server.ts'
import { zSubjectIssuer } from '../definitions/subject-issuer.ts'

const EXAMPLE = 'https://idp.example'
const zText = z.string().min(1).max(300)
const zSource = z.url({ protocol: /^https$/ })
const zPattern = z.string().min(1).max(200).refine(isRegExp, 'a regular expression')
const zSetting = z
  .string()
  .regex(/^[A-Za-z]+(\.[A-Za-z]+)*$/, 'a member of the entry, such as claims.subject')

/** When a quirk applies. A new kind of condition needs a line here and one in `conditions.ts`. */
const zCondition = z.union([
  z.strictObject({ issuer: zPattern }),
  z.strictObject({ issuerNot: zPattern }),
  z.strictObject({ setting: zSetting, is: z.union([z.string(), z.boolean()]) }),
  z.strictObject({ setting: zSetting, includes: z.string() }),
  z.strictObject({ setting: zSetting, absent: z.boolean() }),
])

const zQuirk = z.strictObject({
  id: z
    .string()
    .regex(/^V\d\d$/)
    .describe('Of the doctor check; unique, and its meaning never changes.'),
  title: zText,
  why: zText,
  when: z.array(zCondition).min(1).describe('All of them must be true.'),
  what: zText,
  fix: zText,
  source: zSource,
})

const zStep = z.strictObject({ do: zText.describe('In the words of the product.'), source: zSource })

/** Fields of `crosswalk card`, under their names in the other product's form. */
const CARD_FIELDS = [
  'issuer',
  'audience',
  'jwksUri',
  'clientId',
  'scopes',
  'redirectUri',
  'logoutUri',
  'resource',
] as const
const zFields = z.partialRecord(z.enum(CARD_FIELDS), zText)

const zRole = z.strictObject({
  steps: z.array(zStep).min(1),
  fields: zFields.default({}),
  quirks: z.array(zQuirk).default([]),
})

/** Kept as written, without defaults, so that a page shows only what matters. */
const zSubjectEntry = z.custom<Omit<z.input<typeof zSubjectIssuer>, 'issuer' | 'audiences'>>(
  (entry) => zSubjectIssuer.safeParse({ ...(entry as object), issuer: EXAMPLE, audiences: {} }).success,
)
const zTrustedEntry = z.custom<Omit<z.input<typeof zTrustedIssuer>, 'issuer'>>(
  (entry) => zTrustedIssuer.safeParse({ ...(entry as object), issuer: EXAMPLE }).success,
)

export const zVendor = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+$/),
  name: zText,
  checked: z.iso.date().describe('When the sources were read.'),
  issuer: z.strictObject({
    form: zText.describe('With what to fill in, in braces.'),
    fill: z.record(
      z.string().regex(/^[a-z]+$/),
      z.strictObject({ label: zText, example: zText, default: zText.optional() }),
    ),
    matches: zPattern.describe('Recognizes its issuers, including mistyped ones.'),
  }),
  metadata: z
    .looseObject({ jwks_uri: zText.optional() })
    .describe('As the product documents it; `{issuer}` and values to fill in are in braces.'),
  fixes: z.record(z.string(), zText).default({}).describe('Product-specific fixes of checks, by check id.'),
  skips: z
    .record(z.string(), zText)
    .default({})
    .describe('Checks that do not apply to this product, and why.'),
  signIn: zRole
    .extend({ entry: zSubjectEntry })
    .optional()
    .describe('Users sign in at the product, and apps exchange its ID tokens here.'),
  issuesIdJags: zRole
    .extend({ audience: zText, entry: zTrustedEntry })
    .optional()
    .describe('It issues ID-JAGs, which an authorization server here accepts.'),
  takesIdJags: zRole
    .extend({
      audience: zText,
      needsScope: z
        .literal(true)
        .optional()
        .describe('It grants only its default scopes to a redemption without `scope`.'),
    })
    .optional()
    .describe('It accepts ID-JAGs, which the identity provider here issues.'),
  requests: zRole.optional().describe('An app of this product requests access.'),
  playground: z
    .strictObject({
      notes: z.array(zText).describe('What to configure or know first.'),
      cannot: z.array(zText).describe('What a run against it cannot show.'),
      examples: z.record(z.string(), zText).describe('By field of the form.'),
    })
    .optional()
    .describe('Users bring the product to the playground.'),
})

export type VendorRole = 'signIn' | 'issuesIdJags' | 'takesIdJags' | 'requests'
export type CardField = (typeof CARD_FIELDS)[number]
export type Vendor = DeepReadonly<z.output<typeof zVendor>>
export type Condition = DeepReadonly<z.output<typeof zCondition>>
export type Quirk = DeepReadonly<z.output<typeof zQuirk>>

type DeepReadonly<T> = T extends object ? { readonly [Name in keyof T]: DeepReadonly<T[Name]> } : T

function isRegExp(pattern: string): boolean {
  try {
    return new RegExp(pattern).source !== ''
  } catch {
    return false
  }
}
