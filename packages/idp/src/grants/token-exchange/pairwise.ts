// Pairwise subject identifiers: the same user always has the same one at an authorization server, and others elsewhere.
import type { Sealing } from '@crosswalk/as-core'

export type Pairwise = (audience: string, userId: string) => string

export function createPairwise(sealing: Pick<Sealing, 'keyedDigest'>): Pairwise {
  return (audience, userId) => sealing.keyedDigest('pairwise-subject', JSON.stringify([audience, userId]))
}
