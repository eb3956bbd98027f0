// Accounts at authorization servers that run here: listed, created before the first ID-JAG, and disabled.
import { zShownName } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { pageQuery, zPage, zReason } from '../schemas/common.ts'

const zText = z.string().min(1).max(255)
/** In one request; a longer file is sent in parts. */
export const MAX_ACCOUNTS = 500

export const zAccountView = z
  .object({
    id: z.string().describe('The `sub` of access tokens.'),
    issuer: z
      .string()
      .nullable()
      .describe('Issuer of its ID-JAGs; null for an account that no issuer is linked to.'),
    tenant: z.string().nullable(),
    subject: z.string().nullable().describe('`sub` of its ID-JAGs.'),
    ownId: z.string().nullable().describe('Id of the user in the product, found by `aud_sub`.'),
    email: z.string().nullable(),
    emailVerified: z.boolean(),
    name: z.string().nullable(),
    status: z.enum(['active', 'disabled']),
    createdAt: z.string().describe('RFC 3339'),
  })
  .meta({ id: 'Account' })
export type AccountView = z.output<typeof zAccountView>

export const zNewAccount = z
  .strictObject({
    issuer: z.string().min(1).max(2048).optional().describe('Issuer of its ID-JAGs, with `subject`.'),
    tenant: zText.optional().describe('`tenant` claim of its ID-JAGs, if any.'),
    subject: zText.optional().describe('`sub` of its ID-JAGs.'),
    ownId: zText.optional().describe('Id of the user in the product, found by `aud_sub`.'),
    email: z.email().max(320).optional(),
    emailVerified: z.boolean().default(false).describe('Whether the address is known to be theirs.'),
    name: zShownName(256).min(1).optional(),
  })
  .refine(
    ({ issuer, subject }) => (issuer === undefined) === (subject === undefined),
    'issuer and subject go together',
  )
  .refine(
    ({ subject, ownId, email, emailVerified }) =>
      subject !== undefined || ownId !== undefined || (email !== undefined && emailVerified),
    'something to find the account by: issuer and subject, ownId, or a verified email',
  )
  .meta({ id: 'NewAccount' })

const zImported = z
  .object({
    items: z.array(
      z.object({
        id: z.string().nullable().describe('Of the account, where there is one now.'),
        result: z
          .enum(['created', 'exists', 'own-id-taken', 'email-taken', 'issuer-not-trusted'])
          .describe(
            'One for each row, in the order sent. `…-taken`: another account has it, so neither would be found.',
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
    revokedTokens: z.int().describe('How many live access tokens were revoked.'),
  })
  .meta({ id: 'SwitchedAccount' })

export const accountRoutes = defineRoutes('accounts', {
  'accounts.list': {
    method: 'GET',
    path: '/authorization-servers/{id}/accounts',
    summary: 'List accounts at one authorization server, by id',
    roles: ALLOWED.seePeople,
    params: zServerParam,
    query: z.strictObject({
      ...pageQuery,
      q: z.string().min(1).max(320).optional().describe('Exactly an id, subject, own id or e-mail address.'),
    }),
    replies: { 200: { description: 'A page.', body: zPage(zAccountView) } },
    problems: [404],
  },
  'accounts.import': {
    method: 'POST',
    path: '/authorization-servers/{id}/accounts',
    summary: 'Create accounts, for users who are known in the product already',
    description:
      'Idempotent: an account that exists stays as it is. A row is refused where another account has its own id or verified address, since then neither would be found.',
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
    summary: 'Disable an account: nothing is redeemed for it, and its live tokens are revoked',
    roles: ALLOWED.stop,
    params: zAccountParams,
    body: z.strictObject({ reason: zReason }).meta({ id: 'AccountDisable' }),
    replies: { 200: { description: 'Disabled.', body: zSwitched } },
    problems: [404],
  },
  'accounts.enable': {
    method: 'POST',
    path: '/authorization-servers/{id}/accounts/{account}/enable',
    summary: 'Enable a disabled account again',
    roles: ALLOWED.resume,
    params: zAccountParams,
    body: z.strictObject({ reason: zReason }).meta({ id: 'AccountEnable' }),
    replies: { 200: { description: 'Enabled.', body: zSwitched } },
    problems: [404],
  },
})
