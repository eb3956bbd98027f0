// Operational acts: stopping and resuming what is defined elsewhere, in the file or in the database.
import { zBoolean } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED, type Role } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zHeld, zIdParam, zReason } from '../schemas/common.ts'

const zAct = z.strictObject({ reason: zReason.optional() }).meta({ id: 'Act' })

const zSuspension = z
  .strictObject({
    reason: zReason.optional(),
    revokeTokens: zBoolean
      .default(false)
      .describe(
        'true: ID-JAGs and access tokens issued before are revoked too, and the resource is told so. false: they work until they expire.',
      ),
  })
  .meta({ id: 'Suspension' })

export const zActOutcome = z
  .object({
    id: z.string(),
    held: zHeld.nullable().describe('The act in force now; null: none.'),
    effectiveAt: z
      .string()
      .describe('RFC 3339: no exchange that begins later succeeds, or fails, against it.'),
    revokedTokens: z.int().describe('Live access tokens revoked where they were issued here.'),
    endedSessions: z.boolean().describe('Whether the sessions of the user were ended.'),
  })
  .meta({ id: 'ActOutcome' })
export type ActOutcome = z.output<typeof zActOutcome>

function act<const P extends string>(path: P, summary: string, roles: readonly Role[]) {
  return {
    method: 'POST',
    path,
    summary,
    roles,
    params: zIdParam,
    body: zAct,
    bodyOptional: true,
    replies: { 200: { description: 'What came of it.', body: zActOutcome } },
    problems: [404, 409],
  } as const
}

export const actRoutes = {
  ...defineRoutes('connections', {
    'connections.suspend': {
      ...act(
        '/connections/{id}/suspend',
        'Deny every exchange over one connection until it is resumed; tokens issued before live on unless they are revoked too',
        ALLOWED.stopConnection,
      ),
      body: zSuspension,
    },
    'connections.resume': act(
      '/connections/{id}/resume',
      'Lift suspension or revocation of one connection; a revocation takes an owner or administrator',
      ALLOWED.resumeConnection,
    ),
    'connections.revoke': act(
      '/connections/{id}/revoke',
      'Deny every exchange over one connection, and revoke the tokens issued over it',
      ALLOWED.stop,
    ),
  }),
  ...defineRoutes('users', {
    'users.suspend': act(
      '/users/{id}/suspend',
      'Shut one user out: no sign-in, no exchange; sessions end and live access tokens are revoked',
      ALLOWED.stop,
    ),
    'users.resume': act('/users/{id}/resume', 'Let one user in again', ALLOWED.resume),
  }),
  ...defineRoutes('apps', {
    'apps.suspend': act(
      '/apps/{id}/suspend',
      'Refuse one app everything; live access tokens born of its connections are revoked',
      ALLOWED.stop,
    ),
    'apps.resume': act('/apps/{id}/resume', 'Serve one app again', ALLOWED.resume),
  }),
}
