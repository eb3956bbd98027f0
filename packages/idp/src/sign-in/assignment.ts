// Who may sign in to an app, as both are now: by the predicates of the token exchange. The refusal page is drawn elsewhere.
import { mayUse } from '@crosswalk/policy'
import type { AppDefinition } from '@crosswalk/protocol'

import type { User } from '../ports.ts'
import type { SignInPorts } from './contract.ts'

/** Both must be active, the user assigned, and neither blocked. */
export function maySignInTo(
  user: User,
  app: AppDefinition,
  { isBlocked }: Pick<SignInPorts, 'isBlocked'>,
): boolean {
  return mayUse(user, app) && !isBlocked(user.id, app.id)
}
