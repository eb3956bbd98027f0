// Approval of scopes of one connection that need it, valid only for their meaning at that time.
import { zScopeToken } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zIdParam, zReason } from '../schemas/common.ts'
import { zConnectionView } from '../collections/connections.ts'

const zScopes = z
  .strictObject({ scopes: z.array(zScopeToken).min(1).max(50), reason: zReason })
  .meta({ id: 'ScopeApprovalInput' })

const base = { method: 'POST', params: zIdParam, body: zScopes } as const

export const scopeApprovalRoutes = defineRoutes('connections', {
  'connections.approve-scopes': {
    ...base,
    path: '/connections/{id}/approve-scopes',
    summary: 'Approve scopes that need approval, for their current meaning, over any connection',
    description:
      '`If-Match` identifies the meaning that was seen. Administrators cannot approve their own access, or that of an app they own; only owners can approve what they defined themselves. Reviewers approve access requests instead.',
    roles: ALLOWED.changeConnections,
    conditional: 'change',
    replies: {
      200: { description: 'The connection; the approval is active.', body: zConnectionView },
    },
    problems: [404],
  },
  'connections.revoke-approvals': {
    ...base,
    path: '/connections/{id}/revoke-approvals',
    summary: 'Revoke approvals of scopes; active tokens stay valid until they expire',
    roles: ALLOWED.changeConnections,
    etag: true,
    replies: {
      200: { description: 'The connection; the scopes need approval again.', body: zConnectionView },
    },
    problems: [404, 409],
  },
})
