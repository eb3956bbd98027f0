// The name of a user at one authorization server: always the same there, and different elsewhere.
import type { Sealing } from '@crosswalk/as-core'

export type Pairwise = (audience: string, userId: string) => string

export function createPairwise(sealing: Pick<Sealing, 'keyedDigest'>): Pairwise {
  return (audience, userId) => sealing.keyedDigest('pairwise-subject', JSON.stringify([audience, userId]))
}
