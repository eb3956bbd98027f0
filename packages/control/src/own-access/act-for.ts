import type { OwnSource } from '@crosswalk/idp'

import type { AdminContext } from '../http/context.ts'

/** In the user's own name. The role is the one that may change nothing: who may do what is decided by each act. */
export function actFor(userId: string, { headers, ip }: OwnSource, reason?: string): AdminContext {
  return { caller: { id: userId, role: 'auditor', self: true }, reason, ifMatch: undefined, headers, ip }
}
