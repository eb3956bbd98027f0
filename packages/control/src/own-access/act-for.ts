// Who acts when users change their own access.
import type { OwnSource } from '@crosswalk/idp'

import type { AdminContext } from '../http/context.ts'

/** A context in the user's own name, with the role that may change nothing: each act checks what it allows. */
export function actFor(userId: string, { headers, ip }: OwnSource, reason?: string): AdminContext {
  const userAgent = headers.get('user-agent') ?? undefined
  return { caller: { id: userId, role: 'auditor', self: true }, reason, ifMatch: undefined, ip, userAgent }
}
