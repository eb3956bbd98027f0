// Ends the sessions and live access tokens of a user who was deactivated or removed, or got a new password.
import type { UserRecord } from '../definitions/records.ts'
import type { AdminContext } from '../http/context.ts'
import { type ObservedChange, replacesPassword } from '../security-events/signals-of-change.ts'
import type { RevokerPart } from './access-revoker.ts'
import { forgetUser, type ForgetUserParts } from './forget-user.ts'
import { revokeAndRecord } from './revoke-and-record.ts'

/** Does nothing after another change of a user. A removed user also loses what is stored outside the definition. */
export async function endUserAccess(
  parts: ForgetUserParts & RevokerPart,
  context: AdminContext,
  {
    before: user,
    after,
    password,
  }: Pick<ObservedChange<'users'>, 'after' | 'password'> & { readonly before: UserRecord },
): Promise<void> {
  if (after === undefined) await forgetUser(parts, context, user.id)
  const stays = after?.active === true
  // An attacker who knew the old password may hold a session (RT-07).
  if (stays && (!user.active || !replacesPassword(user, password))) return
  await parts.revoker.endSessions(user.id, after === undefined ? user : undefined)
  // Repeated for a user who was inactive before: the first attempt may have failed before this step.
  const about = {
    target: { kind: 'user', id: user.id },
    endedSessions: true,
    onlyIfAny: !user.active,
  }
  await revokeAndRecord(parts, context, about, () => parts.revoker.revokeUser(user))
  // An exchange that began before could issue an ID-JAG until then.
  if (stays) await parts.revoker.endSessions(user.id)
}
