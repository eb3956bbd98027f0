// How a person is called towards one authorization server alone, as the exchange does it.
import type { Sealing } from '@crosswalk/authorization-server'

import type { ReachParts } from './withdrawals.ts'

export function createPairwise(sealing: Pick<Sealing, 'keyedDigest'>): ReachParts['pairwise'] {
  return (audience, userId) => sealing.keyedDigest('pairwise-subject', JSON.stringify([audience, userId]))
}
