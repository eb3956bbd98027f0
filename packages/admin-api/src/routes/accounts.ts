// Accounts at authorization servers running here: list, create before the first ID-JAG, disable and enable.
import { zDisplayName } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { pageQuery, zPage, zReason } from '../schemas/common.ts'

const zText = z.string().min(1).max(255)
/** Per request; larger files are sent in parts. */
export const MAX_ACCOUNTS = 500

const zAccountView = z
  .object({
    id: z.string().describe('The `sub` of access tokens.'),
    issuer: z
      .string()
      .nullable()
      .describe('Issuer of its ID-JAGs; null for an account without a linked issuer.'),
    tenant: z.string().nullable(),
    subject: z.string().nullable().describe('`sub` of its ID-JAGs.'),
    further: z
      .array(z.object({ issuer: z.string(), tenant: z.string().nullable(), subject: z.string() }))
      .describe('The same user at further issuers, linked by a verified address.'),
    ownId: z.string().nullable().describe('Id of the user in the product, matched with `aud_sub`.'),
    email: z.string().nullable(),
    emailVerified: z.boolean(),
    name: z.string().nullable(),
    status: z.enum(['active', 'disabled']),
    createdAt: z.string().describe('RFC 3339'),
  })
  .meta({ id: 'Account' })
export type AccountView = z.output<typeof zAccountView>

const zNewAccount = z
  .strictObject({
    issuer: z.string().min(1).max(2048).optional().describe('Issuer of its ID-JAGs, with `subject`.'),
    tenant: zText.optional().describe('`tenant` claim of its ID-JAGs, if any.'),
    subject: zText.optional().describe('`sub` of its ID-JAGs.'),
    ownId: zText.optional().describe('Id of the user in the product, matched with `aud_sub`.'),
    email: z.email().max(320).optional(),
    emailVerified: z.boolean().default(false).describe('Whether the address is verified.'),
    name: zDisplayName(256).min(1).optional(),
  })
  .refine(
    ({ issuer, subject }) => (issuer === undefined) === (subject === undefined),
    'must have both issuer and subject, or neither',
  )
  .refine(
    ({ subject, ownId, email, emailVerified }) =>
      subject !== undefined || ownId !== undefined || (email !== undefined && emailVerified),
    'must have issuer and subject, ownId, or a verified email to find the account by',
  )
  .meta({ id: 'NewAccount' })

const zImported = z
  .object({
    items: z.array(
      z.object({
        id: z.string().nullable().describe('Id of the account, if it exists now.'),
        result: z
          .enum(['created', 'exists', 'own-id-taken', 'email-taken', 'issuer-not-trusted'])
          .describe(
            'One for each row, in the same order. `…-taken`: another account has it, so neither would be found.',
          ),
      }),
    ),
    created: z.int(),
    refused: z.int(),
  })
  .meta({ id: 'ImportedAccounts' })

const zServerParam = z.object({ id: z.string().min(1).describe('Id of the authorization server.') })
const zAccountParams = zServerParam.extend({ account: z.string().min(1).describe('Id of the account.') })

const zSwitched = z
  .object({
    account: zAccountView,
    revokedTokens: z.int().describe('Number of active access tokens that were revoked.'),
  })
  .meta({ id: 'SwitchedAccount' })

export const accountRoutes = defineRoutes('accounts', {
  'accounts.list': {
    method: 'GET',
    path: '/authorization-servers/{id}/accounts',
    summary: 'List accounts at an authorization server, by id',
    roles: ALLOWED.seePeople,
    params: zServerParam,
    query: z.strictObject({
      ...pageQuery,
      q: z
        .string()
        .min(1)
        .max(320)
        .optional()
        .describe('Id, subject, own id or e-mail address (exact match).'),
    }),
    replies: { 200: { description: 'A page.', body: zPage(zAccountView) } },
    problems: [404],
  },
  'accounts.import': {
    method: 'POST',
    path: '/authorization-servers/{id}/accounts',
    summary: 'Create accounts for users already known in the product',
    description:
      'Idempotent: existing accounts are not changed. A row is refused if another account has its own id or verified address, since neither would be found then.',
    roles: ALLOWED.changePeople,
    params: zServerParam,
    body: z
      .strictObject({ accounts: z.array(zNewAccount).min(1).max(MAX_ACCOUNTS), reason: zReason })
      .meta({ id: 'AccountImport' }),
    replies: { 200: { description: 'The result of each row.', body: zImported } },
    problems: [404],
  },
  'accounts.disable': {
    method: 'POST',
    path: '/authorization-servers/{id}/accounts/{account}/disable',
    summary: 'Disable an account: no ID-JAG is redeemed for it, and its active tokens are revoked',
    roles: ALLOWED.stop,
    params: zAccountParams,
    body: z.strictObject({ reason: zReason }).meta({ id: 'AccountDisable' }),
    replies: { 200: { description: 'Disabled.', body: zSwitched } },
    problems: [404],
  },
  'accounts.enable': {
    method: 'POST',
    path: '/authorization-servers/{id}/accounts/{account}/enable',
    summary: 'Enable a disabled account',
    roles: ALLOWED.resume,
    params: zAccountParams,
    body: z.strictObject({ reason: zReason }).meta({ id: 'AccountEnable' }),
    replies: { 200: { description: 'Enabled.', body: zSwitched } },
    problems: [404],
  },
})
