// Challenges for passkeys: each for one user, one page and one purpose, and answered once.
import { accept, refuse, type Result } from '@crosswalk/protocol'

import type { SignInPorts } from '../contract.ts'
import { INTERACTION_TTL_SECONDS } from '../lifetimes.ts'

export interface PasskeyPurpose {
  /** Using an existing passkey, or creating a new one */
  readonly kind: 'ask' | 'new'
  readonly interactionId: string
  readonly userId: string
}

type IsExpected = (challenge: string) => Promise<boolean>

export interface PasskeyChallenges {
  keep(challenge: string, purpose: PasskeyPurpose): Promise<void>
  /**
   * Runs a verification that throws for a wrong answer; looking up the challenge consumes it.
   * @returns the result, or why the answer is refused
   */
  judge<T>(
    purpose: PasskeyPurpose,
    verify: (isExpected: IsExpected) => Promise<T>,
  ): Promise<Result<T, string>>
}

const MODEL = 'PasskeyChallenge'

export function createPasskeyChallenges({ store, clock }: SignInPorts): PasskeyChallenges {
  async function use(challenge: string, { kind, interactionId, userId }: PasskeyPurpose): Promise<boolean> {
    if (!/^[\w-]{16,128}$/.test(challenge)) return false
    const kept = await store.find(MODEL, challenge)
    const fits =
      kept?.['kind'] === kind && kept['interactionId'] === interactionId && kept['userId'] === userId
    return fits && store.consume(MODEL, challenge, Math.floor(clock.nowMs() / 1000))
  }
  return {
    keep: (challenge, purpose) => store.upsert(MODEL, challenge, { ...purpose }, INTERACTION_TTL_SECONDS),
    async judge(purpose, verify) {
      const state: { used?: Promise<boolean> } = {}
      try {
        return accept(await verify((challenge) => (state.used = use(challenge, purpose))))
      } catch (error) {
        // The library throws for every refusal; a fault of the store, rethrown here, must not look like one.
        if (state.used !== undefined && !(await state.used)) return refuse('wrong-challenge')
        return refuse(/counter/i.test(String(error)) ? 'counter-went-back' : 'wrong-passkey')
      }
    },
  }
}
