// What a change of a person takes back: whoever is deactivated or removed loses sessions and live access tokens.
import type { Collection } from '@crosswalk/admin-api'

import type { DefinitionOf, UserRecord } from '../../directory/records.ts'
import { withdrawTokens } from '../record-withdrawal.ts'
import type { Target } from './target.ts'

export async function withdrawAfterChange<C extends Collection>(
  { parts, context, collection }: Target<C>,
  {
    before,
    after,
  }: { readonly before: DefinitionOf<C> | undefined; readonly after: DefinitionOf<C> | undefined },
): Promise<void> {
  if (collection !== 'users' || before === undefined) return
  const user = before as UserRecord
  if (after === undefined) {
    await parts.storage.passwordHashes.remove(user.id)
    await parts.storage.secondFactors.remove(user.id)
    await parts.storage.upstreamLinks.remove(user.id)
  }
  if (!user.active || (after as UserRecord | undefined)?.active === true) return
  await parts.withdrawal.endSessions(user.id)
  const about = { target: { kind: 'user', id: user.id }, endedSessions: true }
  await withdrawTokens(parts, context, about, () => parts.withdrawal.withdrawUser(user))
}
