// Which users may currently sign in to an app, by the rules of the token exchange. Other code renders the refusal page.
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
