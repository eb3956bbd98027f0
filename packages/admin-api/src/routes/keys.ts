// Signing keys: list, and rotate manually.
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zPage, zPageQuery, zReason } from '../schemas/common.ts'

const zKeyView = z
  .object({
    owner: z.string().describe('`idp`, or `as:` followed by the id of an authorization server.'),
    purpose: z.string().describe('What it signs: `id-token`, `id-jag`, `access-token`.'),
    kid: z.string(),
    algorithm: z.string(),
    state: z
      .enum(['next', 'current', 'retired'])
      .describe('`next` is published but does not sign yet, `retired` is published but no longer signs.'),
    provider: z
      .string()
      .describe(
        'Where the private key is stored: `database`, or the provider in the configuration, such as `pkcs11`.',
      ),
    uri: z.string().optional().describe('The private key at its provider.'),
    createdAt: z.string().describe('RFC 3339'),
    retireAt: z.string().optional().describe('RFC 3339: when it is no longer published.'),
  })
  .meta({ id: 'Key' })
export type KeyView = z.output<typeof zKeyView>

export const keyRoutes = defineRoutes('keys', {
  'keys.list': {
    method: 'GET',
    path: '/keys',
    summary: 'List the signing keys of every server running here',
    roles: ALLOWED.seeRules,
    query: zPageQuery,
    replies: { 200: { description: 'A page, with public data only.', body: zPage(zKeyView) } },
  },
  'keys.rotate': {
    method: 'POST',
    path: '/keys/{owner}/{purpose}/rotate',
    summary: 'Replace a signing key',
    description:
      'The next key is published immediately and signs after an hour. In an emergency it signs immediately, and older keys are removed, which invalidates everything they signed.',
    roles: ALLOWED.changeRules,
    params: z.object({ owner: z.string().min(1), purpose: z.string().min(1) }),
    body: z.strictObject({ emergency: z.boolean().default(false), reason: zReason }).meta({ id: 'Rotation' }),
    replies: {
      200: { description: 'The current keys of this purpose.', body: z.object({ items: z.array(zKeyView) }) },
    },
    problems: [404],
  },
})
