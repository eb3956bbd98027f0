// Records that a user passed the second factor in an interaction and stays to change their factors. Stored next to the
// interaction, for at most its lifetime.
import type { EpochSeconds } from '@crosswalk/protocol'

import type { SignInPorts } from '../contract.ts'
import { INTERACTION_TTL_SECONDS } from '../lifetimes.ts'
import type { Strength } from './second-factor.ts'

export interface PassedFactor extends Strength {
  readonly userId: string
  readonly at: EpochSeconds
}

const MODEL = 'FactorPassed'

type Store = Pick<SignInPorts, 'store'>

export async function storePassedFactor(
  { store }: Store,
  interactionId: string,
  passed: PassedFactor,
): Promise<void> {
  await store.upsert(MODEL, interactionId, { ...passed }, INTERACTION_TTL_SECONDS)
}

/** @returns undefined unless this user passed */
export async function findPassedFactor(
  { store }: Store,
  interactionId: string,
  userId: string,
): Promise<PassedFactor | undefined> {
  const kept = await store.find(MODEL, interactionId)
  return kept?.['userId'] === userId ? (kept as unknown as PassedFactor) : undefined
}

export async function deletePassedFactor({ store }: Store, interactionId: string): Promise<void> {
  await store.destroy(MODEL, interactionId)
}
