// Credentials of services that know no ID-JAG: stored and revoked, and never shown.
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { pageQuery, zIdParam, zPage, zReason } from '../schemas/common.ts'

export const zStoredCredentialView = z
  .object({
    id: z.string(),
    resourceApp: z.string().describe('Id of the brokered resource app.'),
    user: z.string().nullable().describe('Id of the user; null where it belongs to the resource app itself.'),
    kind: z
      .enum(['oauth', 'apiKey', 'clientSecret'])
      .describe('Tokens of a connected account, an API key, or the secret of the client at the service.'),
    storedAt: z.string().describe('RFC 3339'),
    storedBy: z.string().describe('Id of the user or administrator.'),
    lastUsedAt: z.string().nullable().describe('RFC 3339, to the minute; null: never.'),
  })
  .meta({ id: 'StoredCredential' })
export type StoredCredentialView = z.output<typeof zStoredCredentialView>

const zId = z.string().min(1).max(256)

export const storedCredentialRoutes = defineRoutes('stored-credentials', {
  'stored-credentials.list': {
    method: 'GET',
    path: '/stored-credentials',
    summary: 'List stored credentials, the oldest first',
    description: 'Who has one, since when, and when it was last used. What is stored is shown nowhere.',
    roles: ALLOWED.seePeople,
    query: z.strictObject({
      ...pageQuery,
      resourceApp: zId.optional().describe('Only of this resource app.'),
      user: zId.optional().describe('Only of this user, by id.'),
    }),
    replies: { 200: { description: 'A page.', body: zPage(zStoredCredentialView) } },
  },
  'stored-credentials.store': {
    method: 'POST',
    path: '/stored-credentials',
    summary: 'Store an API key, or the secret of the client at a service',
    description:
      'In the place of an earlier one. Which of the two it is follows from `brokered` of the resource app. Accounts are connected by their users.',
    roles: ALLOWED.changeRules,
    body: z
      .strictObject({
        resourceApp: zId.describe('Id of the brokered resource app.'),
        user: zId.optional().describe('Id of the user whose key it is, where each has one.'),
        secret: z.string().min(1).max(8192).describe('Encrypted immediately, and never shown again.'),
        reason: zReason,
      })
      .meta({ id: 'NewStoredCredential' }),
    replies: { 201: { description: 'Stored.', body: zStoredCredentialView } },
    problems: [409],
  },
  'stored-credentials.revoke': {
    method: 'DELETE',
    path: '/stored-credentials/{id}',
    summary: 'Revoke a stored credential: no request is made with it any more',
    description: 'A service with a revocation endpoint is notified in the background, for up to a day.',
    roles: ALLOWED.stop,
    params: zIdParam,
    reasonHeader: true,
    replies: { 204: { description: 'Revoked.' } },
    problems: [404],
  },
})
