// The authenticator app of a user: verifying a code, and enrolling the secret. `second-factor.ts` counts attempts
// and records refusals.
import type { LoggedEvent, RingSealing, Sealing } from '@crosswalk/as-core'
import type { EpochSeconds } from '@crosswalk/protocol'

import type { SignInPorts } from '../contract.ts'
import { createTotpSecret, findTotpStep } from './totp.ts'

export interface TotpAnswer {
  readonly userId: string
  /** As typed */
  readonly code: string
}

export interface EnrolmentInteraction {
  readonly uid: string
  /** End of its lifetime */
  readonly exp: EpochSeconds
}

export interface TotpFactors {
  /** Consumes the code. @returns why it is refused; undefined if it is accepted */
  findFault(answer: TotpAnswer): Promise<string | undefined>
  /** @returns the secret to confirm in this interaction, the same each time */
  begin(interaction: EnrolmentInteraction, userId: string): Promise<string>
  /** Enrols the secret begun here, and stores `event` with it. @returns why not; undefined on success */
  confirm(
    interactionId: string,
    answer: TotpAnswer & { readonly event: LoggedEvent },
  ): Promise<string | undefined>
}

export function createTotpFactors(ports: SignInPorts): TotpFactors {
  const pending = createPendingSecrets(ports)
  const { secondFactors, sealing, clock } = ports
  return {
    async findFault({ userId, code }) {
      const factor = await secondFactors.findTotp(userId)
      if (factor === undefined) return 'no-factor'
      const secret = openTotpSecret(sealing, userId, factor.sealedSecret)
      const step = findTotpStep(secret, normalize(code), clock.nowMs())
      if (step === undefined) return 'wrong-code'
      const { sealedSecret } = factor
      return (await secondFactors.useTotpStep(userId, { sealedSecret, step })) ? undefined : 'used-code'
    },
    begin: (interaction, userId) => pending.findOrCreate(interaction, userId),
    async confirm(interactionId, { userId, code, event }) {
      const secret = await pending.find(interactionId, userId)
      const now = clock.nowMs()
      const step = secret === undefined ? undefined : findTotpStep(secret, normalize(code), now)
      if (secret === undefined || step === undefined) return 'wrong-code'
      const sealedSecret = sealTotpSecret(sealing, userId, secret)
      const added = await secondFactors.enrolTotp(userId, { sealedSecret, step, at: now }, event)
      await pending.forget(interactionId, userId)
      return added ? undefined : 'enrolled-meanwhile'
    },
  }
}

/** Apps show codes in groups, and users type what they see. */
function normalize(code: string): string {
  return code.replaceAll(/[\s-]/g, '')
}

const SEALED = 'totp-secret'

/** @returns the secret in stored form, readable only for this user */
export function sealTotpSecret(sealing: Pick<Sealing, 'seal'>, userId: string, secret: string): string {
  return sealing.seal(SEALED, userId, secret)
}

/** @returns the same secret sealed under the current master key */
export function resealTotpSecret(
  sealing: Pick<RingSealing, 'reseal'>,
  userId: string,
  sealed: string,
): string {
  return sealing.reseal(SEALED, userId, sealed)
}

function openTotpSecret(sealing: Pick<Sealing, 'open'>, userId: string, sealed: string): string {
  return sealing.open(SEALED, userId, sealed)
}

const MODEL = 'FactorEnrolment'

/** Secrets shown but not yet confirmed; kept for the lifetime of the page that shows them. */
function createPendingSecrets({ store, sealing }: SignInPorts) {
  const nameOf = (interactionId: string, userId: string) => `${interactionId} ${userId}`
  async function find(interactionId: string, userId: string): Promise<string | undefined> {
    const kept = await store.find(MODEL, nameOf(interactionId, userId))
    return kept && openTotpSecret(sealing, userId, String(kept['sealedSecret']))
  }
  return {
    find,
    async findOrCreate({ uid, exp }: EnrolmentInteraction, userId: string): Promise<string> {
      const known = await find(uid, userId)
      if (known !== undefined) return known
      const secret = createTotpSecret()
      const sealedSecret = sealTotpSecret(sealing, userId, secret)
      // Of two tabs that open the page at the same time, both show the secret that was saved first.
      const isFirst = await store.saveLater(MODEL, nameOf(uid, userId), { sealedSecret }, exp)
      return (isFirst ? undefined : await find(uid, userId)) ?? secret
    },
    forget: (interactionId: string, userId: string) => store.destroy(MODEL, nameOf(interactionId, userId)),
  }
}
