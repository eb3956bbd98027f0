// The live access tokens within a reach, at the authorization servers here.
import type { TokenSelector } from '@crosswalk/resource-as'

import { definitionsOf, type World } from '../definitions/records.ts'
import type { Reach } from '../definitions/revocations.ts'
import { buildTokenSelectors } from '../definitions/revoke-held.ts'

export function selectReached(world: World, reach: readonly Reach[]): readonly TokenSelector[] {
  const servers = definitionsOf(world['authorization-servers'])
  return reach.flatMap((one) =>
    servers.filter(({ issuer }) => issuer === one.audience).flatMap(({ id }) => buildTokenSelectors(id, one)),
  )
}
