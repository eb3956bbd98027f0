// Stores proofs in the database, so that any process can continue one: the visible state for an hour; and the run,
// which is sealed, used once, and kept only until the user has signed in.
import type { Proof } from '@crosswalk/admin-api'
import { type Clock, digest, randomToken, type Sealing } from '@crosswalk/as-core'
import type { SignInStore } from '@crosswalk/idp'

import type { Caller } from '../../http/context.ts'
import type { UsableCredential } from './credential.ts'

/** Time limit for the sign-in. */
export const RUN_SECONDS = 300
const SHOWN_SECONDS = 3600

const PROOF = 'ConnectionProof'
const RUN = 'ConnectionProofRun'
const LABEL = 'connection-proof'

/** The state between leaving for the sign-in page and coming back. */
export interface ProofRun {
  readonly proof: string
  readonly connection: string
  readonly app: string
  /** The app's client id at the authorization server of the resource */
  readonly clientIdThere: string
  /** The authorization server of the resource */
  readonly audience: string
  readonly resource: string
  readonly scope: readonly string[]
  readonly dpop: boolean
  readonly call: boolean
  readonly credential: UsableCredential
  readonly atResource?: UsableCredential | undefined
  readonly caller: Caller
  readonly nonce: string
  readonly codeVerifier: string
  readonly steppedUp: boolean
}

export interface ProofStore {
  /** @returns the state of the authorization request */
  saveRun(run: ProofRun): Promise<string>
  findRun(state: string): Promise<ProofRun | undefined>
  /** Consumes and deletes a run. @returns true for the first call only */
  consumeRun(state: string): Promise<boolean>
  save(proof: Proof): Promise<void>
  find(id: string): Promise<Proof | undefined>
}

export interface ProofStoreParts {
  readonly store: SignInStore
  readonly sealing: Sealing
  readonly clock: Clock
}

export function createProofStore({ store, sealing, clock }: ProofStoreParts): ProofStore {
  return {
    async saveRun(run) {
      const state = randomToken()
      const sealed = sealing.seal(LABEL, digest(state), JSON.stringify(run))
      await store.upsert(RUN, digest(state), { sealed }, RUN_SECONDS)
      return state
    },
    async findRun(state) {
      const kept = await store.find(RUN, digest(state))
      if (kept === undefined || kept['consumed'] !== undefined) return undefined
      return JSON.parse(sealing.open(LABEL, digest(state), String(kept['sealed']))) as ProofRun
    },
    async consumeRun(state) {
      const taken = await store.consume(RUN, digest(state), Math.floor(clock.nowMs() / 1000))
      if (taken) await store.destroy(RUN, digest(state))
      return taken
    },
    save: (proof) => store.upsert(PROOF, proof.id, { proof }, SHOWN_SECONDS),
    async find(id) {
      const proof = (await store.find(PROOF, id))?.['proof'] as Proof | undefined
      return proof === undefined ? undefined : judgeTime(proof, clock.nowMs())
    },
  }
}

/** A process that died during a run leaves its proof open, so it expires here. */
function judgeTime(proof: Proof, nowMs: number): Proof {
  const isOpen = proof.state === 'waiting' || proof.state === 'running'
  return isOpen && nowMs >= Date.parse(proof.expiresAt) ? { ...proof, state: 'expired' } : proof
}
