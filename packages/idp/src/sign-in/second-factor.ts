// The second step of a sign-in: whether a code is the person's, and how they get the factor that makes codes.
// Whether a second step is needed is decided elsewhere (`acr-request.ts`).
import { accept, ACR, AMR, refuse, type Result } from '@crosswalk/protocol'
import type { Sealing } from '@crosswalk/authorization-server'

import type { User } from '../ports.ts'
import type { Attempts } from './attempts.ts'
import { recordSignIn } from './audit.ts'
import type { SignInRefusal } from './authenticate.ts'
import type { SignInPorts } from './contract.ts'
import { INTERACTION_TTL_SECONDS } from './lifetimes.ts'
import { createTotpSecret, findTotpStep } from './totp.ts'

/** How a sign-in with password and code is told to apps and to the audit log. */
export const WITH_CODE = { acr: ACR.multiFactor, amr: [AMR.password, AMR.oneTimeCode] }

export interface CodeQuestion {
  readonly user: User
  /** As typed */
  readonly code: string
  /** The app the person is on the way to */
  readonly clientId: string
}

export interface SecondFactor {
  isEnrolled(userId: string): Promise<boolean>
  /** Uses the code up; the event is durable when the promise resolves. */
  verifyCode(question: CodeQuestion): Promise<Result<undefined, SignInRefusal>>
  /** @returns the secret to be confirmed in this interaction, the same each time it is asked for */
  beginEnrolment(interactionId: string, userId: string): Promise<string>
  /** Gives the person the secret begun in this interaction if the code is of it and they have none meanwhile. */
  confirmEnrolment(interactionId: string, question: CodeQuestion): Promise<Result<undefined, SignInRefusal>>
}

export function createSecondFactor(ports: SignInPorts, attempts: Attempts): SecondFactor {
  const pending = createPendingSecrets(ports)
  const findFactor = (userId: string) => ports.secondFactors.findTotp(userId)

  async function findFault({ user, code }: CodeQuestion): Promise<string | undefined> {
    const factor = await findFactor(user.id)
    if (factor === undefined) return 'no-factor'
    const secret = openTotpSecret(ports.sealing, user.id, factor.sealedSecret)
    const step = findTotpStep(secret, normalize(code), ports.clock.nowMs())
    if (step === undefined) return 'wrong-code'
    const { sealedSecret } = factor
    return (await ports.secondFactors.useTotpStep(user.id, { sealedSecret, step })) ? undefined : 'used-code'
  }

  async function enrol(interactionId: string, { user, code }: CodeQuestion): Promise<string | undefined> {
    const secret = await pending.find(interactionId, user.id)
    const now = ports.clock.nowMs()
    const step = secret === undefined ? undefined : findTotpStep(secret, normalize(code), now)
    if (secret === undefined || step === undefined) return 'wrong-code'
    const sealedSecret = sealTotpSecret(ports.sealing, user.id, secret)
    const added = await ports.secondFactors.enrolTotp(user.id, { sealedSecret, step, at: now })
    await pending.forget(interactionId)
    return added ? undefined : 'enrolled-meanwhile'
  }

  /** Counted before the code is looked at, like a password, and under a key of its own. */
  async function judge(
    { user, clientId }: CodeQuestion,
    findFault: () => Promise<string | undefined>,
  ): Promise<Result<undefined, SignInRefusal>> {
    const key = `factor:${user.id}`
    const retryAfterSeconds = attempts.start(key, ports.clock.nowMs())
    const reason = retryAfterSeconds > 0 ? 'too-many-attempts' : await findFault()
    if (reason !== undefined) {
      await recordSignIn(ports, { type: 'signin.factor_failed', userId: user.id, clientId, reason })
      return refuse(retryAfterSeconds > 0 ? { reason: 'delayed', retryAfterSeconds } : { reason: 'refused' })
    }
    attempts.succeed(key)
    return accept(undefined)
  }

  const succeed = ({ user, clientId }: CodeQuestion) =>
    recordSignIn(ports, { type: 'signin.succeeded', userId: user.id, clientId, authentication: WITH_CODE })

  return {
    isEnrolled: async (userId) => (await findFactor(userId)) !== undefined,
    async verifyCode(question) {
      const outcome = await judge(question, () => findFault(question))
      if (outcome.accepted) await succeed(question)
      return outcome
    },
    beginEnrolment: (interactionId, userId) => pending.findOrCreate(interactionId, userId),
    async confirmEnrolment(interactionId, question) {
      const outcome = await judge(question, () => enrol(interactionId, question))
      if (!outcome.accepted) return outcome
      const { user, clientId } = question
      await recordSignIn(ports, { type: 'signin.factor_enrolled', userId: user.id, clientId })
      await succeed(question)
      return outcome
    },
  }
}

/** Apps show codes in groups, and people type what they see. */
function normalize(code: string): string {
  return code.replaceAll(/[\s-]/g, '')
}

const SEALED = 'totp-secret'

/** @returns the secret as it is kept, readable for this person only */
export function sealTotpSecret(sealing: Pick<Sealing, 'seal'>, userId: string, secret: string): string {
  return sealing.seal(SEALED, userId, secret)
}

function openTotpSecret(sealing: Pick<Sealing, 'open'>, userId: string, sealed: string): string {
  return sealing.open(SEALED, userId, sealed)
}

const MODEL = 'FactorEnrolment'

/** Secrets shown, but not confirmed yet: kept as long as the page that shows them is good. */
function createPendingSecrets({ store, sealing }: SignInPorts) {
  async function find(interactionId: string, userId: string): Promise<string | undefined> {
    const kept = await store.find(MODEL, interactionId)
    if (kept === undefined || kept['userId'] !== userId) return undefined
    return openTotpSecret(sealing, userId, String(kept['sealedSecret']))
  }
  return {
    find,
    async findOrCreate(interactionId: string, userId: string): Promise<string> {
      const known = await find(interactionId, userId)
      if (known !== undefined) return known
      const secret = createTotpSecret()
      const sealedSecret = sealTotpSecret(sealing, userId, secret)
      await store.upsert(MODEL, interactionId, { userId, sealedSecret }, INTERACTION_TTL_SECONDS)
      return secret
    },
    forget: (interactionId: string) => store.destroy(MODEL, interactionId),
  }
}
