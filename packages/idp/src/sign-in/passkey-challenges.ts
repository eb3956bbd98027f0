// Challenges for passkeys: each for one user, at one page, for one purpose, answered once.
import { accept, refuse, type Result } from '@crosswalk/protocol'

import type { SignInPorts } from './contract.ts'
import { INTERACTION_TTL_SECONDS } from './lifetimes.ts'

export interface PasskeyPurpose {
  /** An answer of a passkey that is there, or a new passkey */
  readonly kind: 'ask' | 'new'
  readonly interactionId: string
  readonly userId: string
}

type IsExpected = (challenge: string) => Promise<boolean>

export interface PasskeyChallenges {
  keep(challenge: string, purpose: PasskeyPurpose): Promise<void>
  /**
   * Runs a verification that throws where the answer is not right; the challenge is used up when it is looked for.
   * @returns what it found, or why the answer does not count
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
        // The library throws for every refusal: a fault of the store, thrown here again, must not look like one.
        if (state.used !== undefined && !(await state.used)) return refuse('wrong-challenge')
        return refuse(/counter/i.test(String(error)) ? 'counter-went-back' : 'wrong-passkey')
      }
    },
  }
}
