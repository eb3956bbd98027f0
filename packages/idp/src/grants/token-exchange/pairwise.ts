// How a user is called towards one authorization server alone: always the same there, and nowhere else.
import type { Sealing } from '@crosswalk/as-core'

export type Pairwise = (audience: string, userId: string) => string

export function createPairwise(sealing: Pick<Sealing, 'keyedDigest'>): Pairwise {
  return (audience, userId) => sealing.keyedDigest('pairwise-subject', JSON.stringify([audience, userId]))
}
