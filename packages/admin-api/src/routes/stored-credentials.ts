// Credentials for services without ID-JAG support: stored and revoked, and never shown.
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { pageQuery, zIdParam, zPage, zReason } from '../schemas/common.ts'

const zStoredCredentialView = z
  .object({
    id: z.string(),
    resourceApp: z.string().describe('Id of the brokered resource app.'),
    user: z.string().nullable().describe('Id of the user; null if it belongs to the resource app itself.'),
    kind: z
      .enum(['oauth', 'apiKey', 'clientSecret'])
      .describe('Tokens of a connected account, an API key, or the client secret at the service.'),
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
    summary: 'List stored credentials, oldest first',
    description:
      'Their owners, when they were stored, and when they were last used. Never shows the credentials.',
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
    summary: 'Store an API key, or a client secret at a service',
    description:
      'Replaces an earlier one. `brokered` of the resource app determines which of the two it is. Users connect accounts themselves.',
    roles: ALLOWED.changeRules,
    body: z
      .strictObject({
        resourceApp: zId.describe('Id of the brokered resource app.'),
        user: zId.optional().describe('Id of the user of the key, if each user has one.'),
        secret: z
          .string()
          .regex(/^[\x20-\x7e]{1,8192}$/, '1 to 8192 printable ASCII characters')
          .describe('Encrypted immediately and never shown again.'),
        reason: zReason,
      })
      .meta({ id: 'NewStoredCredential' }),
    replies: { 201: { description: 'Stored.', body: zStoredCredentialView } },
    problems: [409],
  },
  'stored-credentials.revoke': {
    method: 'DELETE',
    path: '/stored-credentials/{id}',
    summary: 'Revoke a stored credential: it is no longer used for requests',
    description: 'A service with a revocation endpoint is notified in the background, for up to a day.',
    roles: ALLOWED.stop,
    params: zIdParam,
    reasonHeader: true,
    replies: { 204: { description: 'Revoked.' } },
    problems: [404],
  },
})
