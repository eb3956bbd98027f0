// Whether an active user is responsible for an app.
import type { AppDefinition } from '@crosswalk/protocol'

import type { ExchangeSnapshot } from './exchange-snapshot.ts'

/** @returns undefined if it is not known which users are active */
export function hasActiveOwner(
  { owners }: Pick<AppDefinition, 'owners'>,
  { activeOwners }: Pick<ExchangeSnapshot, 'activeOwners'>,
): boolean | undefined {
  return activeOwners && owners.some((id) => activeOwners.has(id))
}
