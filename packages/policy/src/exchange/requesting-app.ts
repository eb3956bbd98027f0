// The app behind the authenticated client: as registered or, if it is not registered, as its document describes it.
import type { AppDefinition } from '@crosswalk/protocol'

import type { ExchangeFacts } from '../exchange-facts.ts'
import type { ExchangeSnapshot } from '../exchange-snapshot.ts'

export function findRequestingApp(
  { client: { clientId }, describedApp }: Pick<ExchangeFacts, 'client' | 'describedApp'>,
  { apps }: Pick<ExchangeSnapshot, 'apps'>,
): AppDefinition | undefined {
  if (clientId === undefined) return undefined
  return apps.get(clientId) ?? (describedApp?.id === clientId ? describedApp : undefined)
}
