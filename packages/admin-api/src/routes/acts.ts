// Operational acts: suspending, resuming and revoking objects that the file or the database defines.
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
        'true: ID-JAGs and access tokens issued before are revoked too, and the resource is notified. false: they stay valid until they expire.',
      ),
  })
  .meta({ id: 'Suspension' })

const zActOutcome = z
  .object({
    id: z.string(),
    held: zHeld.nullable().describe('The current act; null: none.'),
    effectiveAt: z.string().describe('RFC 3339; exchanges that begin later see the act.'),
    revokedTokens: z.int().describe('Number of active access tokens issued here that were revoked.'),
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
    replies: { 200: { description: 'The result.', body: zActOutcome } },
    problems: [404, 409],
  } as const
}

export const actRoutes = {
  ...defineRoutes('connections', {
    'connections.suspend': {
      ...act(
        '/connections/{id}/suspend',
        'Deny every exchange over one connection until it is resumed; tokens issued before stay valid unless they are revoked too',
        ALLOWED.stopConnection,
      ),
      body: zSuspension,
    },
    'connections.resume': act(
      '/connections/{id}/resume',
      'Lift the suspension or revocation of one connection; lifting a revocation requires an owner or administrator',
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
      'Suspend one user: no sign-in, no exchange; sessions end and active access tokens are revoked',
      ALLOWED.stop,
    ),
    'users.resume': act('/users/{id}/resume', 'Lift the suspension of one user', ALLOWED.resume),
  }),
  ...defineRoutes('apps', {
    'apps.suspend': act(
      '/apps/{id}/suspend',
      'Suspend one app: every request is denied; active access tokens issued over its connections are revoked',
      ALLOWED.stop,
    ),
    'apps.resume': act('/apps/{id}/resume', 'Lift the suspension of one app', ALLOWED.resume),
  }),
}
