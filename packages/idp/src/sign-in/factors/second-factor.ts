// The second factor of a sign-in: verifying codes and passkeys, and enrolling them. `acr-request.ts` decides whether
// one is needed.
import { accept, ACR, AMR, refuse, type Result } from '@crosswalk/protocol'

import type { Passkey, User } from '../../ports.ts'
import { buildLoggedSignIn, recordSignIn } from '../audit.ts'
import type { SignInRefusal } from '../authenticate.ts'
import type { SignInPorts } from '../contract.ts'
import { type EnrolledFactors, listFactors } from './enrolled-factors.ts'
import type { GuessLimits } from '../guess-limits.ts'
import { createPasskeys, nameCredentialType, type Passkeys, type PasskeySite } from './passkeys.ts'
import { createTotpFactors, type TotpFactors } from './totp-factor.ts'

/** The strength of a sign-in, for apps and the audit log. */
export interface Strength {
  readonly acr: string
  readonly amr: readonly string[]
}

export interface FactorVisit {
  readonly interactionId: string
  readonly user: User
  /** The app the user is signing in to */
  readonly clientId: string
  /** Address of the request; undefined if unknown */
  readonly ip: string | undefined
}

type Verdict = Result<Strength, SignInRefusal>

export interface SecondFactor {
  list(userId: string): Promise<EnrolledFactors>
  readonly passkeys: Pick<Passkeys, 'ask' | 'askForNew'>
  /** Consumes the code; a failure is recorded when the promise resolves. */
  verifyCode(visit: FactorVisit, code: string): Promise<Verdict>
  /** Consumes the browser's answer; a failure is recorded when the promise resolves. */
  verifyPasskey(visit: FactorVisit, response: string): Promise<Verdict>
  /** @returns the secret to confirm in this interaction, the same each time */
  beginTotp: TotpFactors['begin']
  /** Enrols the secret begun in this interaction, if the code matches it and the user still has none. */
  confirmTotp(visit: FactorVisit, code: string): Promise<Verdict>
  addPasskey(
    visit: FactorVisit,
    answer: { readonly response: string; readonly name: string },
  ): Promise<Verdict>
  /** Removes a passkey of the user, unless it is their only factor. @returns whether it was removed */
  removePasskey(visit: FactorVisit, id: string): Promise<boolean>
  /** Records a sign-in with what was verified or added. */
  recordSuccess(visit: FactorVisit, authentication: Strength): Promise<void>
}

export function createSecondFactor(ports: SignInPorts, limits: GuessLimits, site: PasskeySite): SecondFactor {
  const totp = createTotpFactors(ports)
  const passkeys = createPasskeys(ports, site)

  /** Counts the attempt before checking it, like a password, under its own key. */
  async function judge(
    { user, clientId, ip }: FactorVisit,
    verify: () => Promise<Result<Strength, string>>,
  ): Promise<Verdict> {
    const guess = await limits.guessFactor(user.id, ports.clock.nowMs())
    const delayed = guess.waitSeconds > 0
    const verified = delayed ? refuse('too-many-attempts') : await verify()
    if (verified.accepted) {
      await guess.succeed()
      return verified
    }
    await guess.fail()
    const reason = verified.refusal
    if (!delayed || guess.firstRefusal)
      await recordSignIn(ports, { type: 'signin.factor_failed', userId: user.id, clientId, reason, ip })
    return refuse(
      delayed ? { reason: 'delayed', retryAfterSeconds: guess.waitSeconds } : { reason: 'refused' },
    )
  }

  const buildChange = (
    { user, clientId, ip }: FactorVisit,
    type: 'signin.factor_enrolled' | 'signin.factor_removed',
    credentialType: string,
  ) => buildLoggedSignIn(ports, { type, userId: user.id, clientId, credentialType, ip })

  return {
    list: (userId) => listFactors(ports.secondFactors, userId),
    passkeys,
    beginTotp: totp.begin,
    verifyCode: (visit, code) =>
      judge(visit, async () => ofCode(await totp.findFault({ userId: visit.user.id, code }))),
    verifyPasskey: (visit, response) =>
      judge(visit, async () => ofPasskey(await passkeys.verify({ ...visit, response }))),
    confirmTotp(visit, code) {
      const { interactionId, user } = visit
      const event = buildChange(visit, 'signin.factor_enrolled', 'app')
      return judge(visit, async () =>
        ofCode(await totp.confirm(interactionId, { userId: user.id, code, event })),
      )
    },
    addPasskey(visit, answer) {
      const describe = (passkey: Passkey) =>
        buildChange(visit, 'signin.factor_enrolled', nameCredentialType(passkey))
      return judge(visit, async () => ofPasskey(await passkeys.enrol({ ...visit, ...answer, describe })))
    },
    async removePasskey(visit, id) {
      const passkeys = await ports.secondFactors.listPasskeys(visit.user.id)
      const passkey = passkeys.find((it) => it.id === id)
      if (passkey === undefined) return false
      const event = buildChange(visit, 'signin.factor_removed', nameCredentialType(passkey))
      return ports.secondFactors.removePasskey(visit.user.id, id, event)
    },
    recordSuccess: ({ user, clientId, ip }, authentication) =>
      recordSignIn(ports, { type: 'signin.succeeded', userId: user.id, clientId, authentication, ip }),
  }
}

/** @returns what an accepted code adds to the sign-in */
function ofCode(fault: string | undefined): Result<Strength, string> {
  return fault === undefined ? accept({ acr: ACR.multiFactor, amr: [AMR.oneTimeCode] }) : refuse(fault)
}

/** @returns what an accepted passkey adds: a synced one counts as a software key, whatever created it (RFC 8176 section 2) */
function ofPasskey(verified: Result<Passkey, string>): Result<Strength, string> {
  if (!verified.accepted) return verified
  const { synced } = verified.value
  return accept({ acr: ACR.multiFactor, amr: [synced ? AMR.softwareKey : AMR.hardwareKey] })
}
