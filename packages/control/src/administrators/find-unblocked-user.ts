// The user behind a console session or an admin API token. A block ends both at once, or its target could lift it.
import type { User } from '@crosswalk/idp'
import { findSignInBlock } from '@crosswalk/policy'

import type { Parts } from '../parts.ts'

/** @returns undefined if the user does not exist or may not sign in because of a block; suspended users are inactive */
export async function findUnblockedUser(
  { directory, clock }: Parts<'directory' | 'clock'>,
  id: string,
): Promise<User | undefined> {
  const { world, users } = directory.current()
  const question = { now: clock.nowMs() / 1000, userId: id, appId: undefined }
  const isBlocked = findSignInBlock([...world.blocks.values()], question) !== undefined
  return isBlocked ? undefined : users.findById(id)
}
